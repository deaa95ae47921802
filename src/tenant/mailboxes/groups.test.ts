import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedContact, WantedGroup, WantedMailbox } from '../../model/wanted-tenant.ts'
import { contactsPart } from './contacts.ts'
import type { TenantGroup } from '../directory.ts'
import { groupsPart } from './groups.ts'
import type { GroupsRead } from './groups-read.ts'
import { actualWith, codes, sentences, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { mailboxAt, wantedGroup, wantedWith } from './mailbox.fixture.ts'
import type { Recipient } from '../recipients.ts'

const accepted = { domain: 'example.test', type: 'Authoritative', isDefault: true, isInitial: false }

function recipient(kind: string, address: string, ...aliases: readonly string[]): Recipient {
  return { id: `id of ${address}`, name: address, kind, primaryAddress: address, addresses: [address, ...aliases], isSynced: false }
}

const anna = recipient('UserMailbox', 'anna@example.test', 'a@example.test')
const ben = recipient('UserMailbox', 'ben@example.test')

type Case = {
  readonly mailboxes?: readonly WantedMailbox[]
  readonly contacts?: readonly WantedContact[]
  readonly all?: readonly Recipient[]
  readonly groups?: readonly TenantGroup[]
  /** The group that is there, and who is in it. */
  readonly there?: {
    readonly row?: Readonly<Record<string, string | boolean>>
    readonly members?: readonly Recipient[]
    readonly isSynced?: boolean
  }
}

function compared(group: Partial<WantedGroup>, { mailboxes = [], contacts = [], all = [anna, ben], groups = [], there }: Case = {}) {
  const wanted = wantedWith({ groups: [wantedGroup('team@example.test', 'Team', group)], mailboxes, contacts })
  const team = { ...recipient('MailUniversalDistributionGroup', 'team@example.test'), isSynced: there?.isSynced === true }
  const recipients = there === undefined ? all : [...all, team]
  const actual = actualWith({ groups }, { all: recipients, acceptedDomains: [accepted], mailboxes: [mailboxAt('anna@example.test')] })
  const row = { DisplayName: 'Team', RequireSenderAuthenticationEnabled: true, ...there?.row }
  const read: GroupsRead = {
    groups: there === undefined ? [] : [{ guid: 'team', row, recipient: team }],
    members: new Map([['team', there?.members ?? []]]),
    owned: new Map([['ben@example.test', new Set(['team'])]]),
  }
  const [made, known] = [groupsPart.compare(wanted, actual, read), contactsPart.compare(wanted, actual, null)]
  return { changes: [...known.changes, ...made.changes], findings: [...known.findings, ...made.findings] }
}

test('a new group is made with the members that are there; the others come when they are', () => {
  const members = ['A@example.test', 'new@example.test', 'out@foreign.example', 'nobody@example.test', 'team@example.test']
  const plan = compared({ members, outsideSenders: false }, { mailboxes: [wantedMailbox('new@example.test')] })
  assert.deepEqual(sentences(plan), [
    'Create a contact for out@foreign.example',
    'Create the distribution group team@example.test ("Team") with 1 member',
    'Add new@example.test to the group team@example.test',
    'Add out@foreign.example to the group team@example.test',
  ])
  assert.deepEqual(plan.changes[1]?.calls, [
    {
      cmdlet: 'New-DistributionGroup',
      parameters: {
        Name: 'Team',
        DisplayName: 'Team',
        Alias: 'team',
        PrimarySmtpAddress: 'team@example.test',
        Type: 'Distribution',
        Members: ['a@example.test'],
        RequireSenderAuthenticationEnabled: true,
      },
    },
  ])
  assert.deepEqual(plan.changes[2]?.after, ['group team@example.test', 'mailbox new@example.test', 'primary-address new@example.test'])
  assert.deepEqual(plan.changes[3]?.after, ['group team@example.test', 'contact out@foreign.example'])
  assert.deepEqual([codes(plan), plan.findings[0]?.severity], [['member-unknown'], 'warning'])
})

test('of a group that is there only what differs is changed, and members stay unless exactly these are wanted', () => {
  const there = { row: { DisplayName: 'Old' }, members: [anna, ben] }
  const group = { members: ['a@example.test'], owners: ['Ben@example.test'], outsideSenders: true, hidden: false }
  assert.deepEqual(sentences(compared(group, { there })), [
    'Set the group team@example.test: name "Team" (was "Old"), open to senders from outside',
  ])
  assert.deepEqual(sentences(compared({ members: ['a@example.test'], exactly: true }, { there: { members: [anna, ben] } })), [
    'Take ben@example.test out of the group team@example.test',
  ])
  assert.deepEqual(sentences(compared({ members: ['a@example.test'] }, { there: { members: [anna, ben] } })), [])
})

test('an owner is added where it is none yet', () => {
  const plan = compared({ owners: ['ben@example.test', 'anna@example.test'] }, { there: {} })
  assert.deepEqual(sentences(plan), ['Make anna@example.test an owner of the group team@example.test'])
})

test('a Microsoft 365 group, a mailbox, or something deleted with its address is a blocker that tells the way out', () => {
  const unified = { id: 'g', displayName: 'Team', addresses: ['team@example.test'], isUnified: true, isSynced: false }
  const cases = [
    [compared({}, { groups: [unified] }), 'microsoft-365-group'],
    [compared({}, { all: [recipient('UserMailbox', 'other@example.test', 'team@example.test')] }), 'address-taken'],
    [compared({}, { mailboxes: [wantedMailbox('Team@example.test')] }), 'address-wanted-twice'],
    [compared({ address: 'team@foreign.example' }), 'domain-unknown'],
    [compared({ address: 'büro@example.test' }), 'invalid-address'],
  ] as const
  for (const [plan, code] of cases) assert.deepEqual([codes(plan), plan.findings[0]?.severity], [[code], 'blocker'])
})

test('a synced group is told with what Active Directory would have to change, and not touched', () => {
  const plan = compared({ members: ['anna@example.test'] }, { there: { isSynced: true, row: { DisplayName: 'Old' } } })
  assert.deepEqual([plan.changes, codes(plan)], [[], ['synced-object']])
  assert.match(plan.findings[0]?.remedy ?? '', /name "Team" \(was "Old"\); Add anna@example\.test to the group/)
  assert.deepEqual(codes(compared({}, { there: { isSynced: true } })), [])
})

test('an alias of a group that somebody has is told, and the others are given', () => {
  const plan = compared({ aliases: ['ben@example.test', 'crew@example.test'] }, { there: {} })
  assert.deepEqual(sentences(plan), ['Give the group team@example.test the further address crew@example.test'])
  assert.match(plan.findings[0]?.says ?? '', /^ben@example\.test belongs to the mailbox/)
})

test('a contact is made once for each address, and a guest or a mail user does as well', () => {
  const out = { address: 'Out@foreign.example', name: 'Out', where: 'cutover.yaml line 20' }
  const plan = compared({ members: ['out@foreign.example'] }, { contacts: [out] })
  assert.equal(sentences(plan)[0], 'Create the contact Out@foreign.example ("Out")')
  assert.equal(plan.changes.filter(({ kind }) => kind === 'contact').length, 1)
  const guest = recipient('GuestMailUser', 'out@foreign.example')
  assert.ok(
    !compared({ members: ['out@foreign.example'] }, { contacts: [out], all: [guest] }).changes.some(({ kind }) => kind === 'contact'),
  )
})

test('a contact whose address a mailbox has is a blocker', () => {
  const plan = compared({}, { contacts: [{ address: 'ben@example.test', name: 'Ben', where: 'cutover.yaml line 20' }], there: {} })
  assert.deepEqual([codes(plan), plan.findings[0]?.about, plan.findings[0]?.severity], [['address-taken'], 'ben@example.test', 'blocker'])
})
