import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choose } from './gmail-policy.ts'

const folderOf = (...labels: readonly string[]): string | null => choose(labels).folder

test('a label of the user goes before Sent, Drafts and the inbox; mail without labels is archived', () => {
  assert.equal(folderOf('\\Inbox', 'Work'), 'Work')
  assert.equal(folderOf('\\Sent', 'Work'), 'Work')
  assert.equal(folderOf('\\Inbox', '\\Sent'), '\\Sent')
  assert.equal(folderOf('\\Inbox', '\\Draft'), '\\Drafts')
  assert.equal(folderOf('\\Inbox', '\\Important', '\\Starred'), 'INBOX')
  assert.equal(folderOf('\\Important', '\\Starred', '\\Muted'), '\\Archive')
  assert.equal(folderOf(), '\\Archive')
})

test('among labels of the user the deepest decides, then the longest, then the alphabet, in whatever order they come', () => {
  assert.equal(folderOf('A long name', 'a/b', 'a/b/c'), 'a/b/c')
  assert.equal(folderOf('Work', 'Workshop', 'W'), 'Workshop')
  assert.equal(folderOf('beta', 'abba'), 'abba')
  assert.equal(folderOf('abba', 'beta'), 'abba')
  // Written M&APw-ller: its length counts as people read it.
  assert.equal(folderOf('M&APw-ller', 'Invoices'), 'Invoices')
})

test('the other labels become keywords; the star is a flag already, and a chat is no mail', () => {
  assert.deepEqual(choose(['\\Inbox', 'To do', 'a/b', '\\Starred', '\\Important', '\\Muted']), {
    folder: 'a/b',
    keywords: ['$Important', 'label:Inbox', 'label:To&ACA-do'],
  })
  assert.deepEqual(choose(['\\Chat']), { folder: null, keywords: [] })
})

test('a folder that cannot be read is not chosen, and its label still travels', () => {
  assert.deepEqual(
    choose(['a/b', 'c', '\\Inbox'], (folder) => folder === 'c'),
    { folder: 'c', keywords: ['label:Inbox', 'label:a/b'] },
  )
  assert.equal(choose(['a/b'], (folder) => folder === 'INBOX').folder, null)
})
