import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ledgerRig } from './rig.ts'

test('a mailbox is the same one for the same source and destination, whatever its name', () => {
  using rig = ledgerRig()
  const { ledger } = rig
  const identity = { source: 'imap old.example.org bob', destination: 'exchange bob@example.org', name: 'Bob' }
  const id = ledger.mailbox(identity)
  assert.equal(ledger.mailbox({ ...identity, name: 'Robert' }), id)
  assert.notEqual(ledger.mailbox({ ...identity, destination: 'exchange robert@example.org' }), id)
  assert.deepEqual(
    ledger.mailboxes().map((mailbox) => mailbox.name),
    ['anna', 'Robert', 'Bob'],
  )
})

test('a mailbox tells how its last pass went, and the timeline tells of all', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId } = rig
  const first = ledger.beginPass(mailboxId, 'initial')
  rig.clock.ms += 10
  ledger.endPass(first, { failure: null, detail: null, figures: { copied: 3 } })
  const second = ledger.beginPass(mailboxId, 'delta')
  assert.equal(ledger.mailboxes()[0]?.lastPassEndedAt, null)
  ledger.endPass(second, { failure: 'quota-full', detail: 'NO over quota', figures: null })
  assert.deepEqual(ledger.mailboxes()[0], {
    id: mailboxId,
    source: 'imap old.example.org anna',
    destination: 'imap new.example.org anna',
    name: 'anna',
    lastPassKind: 'delta',
    lastPassBeganAt: 1_000_010,
    lastPassEndedAt: 1_000_010,
    lastFailureCode: 'quota-full',
    lastFailureDetail: 'NO over quota',
    leasedUntil: null,
  })
  assert.deepEqual(
    ledger.passes(mailboxId).map((pass) => [pass.kind, pass.beganAt, pass.endedAt, pass.failureCode, pass.figures]),
    [
      ['initial', 1_000_000, 1_000_010, null, { copied: 3 }],
      ['delta', 1_000_010, 1_000_010, 'quota-full', null],
    ],
  )
  assert.throws(() => ledger.endPass(first, { failure: null, detail: null, figures: null }), /no running pass/)
})

test('a folder keeps every field, a mod-sequence of 63 bits and raw bytes in its name included', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId } = rig
  const fields = {
    sourceName: 'Entw\xfcrfe\x00 "x"',
    sourcePath: ['Entwürfe', 'x/y'],
    destinationName: 'Drafts',
    destinationPath: ['Drafts'],
    destinationUidValidity: '0',
    uidValidity: '99999999999',
    uidNext: 2 ** 32,
    highestModseq: 2n ** 63n - 1n,
    messages: 4,
    found: 5,
    complete: true,
    goneAt: 6,
    failureCode: 'folder-refused',
    failureDetail: 'NO',
    writeFrom: 7,
  } as const
  const put = ledger.putFolder(mailboxId, fields)
  assert.deepEqual(put, { id: put.id, mailboxId, ...fields })
  assert.deepEqual(ledger.folders(mailboxId)[1], put)
})

test('putting a folder again changes only what is given, and brings back one that was gone', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, folder } = rig
  ledger.updateFolder(folder.id, { goneAt: 5, uidNext: 9, writeFrom: 3, highestModseq: 8n })
  const again = ledger.putFolder(mailboxId, { sourceName: 'INBOX', sourcePath: ['Inbox'], messages: 2 })
  assert.deepEqual(again, { ...folder, sourcePath: ['Inbox'], messages: 2, goneAt: null, uidNext: 9, writeFrom: 3, highestModseq: 8n })
  ledger.updateFolder(folder.id, { writeFrom: null, highestModseq: null })
  assert.deepEqual([ledger.folders(mailboxId)[0]?.writeFrom, ledger.folders(mailboxId)[0]?.highestModseq], [null, null])
  assert.throws(() => ledger.updateFolder(99, { found: 1 }), /no folder 99/)
})

test('a mailbox is leased to one worker until the lease runs out or is let go', () => {
  using rig = ledgerRig()
  const { ledger, clock, mailboxId } = rig
  const first = ledger.lease(mailboxId, 'worker 1', 1000)
  assert.throws(() => ledger.lease(mailboxId, 'worker 2', 1000), { code: 'mailbox-leased', message: /worker 1/ })
  assert.throws(() => ledger.lease(mailboxId, 'worker 1', 1000), { code: 'mailbox-leased' })
  clock.ms += 999
  first.renew()
  assert.equal(ledger.mailboxes()[0]?.leasedUntil, clock.ms + 1000, 'others can tell that somebody is at work')
  clock.ms += 999
  assert.throws(() => ledger.lease(mailboxId, 'worker 2', 1000), { code: 'mailbox-leased' })
  clock.ms += 1
  const second = ledger.lease(mailboxId, 'worker 2', 1000)
  assert.throws(() => first.renew(), { code: 'mailbox-leased' })
  first.release()
  second.renew()
  second.release()
  {
    using third = ledger.lease(mailboxId, 'worker 3', 1000)
    assert.equal(third.mailboxId, mailboxId)
  }
  using fourth = ledger.lease(mailboxId, 'worker 4', 1000)
  assert.equal(fourth.mailboxId, mailboxId)
})

test('a verification is kept per folder and level, the last one', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, folder } = rig
  const passId = ledger.beginPass(mailboxId, 'verify')
  const verification = { folderId: folder.id, level: 'content', passId, checkedTo: 12, complete: false, result: null } as const
  ledger.putVerification(verification)
  ledger.putVerification({ ...verification, checkedTo: 40, complete: true, result: { missing: [3] } })
  ledger.putVerification({ ...verification, level: 'counts' })
  assert.deepEqual(ledger.verifications(mailboxId), [
    { ...verification, checkedTo: 40, complete: true, result: { missing: [3] }, at: rig.clock.ms },
    { ...verification, level: 'counts', at: rig.clock.ms },
  ])
  assert.deepEqual(ledger.verifications(mailboxId + 1), [])
})
