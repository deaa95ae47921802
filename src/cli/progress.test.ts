import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Progress, Watch } from '../api/operations.ts'
import type { Stage } from './cli.fixture.ts'
import { ADDRESSES, copyResult, stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const at = (more: Partial<Progress>): Progress => ({
  mailbox: 'anna',
  phase: 'copy',
  folder: 'INBOX',
  done: 0,
  total: 1000,
  bytes: 0,
  totalBytes: 100_000_000,
  waitingUntilMs: null,
  note: null,
  ...more,
})

/** Runs a copy whose operation does nothing but report this. */
async function shown(
  tell: (watch: Watch, stage: Stage) => void,
  more: { tty?: boolean; columns?: number } = {},
  ...argv: string[]
): Promise<string> {
  const scene: Stage = stage(
    {
      copy: async (input) => {
        tell(input, scene)
        return copyResult([])
      },
    },
    more,
  )
  return (await scene.run('copy', ...ADDRESSES, ...argv)).err
}

test('on a terminal one line is redrawn with rate and time left, and is gone at the end', async () => {
  const err = await shown(
    (watch, scene) => {
      watch.onMailboxes(['anna'])
      watch.onProgress(at({}))
      scene.advance(10_000)
      watch.onProgress(at({ done: 400, bytes: 40_000_000 }))
    },
    { tty: true, columns: 100 },
  )
  assert.equal(err.split('\r').at(-2), '400 of 1,000 messages (40%), 4.0 MB/s, 15 s left, copy anna INBOX\u001b[K')
  assert.ok(!err.includes('\n'))
  assert.ok(err.endsWith('\r\u001b[K'))
})

test('the redrawn line stays below 80 columns and harmless, whatever the names', async () => {
  const err = await shown(
    (watch, scene) => {
      watch.onMailboxes(['a', 'b'])
      for (const name of ['\u001b[2J\u0007'.repeat(30), '下書き'.repeat(40), 'x\r\n'.repeat(50)]) {
        watch.onProgress(at({ mailbox: name, folder: name, note: name }))
        scene.advance(1000)
      }
    },
    { tty: true },
  )
  const lines = err.split('\r').map((line) => line.replaceAll('\u001b[K', ''))
  assert.equal(lines.length, 5)
  for (const line of lines) assert.ok(widthOf(line) <= 79 && !/[\u0000-\u001f]/.test(line), JSON.stringify(line))
})

test('many reports in one instant are drawn once', async () => {
  const err = await shown(
    (watch) => {
      for (let done = 0; done < 500; done++) watch.onProgress(at({ done }))
    },
    { tty: true },
  )
  assert.equal(err.split('of 1,000 messages').length - 1, 1)
})

test('without a terminal there is a plain line every ten seconds, one per finished mailbox and one per wait', async () => {
  const err = await shown((watch, scene) => {
    const now = (): number => scene.world.clock.now()
    watch.onMailboxes(['anna', 'ben'])
    for (let second = 0; second < 25; second++) {
      watch.onProgress(at({ done: second, bytes: second * 1_000_000 }))
      scene.advance(1000)
    }
    const until = now() + 30_000
    for (let again = 0; again < 3; again++) watch.onProgress(at({ done: 25, bytes: 25_000_000, waitingUntilMs: until }))
    watch.onProgress(at({ phase: 'done', done: 25, bytes: 25_000_000 }))
  })
  assert.deepEqual(err.trimEnd().split('\n'), [
    '0/2 mailboxes, 10 of 1,000 messages (1%), 1.0 MB/s, copy anna INBOX',
    '0/2 mailboxes, 20 of 1,000 messages (2%), 1.0 MB/s, copy anna INBOX',
    'anna: waiting 30 s, the server asked us to slow down',
    'anna: done',
  ])
})

test('without a terminal a note is said once, when it comes', async () => {
  const err = await shown((watch) => {
    watch.onMailboxes(['anna'])
    for (const note of [null, 'paused by limit', 'paused by limit', null, 'paused by limit']) watch.onProgress(at({ note }))
  })
  assert.deepEqual(err.trimEnd().split('\n'), ['anna: paused by limit', 'anna: paused by limit'])
})

test('a phase that counts from zero again does not turn the rate negative', async () => {
  const err = await shown(
    (watch, scene) => {
      watch.onMailboxes(['anna'])
      watch.onProgress(at({ done: 900, bytes: 90_000_000 }))
      scene.advance(2000)
      watch.onProgress(at({ phase: 'verify', done: 0, bytes: 0 }))
      scene.advance(2000)
      watch.onProgress(at({ phase: 'verify', done: 100, bytes: 10_000_000 }))
    },
    { tty: true },
  )
  assert.match(err.split('\r').at(-2) ?? '', /^100 of 1,000 messages \(10%\), 5\.0 MB\/s, 18 s left/)
})

test('--quiet shows no progress at all', async () => {
  const tell = (watch: Watch): void => watch.onProgress(at({ phase: 'done' }))
  assert.equal(await shown(tell, { tty: true }, '--quiet'), '')
})
