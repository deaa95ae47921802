import assert from 'node:assert/strict'
import { test } from 'node:test'
import { selfSigned } from '../../microsoft/self-signed.fixture.ts'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { NEEDS, needsFor } from './app-permissions.ts'
import type { AppFacts } from './connect-app.ts'
import { adminChecks, principalVerdict } from './connect-exchange.ts'
import { permissionCheck } from './connect-graph.ts'
import type { Probe } from './connect-graph.ts'
import { mailboxCheck } from './connect-mailbox.ts'
import type { MailboxFacts, MailboxLook } from './connect-mailbox.ts'
import { expiryChecks } from './connect-sign-in.ts'
import { imapCheck } from './connect.ts'

const facts = (granted: readonly string[], more: Partial<AppFacts> = {}): AppFacts => ({
  displayName: 'mover',
  principalId: 'P',
  registrationId: 'R',
  granted: new Map(granted.map((name) => [name, null])),
  roles: [],
  secrets: [],
  certificates: [],
  ...more,
})
const fails = (code: Failure['code']): { readonly failure: Failure } => ({ failure: new Failure(code, 'It failed.') })

const permissions: readonly (readonly [string, AppFacts | null, Probe, string])[] = [
  ['User.Read.All', facts(['graph User.Read.All']), 'works', 'ok'],
  ['User.Read.All', facts(['graph Directory.Read.All']), 'works', 'ok'],
  ['User.Read.All', facts(['graph User.Read.All']), 'denied', 'waiting'],
  ['User.Read.All', facts([]), 'works', 'ok'],
  ['User.Read.All', facts([]), 'denied', 'missing'],
  ['User.Read.All', null, 'works', 'ok'],
  ['User.Read.All', null, 'denied', 'missing'],
  ['User.Read.All', null, new Failure('server-unavailable', 'Away.'), 'unknown'],
  ['User.ReadWrite.All', facts([]), 'works', 'missing'],
  ['User.ReadWrite.All', null, 'works', 'unknown'],
  ['LicenseAssignment.ReadWrite.All', facts(['graph User.ReadWrite.All']), 'unclear', 'ok'],
  ['Application.Read.All', null, 'unclear', 'missing'],
]

for (const [name, known, probe, state] of permissions) {
  const seen = known === null ? 'nobody may look' : [...known.granted.keys()].join() || 'nothing granted'
  test(`${name}, ${seen}, reading ${String(probe)}: ${state}`, () => {
    const need = NEEDS.find((one) => one.name === name)
    assert.ok(need !== undefined)
    const check = permissionCheck(need, known, probe)
    assert.equal(check.state, state)
    assert.equal(check.step !== null, state === 'missing')
  })
}

test('what Exchange answers to the application tells the permission and the role apart', () => {
  const states = (failure: Failure['code'], known: AppFacts | null): readonly string[] =>
    adminChecks({ works: false, ...fails(failure) }, known).map(({ state }) => state)
  const granted = facts(['exchange Exchange.ManageAsApp'])
  const role = { roles: ['29232cdf-9323-42fd-ade2-1d097af3e4de'] }
  assert.deepEqual(states('role-missing', granted), ['ok', 'missing'])
  assert.deepEqual(states('role-missing', facts([], role)), ['ok', 'waiting'])
  assert.deepEqual(states('role-missing', null), ['ok', 'missing'])
  assert.deepEqual(states('permission-missing', granted), ['waiting', 'missing'])
  assert.deepEqual(states('permission-missing', facts([], role)), ['missing', 'ok'])
  assert.deepEqual(states('permission-missing', null), ['missing', 'unknown'])
  assert.deepEqual(states('server-unavailable', granted), ['unknown', 'unknown'])
  assert.deepEqual(
    adminChecks({ works: true, dehydrated: true }, null).map(({ state }) => state),
    ['ok', 'ok'],
  )
})

test('a service principal counts only with the object id of the enterprise application', () => {
  const state = (ids: readonly string[], known: AppFacts | null, opened = false): string => principalVerdict(ids, known, opened).state
  assert.equal(state([], facts([])), 'missing')
  assert.equal(state(['p'], facts([])), 'ok')
  assert.equal(state(['R'], facts([])), 'missing')
  assert.match(principalVerdict(['R'], facts([]), false).says, /object id of the app registration/)
  assert.match(principalVerdict(['X'], facts([]), false).says, /another object id \(X\)/)
  assert.equal(state(['X'], null), 'unknown')
  assert.equal(state(['X'], null, true), 'ok')
})

test('one mailbox that answers after the sign-in proves the permission for IMAP', () => {
  const state = (known: AppFacts | null, ...looks: readonly MailboxLook[]): string => imapCheck(known, looks).state
  const granted = facts(['exchange IMAP.AccessAsApp'])
  assert.equal(state(null, fails('auth-rejected'), fails('mailbox-not-connected')), 'ok')
  assert.equal(state(granted, fails('auth-rejected')), 'waiting')
  assert.equal(state(granted), 'ok')
  assert.equal(state(granted, fails('throttled')), 'ok')
  assert.equal(state(facts([]), fails('auth-rejected')), 'missing')
  assert.equal(state(null, fails('auth-rejected')), 'missing')
  assert.equal(state(null), 'unknown')
})

test('a mailbox that does not open is told by what administration says of it', () => {
  const fine: MailboxFacts = { exists: true, user: null, imapEnabled: true, access: 'full' }
  const state = (look: MailboxLook, told: MailboxFacts | Failure | null, role: boolean | null = true): string =>
    mailboxCheck('a@example.test', look, told, role).state
  assert.equal(state({ messages: 3 }, null), 'ok')
  assert.equal(state(fails('mailbox-not-connected'), fine), 'waiting')
  assert.equal(state(fails('auth-rejected'), fine), 'waiting')
  assert.equal(state(fails('auth-rejected'), fine, false), 'missing')
  assert.equal(state(fails('mailbox-not-connected'), { ...fine, access: 'denied' }), 'missing')
  assert.equal(state(fails('mailbox-not-connected'), null), 'unknown')
  assert.equal(state(fails('mailbox-not-connected'), new Failure('throttled', 'Slow.')), 'unknown')
  assert.equal(state(fails('connection-refused'), fine), 'unknown')
})

test('the end of a certificate is read from itself, that of a secret from the directory by its first characters', () => {
  const now = Date.UTC(2026, 10, 22)
  const { certificatePem } = selfSigned(new Date(now - 86_400_000), new Date(now + 12 * 86_400_000))
  const common = { tenant: 't', clientId: 'c' }
  const certificate = { ...common, kind: 'certificate', certificatePem, privateKeyPem: new Secret('') } as const
  assert.match(expiryChecks(certificate, null, now)[0]?.says ?? '', /^Runs out on 2026-12-04, in 12 days\. Make a new one/)
  const secret = { ...common, kind: 'secret', clientSecret: new Secret('abc~x') } as const
  const secrets = [
    { name: 'old', hint: 'abd', endsMs: now },
    { name: 'ours', hint: 'abc', endsMs: now + 400 * 86_400_000 },
  ]
  assert.match(expiryChecks(secret, facts([], { secrets }), now)[0]?.says ?? '', /\("ours"\), in 400 days\.$/)
  assert.equal(expiryChecks(secret, null, now)[0]?.state, 'unknown')
  assert.deepEqual(expiryChecks({ ...common, kind: 'device', show: () => {} }, null, now), [])
})

test('to look at the tenant the application must find itself; to copy mail that only helps', () => {
  const isOptional = (purpose: 'copy' | 'plan'): boolean | undefined =>
    needsFor([purpose]).find(({ name }) => name === 'Application.Read.All')?.isOptional
  assert.deepEqual([isOptional('copy'), isOptional('plan')], [true, false])
})
