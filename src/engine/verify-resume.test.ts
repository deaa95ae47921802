import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import type { FolderStatus } from '../model/folder.ts'
import type { FolderVerification } from './verify-figures.ts'
import { keepResult, markOf, resultsOfBrokenRun, stillHolds } from './verify-resume.ts'

const STATUS: FolderStatus = { messages: 3, uidValidity: '7', uidNext: 9, highestModseq: 12n, sizeBytes: null }
const MARKS = { source: markOf(STATUS), destination: markOf(STATUS) }
const HOUR = 3_600_000

test('whatever STATUS tells of a change makes another mark; where it tells too little there is none', () => {
  const changes: readonly Partial<FolderStatus>[] = [{ messages: 2 }, { uidValidity: '8' }, { uidNext: 10 }, { highestModseq: 13n }]
  for (const change of changes) assert.notEqual(markOf({ ...STATUS, ...change }), markOf(STATUS))
  assert.equal(markOf({ ...STATUS }), markOf(STATUS))
  assert.deepEqual([markOf(null), markOf({ ...STATUS, uidNext: 0 })], [null, null])
})

type Books = Disposable & { readonly ledger: Ledger; readonly mailboxId: number; now: number; readonly found: FolderVerification }

function books(): Books {
  const directory = mkdtempSync(join(tmpdir(), 'cutover-resume-'))
  const clock = { at: 1_800_000_000_000 }
  const ledger = openLedger(directory, { clock: { now: () => clock.at } })
  const mailboxId = ledger.mailbox({ source: 'imap a', destination: 'imap b', name: 'Anna' })
  const entry = ledger.putFolder(mailboxId, { sourceName: 'INBOX', sourcePath: ['INBOX'], destinationName: 'INBOX' })
  const figures = { found: 3, copied: 2, skipped: 0, failed: 0, missing: 1, extra: 0, different: 0, unexplained: 0, compared: 2 }
  const findings = [{ kind: 'missing', uid: 5, subject: 'Confidential', says: 'not at the destination' }] as const
  return {
    ledger,
    mailboxId,
    get now() {
      return clock.at
    },
    set now(at) {
      clock.at = at
    },
    found: { ...figures, source: 'INBOX', target: 'INBOX', folderId: entry.id, findings, missingUids: [5] },
    [Symbol.dispose]() {
      ledger.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function run(of: Books, scope = 'all'): number {
  const { ledger, mailboxId, found } = of
  const [folder] = ledger.folders(mailboxId)
  assert.ok(folder !== undefined)
  const passId = ledger.beginPass(mailboxId, 'verify')
  keepResult(ledger, { passId, level: 'content', scope }, folder, MARKS, found)
  return passId
}

test('results are taken over from a run that was killed or failed, within a day, and never from one that came to its end', () => {
  using of = books()
  const { ledger, mailboxId, found } = of
  const kept = (level: 'content' | 'counts' = 'content'): number => resultsOfBrokenRun(ledger, mailboxId, level, of.now).size
  assert.equal(kept(), 0)
  const killed = run(of)
  assert.deepEqual([kept(), kept('counts')], [1, 0])
  ledger.endPass(killed, { failure: 'stopped', detail: null, figures: null })
  assert.equal(kept(), 1)
  of.now += 25 * HOUR
  assert.equal(kept(), 0)
  ledger.endPass(run(of), { failure: null, detail: null, figures: null })
  assert.equal(kept(), 0)
  assert.equal(found.findings[0]?.subject, 'Confidential')
})

test('a result holds while both ends, the place and the question are the same; subjects are not kept', () => {
  using of = books()
  run(of)
  const [folder] = of.ledger.folders(of.mailboxId)
  const kept = folder === undefined ? undefined : resultsOfBrokenRun(of.ledger, of.mailboxId, 'content', of.now).get(folder.id)
  assert.ok(folder !== undefined && kept !== undefined)
  assert.equal(kept.found.findings[0]?.subject, '')
  assert.equal(stillHolds(kept, folder, 'all', MARKS), true)
  assert.equal(stillHolds(kept, folder, '5%', MARKS), false)
  assert.equal(stillHolds(kept, { ...folder, destinationName: 'Posteingang' }, 'all', MARKS), false)
  const moved = markOf({ ...STATUS, uidNext: 10 })
  for (const other of [moved, null]) {
    assert.equal(stillHolds(kept, folder, 'all', { ...MARKS, source: other }), false)
    assert.equal(stillHolds(kept, folder, 'all', { ...MARKS, destination: other }), false)
  }
})
