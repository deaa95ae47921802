import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { csvRows } from '../lib/csv-rows.ts'
import { Secret } from '../model/secret.ts'
import { batchesOf, checkName, groupedBatches, listOf } from './csv.ts'
import type { NativeRow } from './sign-in.ts'

function row(at: number, more: Partial<NativeRow> = {}): NativeRow {
  return { emailAddress: `u${at}@example.org`, userName: `u${at}`, password: new Secret('pw'), userRoot: null, ...more }
}

test('the list has the columns that Microsoft knows, each value as it is, in UTF-8 without a mark', () => {
  const [batch] = batchesOf('wave', [row(1, { password: new Secret('=a,"ü') }), row(2, { userRoot: '/users/b' })])
  assert.ok(batch)
  const text = Buffer.from(listOf(batch, true)).toString('utf8')
  assert.equal(text, 'EmailAddress,UserName,Password,UserRoot\r\nu1@example.org,u1,"=a,""ü",\r\nu2@example.org,u2,pw,/users/b\r\n')
  assert.doesNotMatch(Buffer.from(listOf(batch, false)).toString('utf8'), /pw|=a/)
})

test('without roots there is no column for them, as an empty one more is one more to get wrong', () => {
  const [batch] = batchesOf('wave', [row(1)])
  assert.ok(batch)
  assert.equal(Buffer.from(listOf(batch, true)).toString('utf8').split('\r\n')[0], 'EmailAddress,UserName,Password')
})

test('no batch has more rows or bytes than allowed, none is empty, and all rows are in one, in order', () => {
  const names = fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 150, max: 400 }), (userNames, most, bytes) => {
      const rows = userNames.map((userName, at) => row(at, { userName }))
      const batches = batchesOf('wave', rows, { rows: most, bytes })
      for (const batch of batches) {
        assert.ok(batch.rows.length >= 1 && batch.rows.length <= most)
        const list = Buffer.from(listOf(batch, true))
        assert.ok(list.length <= bytes, `${list.length} > ${bytes}`)
      }
      assert.deepEqual(
        batches.flatMap((batch) => batch.rows.map(({ emailAddress }) => emailAddress)),
        rows.map(({ emailAddress }) => emailAddress),
      )
      assert.equal(new Set(batches.map(({ name }) => name)).size, batches.length)
    }),
  )
})

test('a password of commas, quotes and signs is read back unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ',', '"', '=', ' ', 'é', ';', "'"), minLength: 1, maxLength: 12 }), (password) => {
      const [batch] = batchesOf('wave', [row(1, { password: new Secret(password) })])
      assert.ok(batch)
      const { rows } = csvRows(Buffer.from(listOf(batch, true)))
      assert.equal(rows[1]?.fields[2], password)
    }),
  )
})

test('several batches are numbered, and a name that would get too long is refused before anything is sent', () => {
  const rows = [row(1), row(2), row(3)]
  const two = batchesOf('wave', rows, { rows: 2, bytes: 10_000 })
  assert.deepEqual(
    two.map(({ name }) => name),
    ['wave 1 of 2', 'wave 2 of 2'],
  )
  assert.throws(() => batchesOf('w'.repeat(60), rows, { rows: 2, bytes: 10_000 }), /at most 64 characters/)
  assert.throws(() => batchesOf('wave', rows, { rows: 2, bytes: 40 }), /alone is larger/)
  for (const name of ['', ' a', 'a\nb', 'a/b', 'a\u200bb', '*']) assert.throws(() => checkName(name), /name of a batch/, name)
})

test('mailboxes that move together by the list are one batch, by their own name', () => {
  const batches = groupedBatches('cutover', [
    { group: '', rows: [row(1)] },
    { group: 'north', rows: [row(2), row(3)] },
  ])
  assert.deepEqual(
    batches.map(({ name, rows }) => [name, rows.length]),
    [
      ['cutover', 1],
      ['cutover north', 2],
    ],
  )
})
