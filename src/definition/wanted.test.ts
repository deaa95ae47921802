import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { WantedMailbox } from '../model/wanted-tenant.ts'
import { complaints, Desk, TENANT } from './definition.fixture.ts'

let desk: Desk
before(async () => {
  desk = await Desk.make()
})
after(() => desk[Symbol.asyncDispose]())

const NOTHING_SAID: WantedMailbox = {
  where: 'mailboxes.csv line 2',
  address: 'anna@example.org',
  kind: 'user',
  userPrincipalName: 'anna@example.org',
  displayName: null,
  givenName: null,
  surname: null,
  alias: null,
  aliases: [],
  licences: [],
  usageLocation: null,
  language: null,
  timeZone: null,
  archive: null,
  retentionHold: null,
  litigationHold: null,
  forwarding: null,
  hidden: null,
  sizes: { receiveBytes: null, sendBytes: null },
  protocols: {},
  fullAccess: [],
  sendAs: [],
  sourceBytes: null,
  isMigrated: true,
}
const MB = 2 ** 20

test('what nothing is said of is left alone', async () => {
  const { wanted, findings } = await desk.wanted(TENANT, 'target\nAnna@Example.org\n')
  assert.deepEqual(wanted, {
    mailboxes: [NOTHING_SAID],
    groups: [],
    contacts: [],
    domains: [],
    connectors: [],
    transportRules: [],
    protection: { where: 'cutover.yaml line 1', preset: null, presetDomains: [], policies: [], dkim: [], quarantineNotices: null },
    organisation: { where: 'cutover.yaml line 1', customization: true, focusedInbox: null, directSend: null, settings: {} },
    migration: { where: 'cutover.yaml line 1', app: null, sizes: { receiveBytes: null, sendBytes: null }, suspendRetention: false },
  })
  assert.deepEqual(findings, [])
})

test('a line of the list says everything about a mailbox', async () => {
  const cells: Readonly<Record<string, string>> = {
    source_login: 'anna',
    source_password: 'env:NOBODY_ASKS',
    target: 'Anna@example.org',
    name: 'Anna',
    kind: 'User',
    alias: 'anna.e',
    aliases: '"smtp:A@example.org, b@example.org X500:/o=old"',
    display_name: 'Anna Example',
    given_name: 'Anna',
    surname: 'Example',
    upn: 'anna@corp.example.org',
    license: 'Microsoft 365 E3+exchangearchive_addon',
    location: 'de',
    language: 'de-de',
    time_zone: 'W. Europe Standard Time',
    archive: 'yes',
    retention_hold: 'WAHR',
    litigation_hold: 'no',
    forward_to: 'bert@example.org',
    keep_copy: 'no',
    hidden: '0',
    receive_size: '150 MB',
    send_size: '36MB',
    protocols: "'-pop imap",
    full_access: 'bert@example.org',
    send_as: 'bert@example.org bert@example.org',
    size: '"1.5 GB (1,610,612,736 bytes)"',
  }
  const bert = Object.keys(cells).map((column) => (column === 'target' ? 'bert@example.org' : ''))
  const list = [Object.keys(cells), Object.values(cells), bert].map((row) => row.join(',')).join('\n')
  const { wanted, findings } = await desk.wanted(TENANT, list)
  assert.deepEqual(wanted.mailboxes[0], {
    ...NOTHING_SAID,
    userPrincipalName: 'anna@corp.example.org',
    displayName: 'Anna Example',
    givenName: 'Anna',
    surname: 'Example',
    alias: 'anna.e',
    aliases: ['a@example.org', 'b@example.org'],
    licences: ['SPE_E3', 'EXCHANGEARCHIVE_ADDON'],
    usageLocation: 'DE',
    language: 'de-DE',
    timeZone: 'W. Europe Standard Time',
    archive: true,
    retentionHold: true,
    litigationHold: false,
    forwarding: { to: 'bert@example.org', keepCopy: false },
    hidden: false,
    sizes: { receiveBytes: 150 * MB, sendBytes: 36 * MB },
    protocols: { imap: true, pop: false },
    fullAccess: ['bert@example.org'],
    sendAs: ['bert@example.org'],
    sourceBytes: 1_610_612_736,
  })
  assert.deepEqual(findings, [])
})

test('a line comes before the defaults, and what wants a licence goes to persons alone', async () => {
  const text = `${TENANT}shared:
  - { address: info@example.org, name: Info, protocols: { imap: true } }
`
  const defaults = '{ licence: SPB, location: DE, archive: true, language: de-DE, protocols: { imap: false, smtp_auth: false } }'
  const list =
    'target,kind,licence,language,protocols\nanna@example.org,,,,\nbert@example.org,,none,en-GB,imap pop\nroom@example.org,room,,,\n'
  const { wanted } = await desk.wanted(text, list, `, defaults: ${defaults}`)
  assert.deepEqual(
    wanted.mailboxes.map(({ licences, archive, usageLocation, language, protocols }) => [
      licences,
      archive,
      usageLocation,
      language,
      protocols,
    ]),
    [
      [['SPB'], true, 'DE', 'de-DE', { imap: false, 'smtp-auth': false }],
      [[], true, 'DE', 'en-GB', { imap: true, pop: true, 'smtp-auth': false }],
      [[], null, null, 'de-DE', { imap: false, 'smtp-auth': false }],
      [[], null, null, 'de-DE', { imap: true, 'smtp-auth': false }],
    ],
  )
})

test('cells that are not understood are told all at once, by line and column of the list', async () => {
  const header = 'target,kind,upn,licence,location,language,archive,forward_to,keep_copy,protocols,full_access,size,aliases'
  const rows = [
    'anna@example.org,person,anna+x@example.org,No Such Thing,UK,german,maybe,anna,,telnet,a@example.org b,huge,',
    'jürgen@example.org,,,,,,,,,,,,',
    'b+x@example.org,,,,,,,,yes,,,,a..b@example.org',
    'b+y@example.org,shared,,,,,,b+y@example.org,,,,,',
  ]
  assert.deepEqual(await complaints(desk.wanted(TENANT, [header, ...rows].join('\n'))), [
    'mailboxes.csv line 2: kind is "person": one of user, shared, room, equipment; skip leaves it behind',
    'mailboxes.csv line 2: upn is "anna+x@example.org": "+" may not stand in a sign-in name; annax@example.org would do',
    'mailboxes.csv line 2: licence is "No Such Thing": a SKU part number such as SPE_E3, or a product name such as Microsoft 365 E3',
    'mailboxes.csv line 2: location is "UK": a country in two letters, such as DE; did you mean GB?',
    'mailboxes.csv line 2: language is "german": a language and its country, such as de-DE',
    'mailboxes.csv line 2: archive is "maybe": yes or no',
    'mailboxes.csv line 2: forward_to is "anna": an address like anna@example.org',
    'mailboxes.csv line 2: protocols is "telnet": words of imap, pop, owa, mapi, activesync, ews, smtp-auth, with a minus before what is switched off: imap -pop',
    'mailboxes.csv line 2: full_access is "a@example.org b": "b": an address like anna@example.org',
    'mailboxes.csv line 2: size is "huge": a size like 150 MB',
    'mailboxes.csv line 3: target is "jürgen@example.org": "ü" may not stand in an address; juergen@example.org would do',
    'mailboxes.csv line 4: target is "b+x@example.org", and so is the sign-in name: "+" may not stand in a sign-in name; bx@example.org would do, in the column upn',
    'mailboxes.csv line 4: keep_copy stands there without forward_to',
    'mailboxes.csv line 4: aliases is "a..b@example.org": before the @ no dot stands at the beginning, at the end or beside another; a.b@example.org would do',
    'mailboxes.csv line 5: b+y@example.org forwards to itself',
  ])
})

test('an address belongs to one thing alone, in the list, in the definition and between them', async () => {
  const text = `${TENANT}shared:
  - { address: anna@example.org, name: A }
  - { address: one@example.org, name: One, aliases: [two@example.org, TWO@example.org, one@example.org] }
groups:
  - address: all@example.org
    name: All
    aliases: two@example.org
    members: [all@example.org]
contacts:
  - { address: signs-in@example.org, name: C }
`
  const list = 'target,aliases,upn\nanna@example.org,a@example.org a@example.org,\nbert@example.org,A@example.org,signs-in@example.org\n'
  assert.deepEqual(await complaints(desk.wanted(text, list)), [
    '7, column 16: address anna@example.org is taken already, as an address in mailboxes.csv line 2',
    '10: the group all@example.org is its own member',
    '12, column 14: alias two@example.org is taken already, as an alias in cutover.yaml line 8, column 53',
    '15, column 16: address signs-in@example.org is taken already, as a sign-in name in mailboxes.csv line 3',
    'mailboxes.csv line 3: alias a@example.org is taken already, as an alias in mailboxes.csv line 2',
  ])
})

test('what is only doubtful is a finding, told once, with its place', async () => {
  const text = `${TENANT}groups:
  - { address: a@example.org, name: A, members: [b@example.org, w@example.org, x@example.org, y@example.org, z@example.org] }
  - { address: b@example.org, name: B, members: [a@example.org] }
transport_rules:
  - { name: Everything, parameters: { SetSCL: -1 } }
  - { name: New, parameters: { SomethingNew: true } }
domains: [{ name: example.org }]
protection: { dkim: [{ domain: example.net }] }
`
  const { findings } = await desk.wanted(text, 'target,licence\nanna@example.org,NEW_SKU\nbert@example.org,NEW_SKU\n')
  assert.deepEqual(
    findings.map(({ code, about, where, severity }) => [code, about, where, severity]),
    [
      ['licence-unknown', 'NEW_SKU', 'mailboxes.csv line 2', 'warning'],
      ['member-unknown', 'a@example.org', 'cutover.yaml line 7', 'warning'],
      ['group-circle', 'a@example.org', 'cutover.yaml line 7', 'warning'],
      ['parameter-unknown', 'New', 'cutover.yaml line 11', 'warning'],
      ['rule-for-all', 'Everything', 'cutover.yaml line 10', 'warning'],
      ['domain-not-listed', 'example.net', 'cutover.yaml line 13', 'warning'],
    ],
  )
  assert.match(findings[1]?.says ?? '', /names w@example\.org, x@example\.org, y@example\.org and 1 more,/)
})

test('five thousand mailboxes are understood in a moment', async () => {
  const rows = Array.from(
    { length: 5000 },
    (_, n) => `u${n}@example.org,SPE_E3,DE,de-DE,W. Europe Standard Time,imap -pop,x${n}@example.org`,
  )
  const { wanted } = await desk.wanted(TENANT, ['target,licence,location,language,time_zone,protocols,aliases', ...rows].join('\n'))
  assert.equal(wanted.mailboxes.length, 5000)
})

test('what is made in the cloud of a synced tenant and which licence gives way are said only where they stand', async () => {
  const list = 'target,licence,without_licence\nanna@example.org,SPE_E3,Exchange Online Plan 1\nbert@example.org,SPE_E3,\n'
  const { wanted } = await desk.wanted(`${TENANT}  cloud_only: [Example.ORG, anna@example.org]\n`, list)
  assert.deepEqual(wanted.cloudOnly, ['example.org', 'anna@example.org'])
  assert.deepEqual(
    wanted.mailboxes.map(({ withoutLicences }) => withoutLicences),
    [['EXCHANGESTANDARD'], undefined],
  )
  assert.deepEqual((await desk.wanted(`${TENANT}  cloud_only: all\n`)).wanted.cloudOnly, ['*'])
  assert.equal('cloudOnly' in (await desk.wanted(TENANT)).wanted, false)
})
