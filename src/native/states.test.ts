import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchStanding, isAtRest, userStanding } from './states.ts'
import { explained, skippedMeaning } from './native-errors.ts'

const USER =
  'Validating Queued Provisioning ProvisionUpdating Starting Syncing Synced IncrementalSyncing IncrementalSynced IncrementalFailed ' +
  'IncrementalStopped Completing CompletionSynced CompletionFailed Completed CompletedWithWarnings Failed Corrupted Stopping Stopped Removing'
const BATCH =
  'Created Waiting Starting Syncing Synced SyncedwithErrors IncrementalSyncing Stopping Stopped Completing Completed CompletedWithErrors ' +
  'Failed Corrupted Removing'

test('every documented state of a mailbox and of a batch has a meaning', () => {
  for (const status of USER.split(' ')) assert.notEqual(userStanding(status).state, 'unknown', status)
  for (const status of BATCH.split(' ')) assert.notEqual(batchStanding(status).state, 'unknown', status)
  assert.equal(userStanding('SomethingNew').state, 'unknown')
  assert.equal(userStanding('constructor').state, 'unknown')
})

test('a mailbox whose new mail stopped coming is a red alert, as it looks copied', () => {
  assert.deepEqual([userStanding('IncrementalFailed').state, userStanding('IncrementalFailed').alert], ['behind', true])
  assert.equal(userStanding('Synced').alert, false)
  assert.equal(userStanding('Failed').alert, false)
})

test('a mailbox that waits for busy servers is stalled, and no failure', () => {
  assert.equal(userStanding('Syncing', 'StalledDueToTarget_DiskLatency').state, 'stalled')
  assert.equal(userStanding('Syncing', '').state, 'copying')
})

test('what nothing more happens to by itself is at rest; the unknown is watched on', () => {
  for (const [status, rest] of [
    ['Synced', true],
    ['Failed', true],
    ['IncrementalFailed', true],
    ['Stopped', true],
    ['Queued', false],
    ['Syncing', false],
    ['SomethingNew', false],
  ] as const)
    assert.equal(isAtRest(userStanding(status)), rest, status)
})

test('the known texts of Microsoft get a cause and a remedy; others keep their words', () => {
  const told: readonly (readonly [string, RegExp])[] = [
    [`A recipient wasn't found for "x@example.org" on the target.`, /no mailbox/],
    ['We had trouble signing in to this account.', /sign in/],
    ["The connection to the server 'imap.example.org' timed out after 00:00:15.", /in time/],
    ["The connection to the server 'imap.example.org' could not be completed.", /reach/],
    ['The client and server cannot communicate, because they do not possess a common algorithm', /encryption/],
    ['This mailbox is full.', /full/],
    ['The migration batch already exists.', /taken/],
    ['The column Password is missing from the CSV file.', /list/],
    ['Relinquishing job because of StalledDueToTarget_MdbAvailability', /busy/],
  ]
  for (const [text, says] of told) assert.match(explained(text)?.says ?? '', says, text)
  assert.equal(explained('Something else.')?.says, 'Something else.')
  assert.equal(explained(null), null)
  assert.equal(explained(' '), null)
  assert.match(skippedMeaning('LargeItem').says, /Larger/)
  assert.match(skippedMeaning('CorruptItem').says, /refused/)
  assert.match(skippedMeaning('').says, /did not copy/)
})
