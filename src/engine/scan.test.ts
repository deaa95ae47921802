import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { FolderStatus, ListedFolder } from '../model/folder.ts'
import { unchanged } from './scan.ts'

const STATUS: FolderStatus = { messages: 5, uidValidity: '7', uidNext: 10, highestModseq: 100n, sizeBytes: null }

function listed(status: Partial<FolderStatus> | null): ListedFolder {
  return {
    name: 'A',
    path: ['A'],
    separator: '/',
    attributes: [],
    specialUse: null,
    selectable: true,
    status: status === null ? null : { ...STATUS, ...status },
  }
}

function known(patch: Partial<FolderEntry> = {}): FolderEntry {
  return {
    id: 1,
    mailboxId: 1,
    sourceName: 'A',
    sourcePath: ['A'],
    destinationName: 'A',
    destinationPath: ['A'],
    destinationUidValidity: '1',
    uidValidity: '7',
    uidNext: 10,
    highestModseq: 100n,
    messages: 5,
    found: 5,
    complete: true,
    goneAt: null,
    failureCode: null,
    failureDetail: null,
    writeFrom: null,
    ...patch,
  }
}

test('a folder whose status stands still is not opened', () => {
  assert.equal(unchanged(listed({}), known()), true)
})

test('every figure that moved means that it must be looked at', () => {
  const moved: readonly Partial<FolderStatus>[] = [
    { messages: 4 },
    { messages: 6 },
    { uidNext: 11 },
    { uidValidity: '8' },
    { highestModseq: 101n },
  ]
  for (const status of moved) assert.equal(unchanged(listed(status), known()), false, JSON.stringify(Object.keys(status)))
})

test('without mod-sequences flags may have changed unseen: only an empty folder is known to be unchanged', () => {
  assert.equal(unchanged(listed({ highestModseq: null }), known({ highestModseq: null })), false)
  const empty = known({ highestModseq: null, messages: 0, found: 0 })
  assert.equal(unchanged(listed({ highestModseq: null, messages: 0 }), empty), true)
  assert.equal(unchanged(listed({ highestModseq: null, messages: 0, uidNext: 11 }), empty), false)
})

test('a server that tells no UIDNEXT, no status at all, or a pass that did not end proves nothing', () => {
  assert.equal(unchanged(listed({ uidNext: 0 }), known({ uidNext: 0 })), false)
  assert.equal(unchanged(listed({ uidNext: 0, messages: 0 }), known({ uidNext: 0, messages: 0, found: 0 })), false)
  assert.equal(unchanged(listed(null), known()), false)
  assert.equal(unchanged(listed({}), known({ complete: false })), false)
})
