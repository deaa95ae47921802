import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedMailbox } from '../../model/wanted-tenant.ts'
import { mailboxAt } from '../mailboxes/mailbox.fixture.ts'
import { wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { type Around, BASIC, E3, held, plannedFor, said, told, userAt } from './people.fixture.ts'

const ANNA = 'anna@example.test'
const anna = (more: Partial<WantedMailbox> = {}): WantedMailbox =>
  wantedMailbox(ANNA, { licences: ['ENTERPRISEPACK'], usageLocation: 'DE', ...more })
const licensed = { licences: [held(E3)] }
const inAd: Around['directory'] = { isSynced: true }

type Case = {
  readonly what: string
  readonly wanted?: Partial<WantedMailbox>
  readonly around?: Around
  readonly changes?: readonly RegExp[]
  readonly findings?: readonly string[]
}
const NEW = [/^Create the user anna@/, /^Give anna@.* ENTERPRISEPACK \(Office 365 E3\)$/]
const CASES: readonly Case[] = [
  { what: 'a user that is not there is created and gets its licence', changes: NEW },
  { what: 'a user with all that is wanted is left alone', around: { directory: { users: [userAt(ANNA, licensed)] } } },
  {
    what: 'letter case makes no other user',
    wanted: { address: 'Anna@Example.test', userPrincipalName: 'Anna@Example.test', licences: ['enterprisepack'] },
    around: { directory: { users: [userAt(ANNA, licensed)] } },
  },
  {
    what: 'names and location are changed where they are wanted and differ',
    wanted: { displayName: 'Anna Berg', givenName: 'Anna', surname: null, usageLocation: 'at' },
    around: { directory: { users: [userAt(ANNA, { ...licensed, givenName: 'Anna', surname: 'Tal' })] } },
    changes: [/^Rename the user .*: display name "Anna Berg" \(was "anna@example.test"\)$/, /^Set the location .* to AT \(was "DE"\)$/],
  },
  {
    what: 'a further address of somebody else does not make the two one person',
    around: { directory: { users: [userAt('annika@example.test', { addresses: ['annika@example.test', ANNA] })] } },
    findings: [`blocker upn-differs ${ANNA}`],
  },
  {
    what: 'whoever has the address as the primary one is the person, whatever the user name',
    around: { directory: { users: [userAt('a123@example.test', { ...licensed, mail: ANNA, addresses: [ANNA] })] } },
    findings: [`warning upn-differs ${ANNA}`],
  },
  {
    what: 'a user name that is not the address is told',
    wanted: { userPrincipalName: 'a123@example.test' },
    around: { directory: { users: [userAt('a123@example.test', { ...licensed, mail: ANNA, addresses: [ANNA] })] } },
    findings: [`note upn-not-address ${ANNA}`],
  },
  {
    what: 'an address of a contact is taken',
    around: {
      recipients: { all: [{ id: 'c', name: 'Anna', kind: 'MailContact', primaryAddress: ANNA, addresses: [ANNA], isSynced: false }] },
    },
    findings: [`blocker address-taken ${ANNA}`],
  },
  {
    what: 'a further address of a shared mailbox is taken by that, and not by its user',
    around: {
      directory: { users: [userAt('info@example.test', { isEnabled: false, addresses: ['info@example.test', ANNA] })] },
      recipients: {
        all: [
          {
            id: 'id of info@example.test',
            name: 'Info',
            kind: 'SharedMailbox',
            primaryAddress: 'info@example.test',
            addresses: ['info@example.test', ANNA],
            isSynced: false,
          },
        ],
      },
    },
    findings: [`blocker address-taken ${ANNA}`],
  },
  {
    what: 'an address of a Microsoft 365 group is taken',
    around: { directory: { groups: [{ id: 'g', displayName: 'Anna', addresses: [ANNA], isUnified: true, isSynced: false }] } },
    findings: [`blocker address-taken ${ANNA}`],
  },
  {
    what: 'the user name may be taken though the address is free',
    wanted: { userPrincipalName: 'ab@example.test' },
    around: { directory: { groups: [{ id: 'g', displayName: 'Anna', addresses: ['ab@example.test'], isUnified: true, isSynced: false }] } },
    findings: [`blocker address-taken ${ANNA}`],
  },
  {
    what: 'a deleted user keeps its address for 30 days',
    around: { directory: { deletedUsers: [userAt(ANNA, { deletedMs: Date.parse('2026-11-21') })] } },
    findings: [`blocker address-deleted ${ANNA}`],
  },
  {
    what: 'a deleted mailbox keeps its address',
    around: { recipients: { deletedMailboxes: [mailboxAt(ANNA)] } },
    findings: [`blocker address-deleted ${ANNA}`],
  },
  {
    what: 'a deleted mailbox of the person herself is in nobody’s way',
    around: {
      directory: { users: [userAt(ANNA, licensed)] },
      recipients: { deletedMailboxes: [mailboxAt(ANNA, { userId: `id of ${ANNA}` })] },
    },
  },
  {
    what: 'a guest has no mailbox here',
    around: {
      directory: { users: [userAt('anna_old.example#ext#@example.onmicrosoft.com', { isGuest: true, mail: ANNA, addresses: [ANNA] })] },
    },
    findings: [`blocker guest-account ${ANNA}`],
  },
  {
    what: 'a user who may not sign in is told',
    around: { directory: { users: [userAt(ANNA, { ...licensed, isEnabled: false })] } },
    findings: [`warning user-disabled ${ANNA}`],
  },
  {
    what: 'in a synced tenant users are made in Active Directory',
    around: { directory: inAd },
    findings: [`blocker create-in-ad ${ANNA}`],
  },
  { what: 'a domain can be of the cloud alone', around: { directory: inAd, wanted: { cloudOnly: ['Example.TEST'] } }, changes: NEW },
  { what: 'a single user can be of the cloud alone', around: { directory: inAd, wanted: { cloudOnly: [ANNA] } }, changes: NEW },
  {
    what: 'of a synced user licence and location are set, and names are not',
    wanted: { displayName: 'Anna Berg', usageLocation: 'AT' },
    around: { directory: { ...inAd, users: [userAt(ANNA, { isSynced: true, immutableId: 'x' })] } },
    changes: [/^Set the location/, /^Give anna@/],
    findings: [`warning synced-names ${ANNA}`],
  },
  {
    what: 'a user of the cloud in a synced tenant may be taken over',
    around: { directory: { ...inAd, users: [userAt(ANNA, licensed)] } },
    findings: [`note soft-match ${ANNA}`],
  },
  {
    what: 'a domain that is not in the tenant is in the way',
    wanted: { userPrincipalName: 'anna@other.test' },
    findings: [`blocker domain-not-verified ${ANNA}`],
  },
  {
    what: 'users of a federated domain are not made here',
    around: {
      directory: {
        domains: [
          {
            name: 'example.test',
            isVerified: true,
            isDefault: true,
            isInitial: false,
            authenticationType: 'Federated',
            supportedServices: [],
          },
        ],
      },
    },
    findings: [`blocker domain-federated ${ANNA}`],
  },
  {
    what: 'somebody who looks like the same person is told, and the user is made all the same',
    wanted: { displayName: 'Anna BERG' },
    around: { directory: { users: [userAt('a.berg@example.test', { displayName: 'Anna Berg' })] } },
    changes: NEW,
    findings: [`warning looks-alike ${ANNA}`],
  },
  {
    what: 'the same name in front of another domain looks alike too',
    around: { directory: { users: [userAt('anna@example.onmicrosoft.com', { displayName: 'A. B.' })] } },
    changes: NEW,
    findings: [`warning looks-alike ${ANNA}`],
  },
]
for (const { what, wanted = {}, around = {}, changes = [], findings = [] } of CASES) {
  test(what, () => {
    const plan = plannedFor([anna(wanted)], around)
    assert.deepEqual(
      told(plan).map((one) => one.toLowerCase()),
      findings,
    )
    assert.equal(plan.changes.length, changes.length, said(plan).join('\n'))
    for (const [at, expected] of changes.entries()) assert.match(said(plan)[at] ?? '', expected)
  })
}

test('a domain that is wanted is verified first, and its users wait for it', () => {
  const domains = [{ name: 'new.test', type: null, isDefault: null, where: 'cutover.yaml line 3' }]
  const { changes, findings } = plannedFor([anna({ address: 'anna@new.test', userPrincipalName: 'anna@new.test' })], {
    wanted: { domains },
  })
  assert.deepEqual([changes[0]?.key, changes[0]?.after, findings], ['user anna@new.test', ['domain-verified new.test'], []])
})

test('a user is made with a password that nobody chose, and taken back by its id', () => {
  const [change] = plannedFor([anna({ displayName: '{made.id} Berg', givenName: 'Anna', alias: 'a.berg' })]).changes
  assert.deepEqual(change?.calls, [
    {
      graph: 'POST',
      path: '/users',
      body: {
        accountEnabled: true,
        displayName: '{made.id} Berg',
        givenName: 'Anna',
        mailNickname: 'a.berg',
        userPrincipalName: ANNA,
        usageLocation: 'DE',
        passwordProfile: { password: { $: 'secret.password' }, forceChangePasswordNextSignIn: true },
        passwordPolicies: 'None',
      },
    },
  ])
  assert.deepEqual(change?.undo, [{ graph: 'DELETE', path: '/users/{made.id}' }])
  assert.deepEqual(change?.secrets, ['password'])
})

test('a deleted object is told with the day on which its address is free', () => {
  const deletedUsers = [userAt(ANNA, { displayName: 'Anna Berg', deletedMs: Date.parse('2026-11-21T23:00:00Z') })]
  const [finding] = plannedFor([anna()], { directory: { deletedUsers } }).findings
  assert.equal(finding?.says, `The deleted user "Anna Berg" (${ANNA}) keeps ${ANNA} until about 2026-12-21.`)
  assert.match(finding?.remedy ?? '', /restore that user .* delete it there for good/)
})

test('a user who is wanted for two mailboxes gets the first one, and the second is told where it stands', () => {
  const second = wantedMailbox('info@example.test', { userPrincipalName: ANNA, licences: ['ENTERPRISEPACK'], usageLocation: 'DE' })
  const plan = plannedFor([anna(), second])
  assert.deepEqual(told(plan), ['blocker user-twice info@example.test'])
  assert.deepEqual(
    plan.changes.map(({ about }) => about),
    [ANNA, ANNA],
  )
})

test('two new people of one name are told, once', () => {
  const of = (address: string) => anna({ address, userPrincipalName: address, displayName: 'Anna Berg' })
  assert.deepEqual(told(plannedFor([of(ANNA), of('a.berg@example.test')])), ['warning looks-alike a.berg@example.test'])
})

test('a shared mailbox makes no user, and its licence waits for it', () => {
  const shared = wantedMailbox('info@example.test', { kind: 'shared', licences: [BASIC.part], usageLocation: 'DE' })
  const plan = plannedFor([shared])
  assert.deepEqual(
    plan.changes.map(({ key, after }) => [key, after[0]]),
    [
      ['usage-location info@example.test', 'mailbox info@example.test'],
      [`licence info@example.test ${BASIC.part.toLowerCase()}`, 'mailbox info@example.test'],
    ],
  )
})
