/** What every Source must do on every server. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseInternalDate } from '../../src/engine/dates.ts'
import { UidSet } from '../../src/model/uid-set.ts'
import type { SourceFolder, SourceSession } from '../../src/source/port.ts'
import { openDialogue } from '../servers/dialogue.ts'
import { ctx, type Bench, type BenchKind } from './bench.ts'
import { collected, difference, LETTERS, letter } from './letters.ts'

const DATE = '05-Mar-2026 07:08:09 +0100'
const BODY_SINK = { small: () => {}, large: () => Promise.resolve() }

export function sourceConformance(kind: BenchKind): void {
  describe(`the source on ${kind.name}`, { skip: kind.skip }, () => {
    let bench: Bench
    const letters = new Map([...LETTERS].map(([name, bytes]) => [name, kind.keeps(bytes)]))
    const own = kind.own ?? ((bytes: Buffer) => bytes)
    let untouched = ''
    before(async () => {
      bench = await kind.open()
      await fill(bench, kind)
      untouched = await viewOf(bench, kind.keepsRecent)
    })
    after(() => bench[Symbol.asyncDispose]())

    async function inbox(work: (folder: SourceFolder, session: SourceSession) => Promise<void>): Promise<void> {
      await using session = await bench.source.connect(ctx)
      await work(await session.open('INBOX'), session)
    }

    test('INBOX is listed once, and every folder by its decoded path, with a status', async () => {
      await using session = await bench.source.connect(ctx)
      const folders = await session.folders()
      assert.equal(folders.filter((folder) => folder.name.toUpperCase() === 'INBOX').length, 1)
      const deep = folders.find((folder) => folder.path.at(-1) === 'Größe & Maß')
      assert.equal(deep?.selectable, true)
      assert.equal(deep?.path.at(-2), 'Projekte')
      for (const folder of folders.filter((one) => one.selectable)) {
        assert.ok(folder.status !== null, folder.name)
        assert.equal((await session.open(folder.name)).status.messages, folder.status.messages, folder.name)
      }
    })

    test('rows, flags, UIDs and headers tell of the same messages', async () => {
      await inbox(async (folder) => {
        const rows = new Map<number, { readonly sizeBytes: number; readonly flags: readonly string[]; readonly internalDate: string }>()
        await folder.rows(1, 2 ** 32 - 1, (row) => void rows.set(row.uid, row))
        const uids = await folder.uids()
        assert.deepEqual(
          [...rows.keys()].sort((a, b) => a - b),
          [...uids],
        )
        assert.equal(uids.size, folder.status.messages)
        const flags = new Map<number, readonly string[]>()
        await folder.flags(1, uids.max, (uid, told) => void flags.set(uid, told))
        for (const [uid, row] of rows) assert.deepEqual(flags.get(uid), row.flags)
        const headers = new Map<number, Buffer>()
        await folder.headers(uids, (uid, header) => void headers.set(uid, own(header)))
        assert.deepEqual(
          [...headers.keys()].sort((a, b) => a - b),
          [...uids],
        )
        const expected = letters.values().toArray()
        const arrived = Date.parse(kind.forgetsZone === true ? '2026-03-05T07:08:09Z' : '2026-03-05T06:08:09Z')
        for (const [at, uid] of [...uids].entries()) {
          const whole = expected[at] ?? Buffer.alloc(0)
          assert.equal(difference(headers.get(uid), whole.subarray(0, whole.indexOf('\r\n\r\n') + 4)), '')
          if (kind.own === undefined) assert.equal(rows.get(uid)?.sizeBytes, whole.length)
          const date = kind.undated?.(uid) === true ? null : arrived
          assert.equal(parseInternalDate(rows.get(uid)?.internalDate ?? ''), date)
        }
        const windowed: number[] = []
        const middle = [...uids][3] ?? 0
        await folder.rows(middle, middle + 2, ({ uid }) => void windowed.push(uid))
        assert.deepEqual(
          windowed,
          [...uids].filter((uid) => uid >= middle && uid <= middle + 2),
        )
      })
    })

    for (const holdBytes of [0, 65_536, 10_000_000]) {
      test(`messages come byte for byte, held up to ${holdBytes} bytes, and a UID that is not there is told`, async () => {
        await inbox(async (folder) => {
          const uids = [...(await folder.uids())]
          const got = new Map<number, Buffer>()
          const left = await folder.bodies([...uids, 900_000], {
            holdBytes,
            small(uid, chunks, bytes) {
              assert.ok(bytes <= holdBytes)
              got.set(uid, own(Buffer.concat(chunks)))
            },
            async large(uid, stream, bytes) {
              assert.ok(bytes > holdBytes)
              const whole = await collected(stream)
              assert.equal(whole.length, bytes)
              got.set(uid, own(whole))
            },
          })
          assert.deepEqual(left, [900_000])
          for (const [at, [name, expected]] of [...letters].entries()) assert.equal(difference(got.get(uids[at] ?? 0), expected), '', name)
        })
      })
    }

    test('several fetches in flight each get their own messages', async () => {
      await inbox(async (folder) => {
        const uids = [...(await folder.uids())]
        const fetch = async (wanted: readonly number[]): Promise<readonly number[]> => {
          const got: number[] = []
          const large = async (uid: number, stream: AsyncIterable<Buffer>): Promise<void> => {
            await collected(stream)
            got.push(uid)
          }
          assert.deepEqual(await folder.bodies(wanted, { holdBytes: 100_000, small: (uid) => void got.push(uid), large }), [])
          return got.sort((a, b) => a - b)
        }
        const sets = [uids.slice(0, 3), uids.slice(3, 7), uids.slice(7), uids.slice(0, 1), uids]
        assert.deepEqual(await Promise.all(sets.map(fetch)), sets)
      })
    })

    test('a slow reader gets a large message whole, one that turns away does not hinder what follows', async () => {
      await inbox(async (folder) => {
        const uids = [...(await folder.uids())]
        const largest = uids.at(-1) ?? 0
        const parts: Buffer[] = []
        const slow = folder.bodies([largest], {
          ...BODY_SINK,
          holdBytes: 1000,
          async large(_uid, stream) {
            for await (const chunk of stream) {
              parts.push(chunk)
              await new Promise(setImmediate)
            }
          },
        })
        const turned = folder.bodies([largest], {
          ...BODY_SINK,
          holdBytes: 1000,
          async large(_uid, stream) {
            for await (const chunk of stream) if (chunk.length > 0) return
          },
        })
        await Promise.all([slow, turned])
        assert.equal(difference(own(Buffer.concat(parts)), letters.get('1 MB') ?? Buffer.alloc(0)), '')
        assert.equal((await folder.uids()).size, LETTERS.size)
      })
    })

    test('several folders in use at once each hand out their own messages; a wrong UIDVALIDITY is told', async () => {
      await using session = await bench.source.connect(ctx)
      const listed = (await session.folders()).filter((folder) => folder.selectable)
      const uidsOf = async (folder: SourceFolder): Promise<readonly number[]> => {
        const got: number[] = []
        const sink = { holdBytes: 2 ** 32, small: (uid: number) => void got.push(uid), large: () => Promise.resolve() }
        await Promise.all([folder.bodies([1, 2, 3], sink), folder.bodies([4, 5, 6, 7, 8, 9], sink)])
        return got.sort((a, b) => a - b)
      }
      const alone: (readonly number[])[] = []
      for (const { name } of listed) alone.push(await uidsOf(await session.open(name)))
      const known = listed.map(({ name, status }) => (status === null ? null : session.known(name, status)))
      const together = await Promise.all(known.map(async (folder, at) => (folder === null ? alone[at] : await uidsOf(folder))))
      assert.deepEqual(together, alone)
      const [first] = listed
      const other = first?.status ? session.known(first.name, { ...first.status, uidValidity: '1' }) : null
      if (other !== null) await assert.rejects(uidsOf(other), { code: 'folder-vanished' })
    })

    test('UIDVALIDITY and UIDNEXT are the same in every session and in the listing', async () => {
      const seen = new Set<string>()
      for (let round = 0; round < 3; round++) {
        await inbox(async ({ status }, session) => {
          const listed = (await session.folders()).find((folder) => folder.name.toUpperCase() === 'INBOX')?.status
          for (const { uidValidity, uidNext } of [status, listed ?? status]) if (uidNext > 0) seen.add(`${uidValidity} ${uidNext}`)
        })
      }
      assert.equal(seen.size, 1, [...seen].join(', '))
    })

    test('a folder that is not there is refused as one of the source, and the session goes on', async () => {
      await inbox(async (_folder, session) => {
        await assert.rejects(session.open('No-such-folder'), { name: 'Failure', side: 'source', code: /^folder-/ })
        assert.equal(session.alive, true)
        assert.equal((await session.open('INBOX')).status.messages, LETTERS.size)
      })
    })

    test('after all of this the source is as it was: flags, \\Recent, UIDs', async () => {
      await inbox((folder) => folder.headers(UidSet.of([1, 2, 3]), () => {}))
      assert.equal(await viewOf(bench, kind.keepsRecent), untouched)
    })

    test('what changed since a mod-sequence is told, and nothing else', async () => {
      await using session = await bench.source.connect(ctx)
      const { status } = await session.open('INBOX')
      if (status.highestModseq === null) return
      await using other = await openDialogue(bench.port)
      await other.must(`LOGIN ${bench.login} ${bench.password}`)
      await other.must('SELECT INBOX')
      await other.must('STORE 2 +FLAGS.SILENT (\\Answered)')
      await other.must('STORE 3 +FLAGS.SILENT (\\Deleted)')
      await other.must('EXPUNGE')
      const told = new Map<number, readonly string[]>()
      // Where folders are parts of another one, what is where is seen by taking the inventory.
      await session.folders()
      const again = await session.open('INBOX')
      const vanished = await again.changes(status.highestModseq, (uid, flags) => void told.set(uid, flags))
      assert.equal(told.size, 1)
      assert.ok([...told.values()][0]?.includes('\\Answered'))
      assert.equal(vanished?.size ?? 1, 1)
    })
  })
}

const DEEP = ['Projekte', 'Größe & Maß'] as const
const DEEP_ON_THE_WIRE = 'Projekte/Gr&APYA3w-e &- Ma&AN8-'

async function fill(bench: Bench, kind: BenchKind): Promise<void> {
  await using session = await bench.destination.connect(ctx)
  let deep = DEEP_ON_THE_WIRE
  if (kind.eitherFoldersOrMail === true) {
    await using dialogue = await openDialogue(bench.port)
    await dialogue.must(`LOGIN ${bench.login} ${bench.password}`)
    await dialogue.must(`CREATE "${deep}"`)
  } else deep = (await session.create([DEEP]))[0]?.name ?? ''
  for (const [at, bytes] of [...LETTERS.values()].entries()) {
    await session.append('INBOX', {
      flags: at % 2 === 0 ? ['\\Seen'] : ['\\Flagged'],
      internalDate: DATE,
      bytes: bytes.length,
      body: [bytes],
    })
  }
  const one = letter('one')
  await session.append(deep, { flags: [], internalDate: '', bytes: one.length, body: [one] })
}

/** What another client sees of INBOX, by EXAMINE. */
async function viewOf({ port, login, password }: Bench, withRecent: boolean): Promise<string> {
  await using dialogue = await openDialogue(port)
  await dialogue.must(`LOGIN ${login} ${password}`)
  const opened = await dialogue.must('EXAMINE INBOX')
  const numbers = /\[UIDNEXT \d+\]/.exec(opened)?.[0] ?? ''
  const flags = (await dialogue.must('UID FETCH 1:* (UID FLAGS)')).split('\r\n').filter((line) => line.startsWith('* '))
  const text = [numbers, ...flags].join('\n')
  return withRecent ? text : text.replaceAll(/ ?\\Recent/g, '')
}
