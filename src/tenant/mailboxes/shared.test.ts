import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExchangeMailbox } from '../../microsoft/exchange-reads.ts'
import type { WantedMailbox } from '../../model/wanted-tenant.ts'
import type { TenantUser } from '../directory.ts'
import { actualWith, codes, sentences, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { mailboxAt, wantedWith } from './mailbox.fixture.ts'
import { mailboxesPart } from './mailboxes.ts'
import { sharedPart } from './shared.ts'

const accepted = { domain: 'example.test', type: 'Authoritative', isDefault: true, isInitial: false }
const user: TenantUser = {
  id: 'user of info@example.test',
  userPrincipalName: 'info@example.test',
  displayName: 'Info',
  givenName: null,
  surname: null,
  mail: 'info@example.test',
  addresses: ['info@example.test'],
  usageLocation: null,
  isEnabled: true,
  isGuest: false,
  isSynced: false,
  immutableId: null,
  licences: [],
  licenceErrors: [],
  hasExchangePlan: false,
  deletedMs: null,
}

type Case = {
  readonly wanted?: Partial<WantedMailbox>
  readonly mailbox?: Partial<ExchangeMailbox> | null
  readonly users?: readonly TenantUser[]
  readonly deleted?: readonly ExchangeMailbox[]
}

function compared({ wanted = {}, mailbox = { kind: 'SharedMailbox' }, users = [user], deleted = [] }: Case) {
  const tenant = wantedWith({ mailboxes: [wantedMailbox('info@example.test', { kind: 'shared', ...wanted })] })
  const mailboxes = mailbox === null ? [] : [mailboxAt('info@example.test', mailbox)]
  const actual = actualWith({ users }, { mailboxes, deletedMailboxes: deleted, acceptedDomains: [accepted] })
  const [made, kept] = [mailboxesPart.compare(tenant, actual, null), sharedPart.compare(tenant, actual, null)]
  return { changes: [...made.changes, ...kept.changes], findings: [...made.findings, ...kept.findings] }
}

test('sign-in to a shared mailbox is blocked, but not that of a room or where it is blocked', () => {
  const plan = compared({})
  assert.match(sentences(plan)[0] ?? '', /^Block sign-in to the shared mailbox info@example\.test/)
  assert.deepEqual(plan.changes[0]?.calls, [
    { graph: 'PATCH', path: '/users/user%20of%20info%40example.test', body: { accountEnabled: false } },
  ])
  assert.deepEqual(sentences(compared({ users: [{ ...user, isEnabled: false }] })), [])
  assert.deepEqual(sentences(compared({ wanted: { kind: 'room' }, mailbox: { kind: 'RoomMailbox' } })), [])
})

test('a mailbox of another kind is converted before its sign-in is blocked, and undo makes it what it was', () => {
  const plan = compared({ mailbox: { kind: 'UserMailbox' } })
  const [conversion = assert.fail(), block = assert.fail()] = plan.changes
  assert.equal(conversion.says, 'Make info@example.test a shared mailbox (was UserMailbox)')
  assert.deepEqual(block.after, [conversion.key])
  assert.deepEqual(conversion.undo, [{ cmdlet: 'Set-Mailbox', parameters: { Identity: 'info@example.test', Type: 'Regular' } }])
  assert.deepEqual(codes(plan), ['mailbox-converted'])
})

test('what Active Directory owns is told and not converted or blocked', () => {
  const plan = compared({ mailbox: { kind: 'UserMailbox', isSynced: true }, users: [{ ...user, isSynced: true }] })
  assert.deepEqual([sentences(plan), codes(plan)], [[], ['synced-object', 'synced-object']])
})

test('a mailbox that can be nothing else, such as one of the system, is a blocker', () => {
  const plan = compared({ mailbox: { kind: 'DiscoveryMailbox' }, users: [] })
  assert.deepEqual([codes(plan), plan.findings[0]?.severity], [['mailbox-of-another-kind'], 'blocker'])
})

test('an address that a user, or a deleted or inactive mailbox has, is told with its way out', () => {
  const [taken = assert.fail()] = compared({ mailbox: null }).findings
  assert.deepEqual([taken.code, taken.severity, taken.about], ['address-taken', 'blocker', 'info@example.test'])
  const [deleted = assert.fail()] = compared({ mailbox: null, users: [], deleted: [mailboxAt('info@example.test')] }).findings
  assert.match(deleted.remedy, /gives up info@example\.test by itself after 30 days/)
  const inactive = mailboxAt('info@example.test', { isInactive: true })
  const [kept = assert.fail()] = compared({ mailbox: null, users: [], deleted: [inactive] }).findings
  assert.match(kept.remedy, /on hold/)
})

test('a shared mailbox is made with a name and an alias that nobody else has', () => {
  const tenant = wantedWith({
    mailboxes: [
      wantedMailbox('info@example.test', { kind: 'shared', displayName: 'Info' }),
      wantedMailbox('info@other.example', { kind: 'room', displayName: 'Info', alias: 'room' }),
    ],
    domains: [{ name: 'other.example', type: null, isDefault: null, where: 'cutover.yaml line 3' }],
  })
  const plan = mailboxesPart.compare(tenant, actualWith({}, { acceptedDomains: [accepted] }), null)
  const parameters = plan.changes.flatMap(({ calls }) => calls.flatMap((call) => ('cmdlet' in call ? [call.parameters] : [])))
  assert.deepEqual(parameters, [
    { Shared: true, Name: 'info@example.test', DisplayName: 'Info', Alias: 'info', PrimarySmtpAddress: 'info@example.test' },
    { Room: true, Name: 'info@other.example', DisplayName: 'Info', Alias: 'room', PrimarySmtpAddress: 'info@other.example' },
  ])
  assert.deepEqual(plan.changes[1]?.after, ['domain-accepted other.example'])
})

test('an address in a foreign domain, or with letters that Exchange does not take, is a blocker', () => {
  const tenant = wantedWith({
    mailboxes: [wantedMailbox('büro@example.test', { kind: 'shared' }), wantedMailbox('a@foreign.example', { kind: 'shared' })],
  })
  const plan = mailboxesPart.compare(tenant, actualWith({}, { acceptedDomains: [accepted] }), null)
  assert.deepEqual(codes(plan), ['invalid-address', 'domain-unknown'])
  assert.ok(plan.findings.every(({ severity }) => severity === 'blocker'))
})

test('a person whose deleted mailbox comes back with the licence is told', () => {
  const back = compared({ wanted: { kind: 'user' }, mailbox: null, deleted: [mailboxAt('info@example.test')] })
  assert.deepEqual(codes(back), ['mailbox-comes-back'])
})
