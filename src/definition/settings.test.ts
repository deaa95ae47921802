import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CMDLETS } from '../tenant-simulator/cmdlets.ts'
import { complaints, Desk, TENANT } from './definition.fixture.ts'
import { INBOUND, OUTBOUND } from './parameters/connectors.ts'
import { ORGANISATION } from './parameters/organisation.ts'
import { CONNECTION, MALWARE, OUTBOUND_SPAM, PHISHING, SPAM } from './parameters/protection.ts'
import { TRANSPORT_RULE } from './parameters/transport-rules.ts'

let desk: Desk
before(async () => {
  desk = await Desk.make()
})
after(() => desk[Symbol.asyncDispose]())

/** Section, one entry of it, and what is said of it: after `line 6, column N: `. */
const WRONG: readonly (readonly [string, string, string])[] = [
  ['connectors', '{ name: A, direction: both, parameters: {} }', 'connectors.direction is "both": one of inbound, outbound'],
  ['connectors', '{ name: A, direction: inbound }', 'connectors.parameters is missing'],
  [
    'connectors',
    '{ name: A, direction: inbound, parameters: {} }',
    'connectors.parameters lack SenderDomains: whose mail comes in here, "*" for everybody',
  ],
  [
    'connectors',
    '{ name: A, direction: inbound, parameters: { SenderDomain: "*" } }',
    'connectors.parameters.SenderDomain is not known here: did you mean SenderDomains?',
  ],
  [
    'connectors',
    '{ name: A, direction: inbound, parameters: { SenderDomains: "*", senderdomains: "*" } }',
    'connectors.parameters.senderdomains stands there twice',
  ],
  [
    'connectors',
    '{ name: A, direction: inbound, parameters: { SenderDomains: "*", RequireTls: yes } }',
    'connectors.parameters.RequireTls is "yes": true or false',
  ],
  [
    'connectors',
    '{ name: A, direction: inbound, parameters: { SenderDomains: "*", Name: B } }',
    'connectors.parameters.Name does not stand here: write name: beside parameters',
  ],
  [
    'connectors',
    '{ name: A, direction: inbound, parameters: { SenderDomains: "*", SenderIPAddresses: 10.0.0.0/8 } }',
    'connectors.parameters.SenderIPAddresses "10.0.0.0/8": IPv4 addresses alone, in ranges from /24 to /32',
  ],
  [
    'connectors',
    '{ name: A, direction: inbound, parameters: { SenderDomains: "*", RestrictDomainsToIPAddresses: true } }',
    'connectors.parameters.RestrictDomainsToIPAddresses needs SenderIPAddresses',
  ],
  [
    'connectors',
    '{ name: A, direction: inbound, parameters: { SenderDomains: "*", "hunter2 ~": 1 } }',
    'connectors.parameters hold a key that is no name of a parameter',
  ],
  [
    'connectors',
    '{ name: A, direction: outbound, parameters: { RecipientDomains: example.org, SmartHosts: mail.example.org } }',
    'connectors.parameters.SmartHosts needs UseMXRecord: false beside it',
  ],
  [
    'connectors',
    '{ name: A, direction: outbound, parameters: { RecipientDomains: example.org, UseMXRecord: false } }',
    'connectors.parameters.UseMXRecord is false, and so needs SmartHosts',
  ],
  [
    'connectors',
    '{ name: A, direction: outbound, parameters: { RecipientDomains: exämple.org } }',
    'connectors.parameters.RecipientDomains is "exämple.org": a domain is written in ASCII: xn--exmple-cua.org',
  ],
  ['transport_rules', '{ name: A, parameters: { SetSCL: 12 } }', 'transport_rules.parameters.SetSCL is 12: a whole number from -1 to 9'],
  [
    'transport_rules',
    '{ name: A, parameters: { FromScope: Inside, DeleteMessage: true } }',
    'transport_rules.parameters.FromScope is "Inside": one of InOrganization, NotInOrganization',
  ],
  [
    'transport_rules',
    '{ name: A, parameters: { FromScope: InOrganization } }',
    'transport_rules.parameters hold no action: the rule would do nothing',
  ],
  [
    'transport_rules',
    '{ name: A, parameters: { Priority: 1 } }',
    'transport_rules.parameters.Priority does not stand here: rules apply in the order in which they stand in the file',
  ],
  [
    'transport_rules',
    '{ name: A, parameters: { SetHeaderName: X-A } }',
    'transport_rules.parameters.SetHeaderName needs SetHeaderValue beside it',
  ],
  [
    'transport_rules',
    '{ name: A, parameters: { RejectMessageReasonText: No, RejectMessageEnhancedStatusCode: 5.1.1 } }',
    'transport_rules.parameters.RejectMessageEnhancedStatusCode is "5.1.1": 5.7.1, or one from 5.7.900 to 5.7.999',
  ],
  [
    'transport_rules',
    '{ name: A, parameters: { MessageSizeOver: large, Quarantine: true } }',
    'transport_rules.parameters.MessageSizeOver is "large": a size like 150 MB',
  ],
  [
    'transport_rules',
    '{ name: A, parameters: { SentTo: [a@example.org, b], Quarantine: true } }',
    'transport_rules.parameters.SentTo is a list: "b": an address like anna@example.org',
  ],
]

/** The same of policies. */
const WRONG_POLICIES: readonly (readonly [string, string])[] = [
  ['{ feature: spam, name: Default, settings: { BulkThreshold: 10 } }', 'settings.BulkThreshold is 10: a whole number from 1 to 9'],
  [
    '{ feature: spam, name: Default, settings: { HighConfidencePhishAction: MoveToJmf } }',
    'settings.HighConfidencePhishAction is "MoveToJmf": one of Quarantine, Redirect',
  ],
  [
    '{ feature: spam, name: Default, settings: { QuarantineRetentionPeriod: 31 } }',
    'settings.QuarantineRetentionPeriod is 31: a whole number from 1 to 30',
  ],
  ['{ feature: spam, name: Own, settings: {} }', 'domains is missing: whom the policy covers (the default policy is called Default)'],
  [
    '{ feature: spam, name: default, domains: example.org, settings: {} }',
    'domains stands there, and the default policy covers everybody whom no other one covers',
  ],
  ['{ feature: connection, name: Own, settings: {} }', 'name is not Default: of the connection filter there is only the default policy'],
  [
    '{ feature: connection, name: Default, settings: { IPAllowList: [192.0.2.1, abc] } }',
    'settings.IPAllowList is a list: "abc": an IP address such as 192.0.2.1 or a range such as 192.0.2.0/24',
  ],
  [
    '{ feature: malware, name: Default, settings: { FileTypeAction: Delete } }',
    'settings.FileTypeAction is "Delete": one of Reject, Quarantine',
  ],
  [
    '{ feature: outbound, name: Default, settings: { AutoForwardingMode: true } }',
    'settings.AutoForwardingMode is true: one of Automatic, On, Off',
  ],
  [
    '{ feature: phishing, name: Default, settings: { PhishThresholdLevel: 2.5 } }',
    'settings.PhishThresholdLevel is 2.5: a whole number from 1 to 4',
  ],
]

test('parameters are known by name, have values of their kind, and go together', async () => {
  for (const [section, entry, expected] of WRONG) {
    const [line = '', ...more] = await complaints(desk.definition(`${TENANT}${section}: [${entry}]\n`))
    assert.deepEqual([line.replace(/^6, column \d+: /, ''), ...more], [expected], entry)
  }
  for (const [entry, expected] of WRONG_POLICIES) {
    const [line = '', ...more] = await complaints(desk.definition(`${TENANT}protection: { policies: [${entry}] }\n`))
    assert.deepEqual([line.replace(/^6, column \d+: /, ''), ...more], [`protection.policies.${expected}`], entry)
  }
  assert.deepEqual(await complaints(desk.definition(`${TENANT}organisation: { settings: { FocusedInboxOn: false } }\n`)), [
    '6, column 29: organisation.settings.FocusedInboxOn does not stand here: write focused_inbox: beside settings',
  ])
})

test('what has a name stands there once, and one domain is the default', async () => {
  const text = `${TENANT}domains: [{ name: a.org, default: true }, { name: A.org }, { name: b.org, default: true }]
connectors:
  - { name: x, direction: outbound, parameters: { AllAcceptedDomains: true } }
  - { name: x, direction: inbound, parameters: { SenderDomains: '*' } }
  - { name: X, direction: inbound, parameters: { SenderDomains: '*' } }
transport_rules: [{ name: r, parameters: { Quarantine: true } }, { name: R, parameters: { Quarantine: true } }]
protection:
  policies:
    - { feature: phishing, name: Office365 AntiPhish Default, settings: {} }
    - { feature: spam, name: Default, settings: {} }
    - { feature: phishing, name: Default, settings: {} }
  dkim: [{ domain: a.org }, { domain: A.org }]
`
  assert.deepEqual(await complaints(desk.definition(text)), [
    '6, column 51: domains.name is "A.org": another entry above has it already',
    '6, column 84: domains.default is true: another domain above is the default already',
    '10, column 13: connectors.name is "X": another entry above has it already',
    '11, column 74: transport_rules.name is "R": another entry above has it already',
    '16, column 34: protection.policies.name is "Default": another entry above has it already',
    '17, column 39: protection.dkim.domain is "A.org": another entry above has it already',
  ])
})

test('parameters get their right names and forms, and unknown ones are passed on', async () => {
  const { wanted } = await desk.wanted(`${TENANT}connectors:
  - name: Out
    direction: outbound
    parameters: { recipientdomains: '*.Example.org', usemxrecord: false, SmartHosts: [192.0.2.1], TlsDomain: null, NewThing: [1, a] }
transport_rules:
  - name: Rule
    parameters: { ExceptIfFromScope: inorganization, MessageSizeOver: 10 MB, SetHeaderName: X-A, SetHeaderValue: 5, From: [<>, A@example.org] }
protection:
  policies:
    - { feature: spam, name: default, settings: { bulkthreshold: '6', AllowedSenderDomains: [] } }
`)
  assert.deepEqual(wanted.connectors[0]?.parameters, {
    RecipientDomains: ['*.Example.org'],
    UseMXRecord: false,
    SmartHosts: ['192.0.2.1'],
    TlsDomain: null,
    NewThing: ['1', 'a'],
  })
  assert.deepEqual(wanted.transportRules[0]?.parameters, {
    ExceptIfFromScope: 'InOrganization',
    MessageSizeOver: '10MB',
    SetHeaderName: 'X-A',
    SetHeaderValue: '5',
    From: ['<>', 'a@example.org'],
  })
  assert.deepEqual(wanted.protection.policies, [
    {
      where: 'cutover.yaml line 15',
      feature: 'spam',
      name: 'Default',
      domains: [],
      settings: { BulkThreshold: 6, AllowedSenderDomains: [] },
    },
  ])
})

/** What the definition says in its own way, or what nobody sets. */
const ELSEWHERE = new Set(
  'Name Identity Priority Enabled ConnectorSource FocusedInboxOn RejectDirectSend ConnectorsEnabled DefaultMinutesToReduceLongEventsBy IsDehydrated EndUserDLUpgradeFlowsDisabled'.split(
    ' ',
  ),
)

test('what the cmdlets of the simulated tenant take is known here, with the same words', () => {
  const pairs = [
    ['New-InboundConnector', INBOUND],
    ['New-OutboundConnector', OUTBOUND],
    ['New-TransportRule', TRANSPORT_RULE],
    ['Set-HostedContentFilterPolicy', SPAM],
    ['Set-MalwareFilterPolicy', MALWARE],
    ['Set-AntiPhishPolicy', PHISHING],
    ['Set-HostedOutboundSpamFilterPolicy', OUTBOUND_SPAM],
    ['Set-HostedConnectionFilterPolicy', CONNECTION],
    ['Set-OrganizationConfig', ORGANISATION],
  ] as const
  for (const [name, table] of pairs) {
    const cmdlet = CMDLETS[name] ?? assert.fail(name)
    const names = cmdlet.parameters.map((each) => each.replace('!', ''))
    assert.deepEqual(
      names.filter((each) => table[each] === undefined && !ELSEWHERE.has(each)),
      [],
      name,
    )
    for (const [parameter, options] of Object.entries(cmdlet.enums ?? {}))
      for (const option of options)
        assert.deepEqual(table[parameter]?.read(option) ?? { value: option }, { value: option }, `${name} ${parameter}`)
  }
})
