import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidSet } from '../model/uid-set.ts'
import { HangUps } from './hang-ups.ts'

const ALL = UidSet.of([1, 2, 3, 4, 5])

/** Asks until it goes through; the server hangs up at the UIDs `bad`, `tries` tells what was asked of it. */
async function read(
  bad: ReadonlySet<number>,
  breaksOnce: ReadonlySet<number> = new Set(),
): Promise<{ readonly got: readonly number[]; readonly tries: readonly string[] }> {
  const hangUps = new HangUps()
  const tries: string[] = []
  const once = new Set(breaksOnce)
  for (;;) {
    const got: number[] = []
    const ask = async (uids: UidSet, onHeader: (uid: number, header: Buffer) => void): Promise<void> => {
      tries.push(uids.toString())
      for (const uid of uids) {
        if (bad.has(uid) || once.delete(uid)) throw new Error('hung up')
        onHeader(uid, Buffer.alloc(0))
      }
    }
    try {
      await hangUps.headers(
        'Work 1',
        ALL,
        ask,
        () => true,
        (uid) => void got.push(uid),
      )
      return { got: got.sort((a, b) => a - b), tries }
    } catch (error) {
      assert.ok(error instanceof Error && error.message === 'hung up' && tries.length < 20)
    }
  }
}

test('a message at which the server hangs up twice is left out, and all others are told', async () => {
  assert.deepEqual(await read(new Set([3])), { got: [1, 2, 4, 5], tries: ['1:5', '1:2,4:5', '3', '1:2,4:5'] })
  assert.deepEqual((await read(new Set([1, 4, 5]))).got, [2, 3])
})

test('a connection that breaks by itself costs a message nothing but its turn', async () => {
  const { got, tries } = await read(new Set(), new Set([3]))
  assert.deepEqual(
    [got, tries],
    [
      [1, 2, 3, 4, 5],
      ['1:5', '1:2,4:5', '3'],
    ],
  )
})

test('an error that leaves the connection standing makes nobody a suspect', async () => {
  const hangUps = new HangUps()
  const refuse = (): Promise<void> => Promise.reject(new Error('no'))
  await assert.rejects(
    hangUps.headers(
      'Work 1',
      ALL,
      refuse,
      () => false,
      () => {},
    ),
  )
  const asked: string[] = []
  await hangUps.headers(
    'Work 1',
    ALL,
    async (uids) => void asked.push(uids.toString()),
    () => false,
    () => {},
  )
  assert.deepEqual(asked, ['1:5'])
})
