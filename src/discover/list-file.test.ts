import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readMailboxList } from '../definition/mailbox-list.ts'
import { account } from './found.ts'
import { joined } from './join.ts'
import { LIST_COLUMNS, listText, readListTable, type ListTable } from './list-file.ts'
import { keptIn, mergedList, rowOf } from './merge.ts'
import { proposals } from './propose.ts'

const table = (text: string): ListTable => {
  const { table: read, problems } = readListTable(Buffer.from(text))
  assert.deepEqual(problems, [])
  return read
}
const textOf = (list: ListTable): string => [...listText(list)].join('')
const fresh = (...found: readonly Parameters<typeof account>[0][]) =>
  proposals(joined([{ found: found.map(account), problems: [] }]), { targetDomains: [], domainMap: new Map(), kept: new Map() })

test('what is written is what copy reads, formulas in names and all', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'list-file-'))
  try {
    const path = join(directory, 'mailboxes.csv')
    const name = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', ' ', 'a', 'Ö', '\t', '\n'), maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 6 }), async (names) => {
        const all = fresh(...names.map((each, at) => ({ login: `u${at}@example.test`, name: each, mailAlias: each.trim() || null })))
        await writeFile(path, textOf({ columns: LIST_COLUMNS, rows: all.map(rowOf), delimiter: ',' }))
        const lines = await readMailboxList(path, {}, { source: false, target: false })
        assert.deepEqual(
          lines.map(({ name: read, sourceLogin, target }) => [sourceLogin, target, read]),
          all.map(({ found, target }) => [found.login, target, found.name ?? target]),
        )
      }),
      { numRuns: 50 },
    )
    assert.doesNotMatch(
      textOf({ columns: LIST_COLUMNS, rows: fresh({ login: '=cmd@example.test', name: '=1' }).map(rowOf), delimiter: ',' }),
      /(^|,)"?=/m,
    )
  } finally {
    await rm(directory, { recursive: true })
  }
})

const TYPED = `Source Login;source_password;target;name;notes;batch;phone\r\nANNA@example.test;env:ANNA;chief@example.test;The Chief;[role account] ask her first;first;=1\r\ngone@example.test;'=secret;gone@example.test;;;;\r\n`

test('a merge keeps what a person typed, adds what is new, and marks what is gone', () => {
  const before = table(TYPED)
  const all = proposals(
    joined([
      {
        found: [
          account({ login: 'anna@example.test', name: 'Anna', aliases: ['a@example.test'] }),
          account({ login: 'bert@example.test' }),
        ],
        problems: [],
      },
    ]),
    {
      targetDomains: [],
      domainMap: new Map(),
      kept: keptIn(before),
    },
  )
  const { table: merged, added, gone } = mergedList(before, all.map(rowOf))
  assert.deepEqual([added, gone], [['bert@example.test'], ['gone@example.test']])
  assert.deepEqual(
    merged.rows.map((row) => [
      row['source_login'],
      row['source_password'],
      row['target'],
      row['name'],
      row['notes'],
      row['batch'],
      row['aliases'],
      row['phone'],
    ]),
    [
      ['ANNA@example.test', 'env:ANNA', 'chief@example.test', 'The Chief', 'ask her first', 'first', 'a@example.test', '=1'],
      ['gone@example.test', "'=secret", 'gone@example.test', '', '[not listed any more]', '', undefined, ''],
      ['bert@example.test', '', 'bert@example.test', '', '', '', '', undefined],
    ],
  )
  const text = textOf(merged)
  assert.match(text, /^\uFEFFsource_login;source_password;target;name;notes;batch;phone;kind;alias;aliases\r\n/)
  assert.match(text, /;'=secret;/)
})

test('merging the same listing again changes nothing, and one that is back is not marked any more', () => {
  const listing = fresh({ login: 'info@example.test' }, { login: 'bert', name: 'Bert' }, { login: 'all@example.test', kind: 'group' })
  const again = (list: ListTable): ListTable => {
    const read = table(textOf(list))
    const all = proposals(joined([{ found: listing.map(({ found }) => found), problems: [] }]), {
      targetDomains: [],
      domainMap: new Map(),
      kept: keptIn(read),
    })
    return mergedList(read, all.map(rowOf)).table
  }
  const first: ListTable = { columns: LIST_COLUMNS, rows: listing.map(rowOf), delimiter: ',' }
  const once = again(first)
  assert.equal(textOf(once), textOf(first))
  assert.equal(textOf(again(once)), textOf(first))
  const without = mergedList(table(textOf(first)), listing.slice(1).map(rowOf)).table
  assert.match(textOf(without), /not listed any more/)
  assert.equal(textOf(again(without)), textOf(first))
})

test('rows for one tree of a source, and a login that stands there twice, keep their targets', () => {
  const before = table(
    'source_login,target,source_root\nanna,anna@example.test,\nanna,sales@example.test,Public/Sales\nanna,other@example.test,\nbert,bert@example.test,\n',
  )
  const all = proposals(joined([{ found: [account({ login: 'anna' }), account({ login: 'carl' })], problems: [] }]), {
    targetDomains: ['example.test'],
    domainMap: new Map(),
    kept: keptIn(before),
  })
  const { table: merged, added, gone } = mergedList(before, all.map(rowOf))
  assert.deepEqual(
    merged.rows.map((row) => row['target']),
    ['anna@example.test', 'sales@example.test', 'other@example.test', 'bert@example.test', 'carl@example.test'],
  )
  assert.deepEqual([added, gone], [['carl'], ['bert']])
})

test('what is no list of mailboxes is not merged into', () => {
  assert.match(readListTable(Buffer.from('a,b\n1,2\n')).problems[0]?.says ?? '', /column "source_login" is missing: this is no list/)
  assert.match(readListTable(Buffer.from('source_login,target\na,b,c\n')).problems[0]?.says ?? '', /3 fields instead of 2/)
})
