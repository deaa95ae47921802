/** Listings of messages as some servers tell them: every message counts, once, under its UID. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PASSWORD } from '../../src/imap/scripted-server.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import type { SourceFolder } from '../../src/source/port.ts'
import { ctx } from '../conformance/bench.ts'
import { carried, subjects } from './carried.ts'
import { oddMail, oddServer, type OddFolder, type OddOptions, type OddServer } from './odd-server.ts'

const messages = (...uids: readonly number[]): NonNullable<OddFolder['messages']> => uids.map((uid) => ({ uid, text: oddMail(`m${uid}`) }))
const WORK = { name: 'Work', messages: messages(1, 2, 3) }
const arrived = (...uids: readonly number[]): readonly string[] => uids.map((uid) => `Work: m${uid}`)

/** The folder Work of a server, by the adapter. */
async function opened(options: OddOptions, work: (folder: SourceFolder, server: OddServer) => Promise<void>): Promise<void> {
  await using server = await oddServer(options)
  await using session = await imapSource(server.endpoint(), PASSWORD).connect(ctx)
  await work(await session.open('Work'), server)
}

async function uidsOfRows(folder: SourceFolder): Promise<readonly number[]> {
  const uids: number[] = []
  await folder.rows(1, 2 ** 32 - 1, (row) => void uids.push(row.uid))
  return uids
}

for (const [says, uidValidity] of [
  ['0', '0'],
  ['missing', ''],
  ['above 32 bits', '1666390893380'],
] as const) {
  test(`E09: a UIDVALIDITY that is ${says} is a name like any other`, async () => {
    await using server = await oddServer({ folders: [{ name: 'INBOX' }, { ...WORK, uidValidity }] })
    assert.deepEqual(subjects((await carried(server)).landed), arrived(1, 2, 3))
  })
}

test('E11: rows told as UIDFETCH, as after UIDONLY, are rows', async () => {
  const odd: OddOptions['odd'] = ({ text, plain }) => {
    if (!text.startsWith('UID FETCH')) return null
    return plain().map((line) => line.replace(/^\* (\d+) FETCH \(UID (\d+)/, '* $2 UIDFETCH (UID $2'))
  }
  await using server = await oddServer({
    capabilities: 'UIDONLY',
    folders: [{ name: 'INBOX' }, { name: 'Work', messages: messages(4, 9, 70) }],
    odd,
  })
  assert.deepEqual(subjects((await carried(server)).landed), arrived(4, 70, 9))
})

test('E13: EXISTS told in steps while a folder loads: the last one counts', async () => {
  await opened(
    {
      folders: [WORK],
      odd: ({ text, plain }) =>
        text.startsWith('EXAMINE') ? ['* 500 EXISTS', '* 1000 EXISTS', '* 1623 EXISTS', ...plain().slice(1)] : null,
    },
    async (folder) => assert.equal(folder.status.messages, 1623),
  )
})

for (const [says, answer] of [
  ['ESEARCH without ALL', '* ESEARCH (TAG "A1") UID'],
  ['ESEARCH for another tag', '* ESEARCH (TAG "zz") UID ALL 1:3'],
  ['SEARCH in the place of ESEARCH', '* SEARCH 3 1 2'],
  ['a UID 0 among them', '* SEARCH 0 3 1 2'],
  ['less than the folder holds', '* SEARCH 2'],
] as const) {
  test(`E14: a search answered by ${says} gives the UIDs that there are`, async () => {
    await opened(
      { capabilities: 'ESEARCH', folders: [WORK], odd: ({ text }) => (text.startsWith('UID SEARCH') ? [answer, '% OK'] : null) },
      async (folder) => assert.deepEqual([...(await folder.uids())], [1, 2, 3]),
    )
  })
}

test('E15: rows out of order, twice, under wrong numbers or number 0 make the right map', async () => {
  const odd: OddOptions['odd'] = ({ text, plain }) => {
    if (!text.startsWith('UID FETCH')) return null
    const [one = '', two = '', three = '', ...rest] = plain()
    if (rest.length === 0) return null
    return [three.replace('* 3', '* 0'), one, two.replace('* 2', '* 99'), one, three, ...rest]
  }
  await using server = await oddServer({ folders: [{ name: 'INBOX' }, WORK], odd })
  const { landed, copied } = await carried(server)
  assert.deepEqual([subjects(landed), copied.found], [arrived(1, 2, 3), 3])
})

for (const [modseq, is] of [
  ['-1', null],
  ['9223372036854775807', 9223372036854775807n],
] as const) {
  test(`E16: a HIGHESTMODSEQ of ${modseq} is ${is === null ? 'none' : 'kept to its last digit'}`, async () => {
    await opened(
      {
        capabilities: 'CONDSTORE',
        folders: [WORK],
        odd: ({ text, plain }) => (text.startsWith('EXAMINE') ? [`* OK [HIGHESTMODSEQ ${modseq}]`, ...plain()] : null),
      },
      async (folder) => assert.equal(folder.status.highestModseq, is),
    )
  })
}

test('E19: two hundred thousand UIDs in one line are read', async () => {
  const all = Array.from({ length: 200_000 }, (_, at) => at * 3 + 1)
  await opened(
    { folders: [{ name: 'Work' }], odd: ({ text }) => (text.startsWith('UID SEARCH') ? [`* SEARCH ${all.join(' ')}`, '% OK'] : null) },
    async (folder) => {
      const uids = await folder.uids()
      assert.deepEqual([uids.size, uids.max], [200_000, 599_998])
    },
  )
})

test('E20: the last message, told for a range above every UID, is not new', async () => {
  const last = '* 3 FETCH (UID 3 FLAGS (\\Seen) INTERNALDATE "05-Mar-2026 07:08:09 +0000" RFC822.SIZE 9)'
  await opened({ folders: [WORK], odd: ({ text }) => (text.startsWith('UID FETCH') ? [last, '% OK'] : null) }, async (folder) => {
    await folder.rows(10, 2 ** 32 - 1, () => assert.fail('there is none'))
    await folder.flags(10, 2 ** 32 - 1, () => assert.fail('there is none'))
  })
})

test('UIDs up to 4,294,967,295 are carried like any others', async () => {
  const high = [4_294_967_290, 4_294_967_294, 4_294_967_295]
  await opened({ folders: [{ name: 'Work', messages: messages(...high) }] }, async (folder) => {
    assert.deepEqual(await uidsOfRows(folder), high)
    assert.deepEqual([...(await folder.uids())], high)
  })
  await using server = await oddServer({ folders: [{ name: 'INBOX' }, { name: 'Work', messages: messages(...high) }] })
  const { landed, verified } = await carried(server)
  assert.deepEqual(subjects(landed), arrived(...high))
  assert.equal(verified.copied, 3)
})

test('a server that answers one byte at a time is as good as any other', async () => {
  await using server = await oddServer({ folders: [{ name: 'INBOX' }, WORK], pieceBytes: 1 })
  assert.deepEqual(subjects((await carried(server)).landed), arrived(1, 2, 3))
})
