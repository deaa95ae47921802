/** What every Destination must do on every server. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ArrivedRow, DestinationFolder, DestinationSession, OutgoingMessage } from '../../src/destination/port.ts'
import { parseInternalDate } from '../../src/engine/dates.ts'
import { Failure } from '../../src/model/failure.ts'
import { UidSet } from '../../src/model/uid-set.ts'
import { ctx, type Bench, type BenchKind } from './bench.ts'
import { collected, difference, filler, inOddPieces, letter, LETTERS } from './letters.ts'

const DATE = '05-Mar-2026 07:08:09 +0100'
const INSTANT = Date.parse('2026-03-05T06:08:09Z')

export function destinationConformance(kind: BenchKind): void {
  describe(`the destination on ${kind.name}`, { skip: kind.skip }, () => {
    let bench: Bench
    let count = 0
    before(async () => {
      bench = await kind.open()
    })
    after(() => bench[Symbol.asyncDispose]())

    /** A session and a folder of its own for each test. */
    async function inFolder(work: (session: DestinationSession, name: string) => Promise<void>): Promise<void> {
      await using session = await bench.destination.connect(ctx)
      const [folder] = await session.create([[`Test ${++count}`]])
      await work(session, folder?.name ?? '')
    }

    test('folders are created deep, in any language and again, and then listed by the paths asked for', async () => {
      await using session = await bench.destination.connect(ctx)
      const paths = [['Projekte', 'Größe & Maß', '日本'], ['Projekte'], ['INBOX'], ['Ärger'], ['Rock & Roll']]
      const made = await session.create(paths)
      assert.deepEqual(
        made.map((folder) => folder.path),
        paths,
      )
      assert.ok(made.every((folder) => folder.selectable))
      assert.deepEqual(
        (await session.create(paths)).map((folder) => folder.name),
        made.map((folder) => folder.name),
      )
      const listed = new Set((await session.folders()).map((folder) => folder.name))
      for (const folder of made) assert.ok(listed.has(folder.name), folder.name)
      assert.equal((await session.folders()).filter((folder) => folder.path.join('/').toUpperCase() === 'INBOX').length, 1)
    })

    test('a message keeps its flags and its date, and the receipt says where it is', async () => {
      await inFolder(async (session, name) => {
        const cases = [
          [],
          ['\\Seen'],
          ['\\Answered', '\\Seen'],
          ['\\Draft'],
          ['\\Flagged'],
          ...(session.limits.keywords ? [['$Forwarded', 'Work']] : []),
        ]
        const receipts = await Promise.all(cases.map((flags, at) => session.append(name, message(letter(`flags-${at}`), flags))))
        const folder = await session.open(name)
        const rows = await rowsOf(folder)
        for (const [at, flags] of cases.entries()) {
          const { uid, uidValidity } = receipts[at] ?? {}
          assert.equal(uidValidity, folder.status.uidValidity)
          const row = rows.get(uid ?? 0)
          assert.deepEqual(row?.flags.filter((flag) => flag !== '\\Recent').sort(), flags)
          assert.equal(parseInternalDate(row?.internalDate ?? ''), INSTANT)
        }
        assert.equal(folder.status.messages, cases.length)
      })
    })

    test('messages come back as they were sent where the limits promise it, and by their header anywhere', async () => {
      await inFolder(async (session, name) => {
        const limit = session.limits.lineBreaksSessionBytes ?? Infinity
        const sent = [...LETTERS].filter(([, bytes]) => longestLine(bytes) < limit)
        assert.ok(sent.length >= 9)
        const receipts = await Promise.all(sent.map(([, bytes]) => session.append(name, message(bytes))))
        const folder = await session.open(name)
        const uids = receipts.map(({ uid }) => uid ?? 0)
        assert.deepEqual([...(await folder.uids())], [...UidSet.of(uids)])
        const back = new Map<number, Buffer>()
        const left = await folder.bodies([...uids, 900_000], async (uid, stream, bytes) => {
          back.set(uid, await collected(stream))
          assert.equal(back.get(uid)?.length, bytes)
        })
        assert.deepEqual(left, [900_000])
        const headers = new Map<number, string>()
        await folder.headers(UidSet.of([...uids, 900_000]), (uid, header) => void headers.set(uid, header.toString('latin1')))
        assert.equal(headers.size, uids.length)
        for (const [at, [what, bytes]] of sent.entries()) {
          const uid = uids[at] ?? 0
          const id = /<[^>]+>/.exec(bytes.toString('latin1', 0, 100))?.[0] ?? ''
          assert.ok(headers.get(uid)?.includes(id), what)
          if (session.limits.keepsBytes) assert.equal(difference(back.get(uid), kind.keeps(bytes)), '', what)
          else assert.ok(back.get(uid)?.includes(id), what)
        }
      })
    })

    test('a large message streams in from pieces of any size', async () => {
      await inFolder(async (session, name) => {
        const bytes = letter('stream', filler(1_500_000))
        const [{ uid }] = await Promise.all([
          session.append(name, { flags: [], internalDate: DATE, bytes: bytes.length, body: inOddPieces(bytes) }),
          session.append(name, message(letter('behind'))),
        ])
        const folder = await session.open(name)
        await folder.bodies([uid ?? 0], async (_uid, stream) => {
          const back = await collected(stream)
          assert.equal(back.subarray(-1000).toString(), kind.keeps(bytes).subarray(-1000).toString())
        })
        assert.equal(folder.status.messages, 2)
      })
    })

    test('many appends in flight get each its own receipt', async () => {
      await inFolder(async (session, name) => {
        const ids = Array.from({ length: 40 }, (_, at) => `many-${at}.`)
        const receipts = await Promise.all(ids.map((id) => session.append(name, message(letter(id)))))
        assert.deepEqual(await idsAt(session, name, receipts), ids)
      })
    })

    test('several messages in one call arrive in order, each with its receipt', async () => {
      await inFolder(async (session, name) => {
        const ids = Array.from({ length: session.appendAtOnce + 5 }, (_, at) => `group-${at}.`)
        const receipts = await session.appendAll(
          name,
          ids.map((id) => message(letter(id), ['\\Seen'])),
        )
        assert.deepEqual(await idsAt(session, name, receipts), ids)
        assert.deepEqual(await session.appendAll(name, []), [])
      })
    })

    test('what is refused certainly did not happen, the failure says so, and the session goes on', async () => {
      await inFolder(async (session, name) => {
        const one = message(letter('after'))
        await assert.rejects(session.append(`${name} not there`, one), {
          name: 'Failure',
          code: 'folder-vanished',
          notDone: true,
          side: 'destination',
        })
        const { refused } = bench
        if (refused !== null) {
          const [first, outcome, last] = await Promise.allSettled([
            session.append(name, one),
            session.append(name, message(refused)),
            session.append(name, one),
          ])
          assert.equal(first?.status, 'fulfilled')
          assert.equal(last?.status, 'fulfilled')
          const why: unknown = outcome?.status === 'rejected' ? outcome.reason : null
          assert.ok(why instanceof Failure, String(why))
          assert.deepEqual([why.spoils, why.notDone, why.side], ['message', true, 'destination'])
        }
        assert.equal(session.alive, true)
        await session.append(name, one)
        assert.equal((await session.status(name)).messages, refused === null ? 1 : 3)
      })
    })

    test('flags are added and taken away by STORE and told of those that are there', async () => {
      await inFolder(async (session, name) => {
        const receipts = await Promise.all([1, 2, 3].map((at) => session.append(name, message(letter(`store-${at}`), ['\\Seen']))))
        const [a = 0, b = 0, c = 0] = receipts.map(({ uid }) => uid ?? 0)
        const folder = await session.open(name)
        await folder.store(UidSet.of([a, b, 900_000]), ['\\Flagged', '\\Answered'], ['\\Seen'])
        await folder.store(UidSet.of([c]), [], [])
        const told = new Map<number, readonly string[]>()
        await folder.flagsOf(
          UidSet.of([a, b, c, 900_000]),
          (uid, flags) => void told.set(uid, flags.filter((flag) => flag !== '\\Recent').sort()),
        )
        assert.deepEqual(
          [...told],
          [
            [a, ['\\Answered', '\\Flagged']],
            [b, ['\\Answered', '\\Flagged']],
            [c, ['\\Seen']],
          ],
        )
      })
    })

    test('messages move with their flags, and nothing is expunged of what stays', async () => {
      await inFolder(async (session, name) => {
        const [elsewhere] = await session.create([[`Test ${count}`, 'Elsewhere é']])
        const to = elsewhere?.name ?? ''
        const ids = ['stays.', 'goes-1.', 'goes-2.', 'deleted.']
        const receipts = await Promise.all(
          ids.map((id) => session.append(name, message(letter(id), id === 'deleted.' ? ['\\Deleted'] : ['\\Flagged']))),
        )
        const uids = receipts.map(({ uid }) => uid ?? 0)
        const folder = await session.open(name)
        const moved = await folder.move(UidSet.of(uids.slice(1, 3)), to)
        assert.deepEqual([...UidSet.of(moved.keys())], uids.slice(1, 3))
        const target = await session.open(to)
        const landed = await rowsOf(target)
        assert.equal(landed.size, 2)
        for (const uid of moved.values()) assert.ok(landed.get(uid)?.flags.includes('\\Flagged'))
        const left = await rowsOf(await session.open(name))
        assert.ok(left.has(uids[0] ?? 0))
        assert.ok(left.has(uids[3] ?? 0), 'what a person marked as deleted is still there')
        for (const uid of uids.slice(1, 3)) assert.ok(!left.has(uid) || left.get(uid)?.flags.includes('\\Deleted'))
      })
    })

    test('a line as long as the limits forbid ends the session, one below does not', async () => {
      await inFolder(async (session, name) => {
        const limit = session.limits.lineBreaksSessionBytes
        if (limit === null) {
          await session.append(name, message(letter('endless', `${'x'.repeat(200_000)}\r\n`)))
          return
        }
        await session.append(name, message(letter('below', `${'x'.repeat(limit - 1)}\r\n`)))
        await assert.rejects(session.append(name, message(letter('at', `${'x'.repeat(limit)}\r\nmore\r\n`))), {
          name: 'Failure',
          notDone: false,
        })
        assert.equal(session.alive, false)
      })
    })

    test('a message whose source breaks off in the middle is not taken for whole', async () => {
      await inFolder(async (session, name) => {
        const bytes = letter('torn', filler(600_000))
        const torn = async function* (): AsyncGenerator<Buffer> {
          yield bytes.subarray(0, 400_000)
          throw new Error('the source is gone')
        }
        await assert.rejects(session.append(name, { flags: [], internalDate: '', bytes: bytes.length, body: torn() }))
        await using again = await bench.destination.connect(ctx)
        assert.equal((await again.status(name)).messages, 0)
      })
    })
  })
}

function message(bytes: Buffer, flags: readonly string[] = []): OutgoingMessage {
  return { flags, internalDate: DATE, bytes: bytes.length, body: [bytes] }
}

function longestLine(bytes: Buffer): number {
  return Math.max(
    ...bytes
      .toString('latin1')
      .split('\r\n')
      .map((line) => line.length),
  )
}

async function rowsOf(folder: DestinationFolder): Promise<ReadonlyMap<number, ArrivedRow>> {
  const rows = new Map<number, ArrivedRow>()
  await folder.rows(1, 2 ** 32 - 1, (row) => void rows.set(row.uid, row))
  return rows
}

/** The Message-IDs, cut at @, of the messages that the receipts name, in their order. */
async function idsAt(
  session: DestinationSession,
  name: string,
  receipts: readonly { readonly uid: number | null }[],
): Promise<readonly string[]> {
  const folder = await session.open(name)
  const ids = new Map<number, string>()
  const uids = receipts.map(({ uid }) => uid ?? 0)
  await folder.headers(UidSet.of(uids), (uid, header) => void ids.set(uid, /<([^@]+)@/.exec(header.toString('latin1'))?.[1] ?? ''))
  return uids.map((uid) => ids.get(uid) ?? '')
}
