import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, type Found } from './found.ts'
import { joined } from './join.ts'

const reading = (...found: readonly Found[]) => ({ found, problems: [] })

test('two logins with one address stay two mailboxes: neither is lost', () => {
  const all = joined([
    reading(account({ login: 'anna', address: 'team@example.test' }), account({ login: 'bert', address: 'team@example.test' })),
    reading(account({ login: 'team@example.test', sizeBytes: 5 })),
  ])
  assert.deepEqual(
    all.map(({ found }) => [found.login, found.sizeBytes]),
    [
      ['anna', 5],
      ['bert', null],
    ],
  )
})

test('what a second file knows is added, also where it calls by the address what the first calls by its login', () => {
  const all = joined([
    reading(account({ login: 'anna@corp.local', address: 'anna@example.test', mailAlias: 'anna.e' })),
    reading(account({ login: 'Anna@Example.test', sizeBytes: 7, messages: 2 })),
    reading(account({ login: 'anna@corp.local', name: 'Anna', kind: 'shared' })),
  ])
  assert.deepEqual(
    all.map(({ found: { login, name, kind, mailAlias, sizeBytes }, listedTwice, otherCase }) => [
      login,
      name,
      kind,
      mailAlias,
      sizeBytes,
      listedTwice,
      otherCase,
    ]),
    [['anna@corp.local', 'Anna', 'shared', 'anna.e', 7, false, []]],
  )
})

test('a forwarding with the name of a mailbox is another entry, and its mailbox does not become its own alias', () => {
  const all = joined([
    reading(
      account({ login: 'anna@example.test' }),
      account({ login: 'anna@example.test', kind: 'alias', leadsTo: ['anna@example.test'] }),
      account({ login: 'a@example.test', kind: 'alias', leadsTo: ['Anna@example.test'] }),
      account({ login: 'all@example.test', kind: 'alias', leadsTo: ['anna@example.test', 'bert@example.test'] }),
    ),
  ])
  assert.deepEqual(
    all.map(({ found }) => [found.login, found.kind, found.aliases]),
    [
      ['anna@example.test', 'user', ['a@example.test']],
      ['anna@example.test', 'alias', []],
      ['a@example.test', 'alias', []],
      ['all@example.test', 'alias', []],
    ],
  )
})
