import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import { otherWay, turnedRound } from './other-way.ts'

function withLedger(run: (ledger: Ledger, mailboxId: number) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-other-'))
  try {
    using ledger = openLedger(folder)
    run(ledger, ledger.mailbox({ source: 'old', destination: 'new', name: 'Anna' }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function copied(ledger: Ledger, folderId: number, uid: number, destinationUid: number, elsewhere?: string): void {
  const bare = { sizeBytes: 1, internalDate: '', flags: '', sha256: null, strict: null, loose: null, repairs: [] }
  ledger.record({
    sending: [{ folderId, uidValidity: '7', uid, ...bare, sentSha256: null, sentBytes: null, sentStrict: null }],
    copied: [
      {
        folderId,
        uid,
        destinationUidValidity: '9',
        destinationUid,
        ...(elsewhere === undefined ? {} : { destinationFolderName: elsewhere }),
      },
    ],
  })
}

test('our copies in a folder are known by UID, those that went elsewhere there, and only under the UIDVALIDITY that they got', () =>
  withLedger((ledger, mailboxId) => {
    const inbox = ledger.putFolder(mailboxId, { sourceName: 'INBOX', sourcePath: ['INBOX'], destinationName: 'INBOX', uidValidity: '7' })
    copied(ledger, inbox.id, 1, 101)
    copied(ledger, inbox.id, 2, 55, 'Deleted Items')
    const other = otherWay(ledger, mailboxId)
    assert.deepEqual([...other.copiesIn('INBOX', '9')], [101])
    assert.deepEqual([...other.copiesIn('Deleted Items', '9')], [55])
    assert.equal(other.copiesIn('INBOX', '10').size, 0)
    assert.deepEqual(other.originalsOf('INBOX', '9').get(101), { folder: 'INBOX', uidValidity: '7', uid: 1 })
    ledger.forgetUids(inbox.id)
    assert.deepEqual([other.copiesIn('INBOX', '9').size, other.originalsOf('INBOX', '9').size], [1, 0])
  }))

test('the mapping is turned round where one folder went into one', () =>
  withLedger((ledger, mailboxId) => {
    const put = (sourceName: string, destinationName: string, goneAt: number | null = null): void => {
      ledger.putFolder(mailboxId, { sourceName, sourcePath: [sourceName], destinationName, goneAt })
    }
    put('INBOX.Projekte', 'Projekte')
    put('Sent', 'Sent Items')
    put('Gesendet', 'Sent Items')
    put('Gone', 'Work', 5)
    put('Work', 'Work')
    assert.deepEqual(Object.fromEntries(turnedRound(ledger, mailboxId)), { Projekte: 'INBOX.Projekte', Work: 'Work' })
  }))
