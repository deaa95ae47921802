import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { editMailbox } from './edits.ts'
import { dovecot } from './dovecot.ts'
import { MailStore } from './mail-store.ts'
import { nastyMessages } from './nasty-messages.ts'
import { seedMailbox } from './seed-mailbox.ts'

function fill(seed: number, messages = 120, medianBytes = 10_000): MailStore {
  const store = new MailStore({ separator: '/' })
  const owner = 'anna@old.example.test'
  seedMailbox(store, dovecot, { seed, mailbox: 1, owner, messages, medianBytes, maxBytes: 500_000, nasty: true })
  return store
}

function digest(store: MailStore): string {
  const hash = createHash('sha256')
  for (const folder of store.folders()) {
    hash.update(folder.name)
    for (const { uid, flags, internalDate, content } of folder.messages)
      hash.update(`${uid} ${flags.join()} ${internalDate.getTime()}`).update(content.bytes())
  }
  return hash.digest('hex')
}

test('the same seed gives the same mailbox, another seed another one', () => {
  assert.equal(digest(fill(1)), digest(fill(1)))
  assert.notEqual(digest(fill(1)), digest(fill(2)))
})

test('the same edits are made to the same mailbox', () => {
  const [left, right] = [fill(5), fill(5)]
  const options = { seed: 9, owner: 'anna@old.example.test', rename: true }
  assert.deepEqual(editMailbox(left, options), editMailbox(right, options))
  assert.equal(digest(left), digest(right))
  assert.notEqual(digest(left), digest(fill(5)))
})

test('the announced size of a seeded message is its size', () => {
  for (const folder of fill(3).folders()) for (const { content } of folder.messages) assert.equal(content.sizeBytes, content.bytes().length)
})

test('sizes look like real mail: a median of some 10 KB, a mean of several times that', () => {
  const sizes = fill(4, 1500)
    .folders()
    .flatMap((folder) => (folder.name.startsWith('Odd') ? [] : folder.messages.map((message) => message.content.sizeBytes)))
    .sort((a, b) => a - b)
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  assert.ok(median > 7000 && median < 14_000, `${median}`)
  assert.ok(mean > 2 * median && mean < 8 * median, `${mean}`)
})

test('each nasty case has a name of its own, and bytes that do not change', () => {
  const names = nastyMessages().map((message) => message.name)
  assert.equal(new Set(names).size, names.length)
  for (const message of nastyMessages()) assert.deepEqual(message.bytes(), message.bytes(), message.name)
})
