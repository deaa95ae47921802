import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf, type Props } from './props.ts'
import { startTenant, type TenantClient } from './tenant-client.fixture.ts'
import { recipientsOf, transport } from './transport.ts'

const mail = (to: string, subject: string, more: Props = {}): Props => ({
  subject,
  body: { contentType: 'text', content: 'Hi' },
  toRecipients: [{ emailAddress: { address: to } }],
  ...more,
})

function arrive(tenant: TenantClient, message: Props, sender = 'bo@partner.example'): void {
  transport(tenant.simulator.world, {
    sender,
    recipients: recipientsOf(message),
    message: { ...message, from: { emailAddress: { address: sender } } },
  })
}

function texts(tenant: TenantClient, address: string, folder: string): string[] {
  return (tenant.simulator.store(address)?.folder(folder)?.messages ?? []).map(({ content }) => content.bytes().toString('utf8'))
}

test('a transport rule acts two minutes after it was made, and the trace names it', async () => {
  await using tenant = await startTenant()
  const [anna, ben] = [await tenant.person('anna'), await tenant.person('ben')]
  await tenant.cmdlet('New-TransportRule', { Name: 'Mark', SubjectContainsWords: ['probe'], PrependSubject: '[checked] ' })
  const send = () => tenant.graph('POST', `/users/${anna}/sendMail`, { message: mail(ben, 'a probe') })
  await send()
  tenant.simulator.advance(120_000)
  await send()
  assert.deepEqual(
    texts(tenant, ben, 'INBOX').map((text) => /^Subject: (.*)\r$/m.exec(text)?.[1]),
    ['a probe', '[checked] a probe'],
  )
  tenant.simulator.advance(60_000)
  const [row] = (await tenant.cmdlet('Get-MessageTraceV2', { Subject: 'checked' })).rows
  const detail = await tenant.cmdlet('Get-MessageTraceDetailV2', { MessageTraceId: textOf(row?.['MessageTraceId']), RecipientAddress: ben })
  assert.deepEqual(
    detail.rows.map(({ Event }) => Event),
    ['Transport rule', 'Deliver'],
  )
  assert.match(textOf(detail.rows[0]?.['Detail']), /'Mark'/)
})

test('a rule that rejects sends a report with its own status code, and one in audit mode lets the message pass', async () => {
  await using tenant = await startTenant()
  const [anna, ben] = [await tenant.person('anna'), await tenant.person('ben')]
  await tenant.cmdlet('New-TransportRule', { Name: 'No', SubjectContainsWords: ['secret'], RejectMessageEnhancedStatusCode: '5.7.901' })
  await tenant.cmdlet('New-TransportRule', { Name: 'Watch', SubjectContainsWords: ['plain'], DeleteMessage: true, Mode: 'Audit' })
  tenant.simulator.advance(120_000)
  for (const subject of ['secret', 'plain']) await tenant.graph('POST', `/users/${anna}/sendMail`, { message: mail(ben, subject) })
  assert.equal(texts(tenant, ben, 'INBOX').length, 1)
  const [report = ''] = texts(tenant, anna, 'INBOX')
  assert.match(Buffer.from(report.slice(report.indexOf('\r\n\r\n')), 'base64').toString(), /550 5\.7\.901/)
})

test('mail to an unknown address bounces while the domain is authoritative, and is relayed while it is not', async () => {
  await using tenant = await startTenant()
  const anna = await tenant.person('anna')
  const send = () => tenant.graph('POST', `/users/${anna}/sendMail`, { message: mail('nobody@example.test', 'x') })
  await send()
  assert.equal(texts(tenant, anna, 'INBOX').length, 1)
  await tenant.cmdlet('Set-AcceptedDomain', { Identity: 'example.test', DomainType: 'InternalRelay' })
  await send()
  assert.equal(texts(tenant, anna, 'INBOX').length, 1)
})

test('mail from outside gets the headers of protection; test spam goes to junk, or to quarantine when the policy says so', async () => {
  await using tenant = await startTenant()
  const anna = await tenant.person('anna')
  const gtube = ['XJS*C4JDBQADN1.NSBN3*2IDNEN', 'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL', 'C.34X'].join('*')
  arrive(tenant, mail(anna, 'clean'))
  assert.match(texts(tenant, anna, 'INBOX')[0] ?? '', /^X-Forefront-Antispam-Report: .*SFV:NSPM/m)
  arrive(tenant, mail(anna, gtube))
  assert.match(texts(tenant, anna, 'Junk Email')[0] ?? '', /SCL:9;SFV:SPM/)
  await tenant.cmdlet('Set-HostedContentFilterPolicy', { Identity: 'Default', HighConfidenceSpamAction: 'Quarantine' })
  arrive(tenant, mail(anna, gtube))
  assert.equal((await tenant.cmdlet('Get-QuarantineMessage')).rows.length, 0)
  tenant.simulator.advance(30_000)
  assert.equal((await tenant.cmdlet('Get-QuarantineMessage')).rows[0]?.['Type'], 'Spam')
})

test('test malware is quarantined, a blocked kind of file refused, a blocked sender put aside', async () => {
  await using tenant = await startTenant()
  const anna = await tenant.person('anna')
  const virus = Buffer.from(['EICAR', 'STANDARD', 'ANTIVIRUS', 'TEST', 'FILE!'].join('-')).toString('base64')
  arrive(tenant, mail(anna, 'virus', { attachments: [{ name: 'a.txt', contentBytes: virus }] }))
  arrive(tenant, mail(anna, 'script', { attachments: [{ name: 'a.vbs', contentBytes: '' }] }))
  await tenant.cmdlet('Set-HostedContentFilterPolicy', { Identity: 'Default', BlockedSenders: ['bad@partner.example'] })
  arrive(tenant, mail(anna, 'blocked'), 'bad@partner.example')
  assert.deepEqual([texts(tenant, anna, 'INBOX').length, texts(tenant, anna, 'Junk Email').length], [0, 1])
  tenant.simulator.advance(60_000)
  const statuses = (await tenant.cmdlet('Get-MessageTraceV2')).rows
    .map((row) => `${textOf(row['Subject'])} ${textOf(row['Status'])}`)
    .toSorted()
  assert.deepEqual(statuses, ['blocked FilteredAsSpam', 'script Failed', 'virus Quarantined'])
})

test('a group hands mail on to its members, and outsiders are refused unless it lets them in', async () => {
  await using tenant = await startTenant()
  const [anna, ben] = [await tenant.person('anna'), await tenant.person('ben')]
  await tenant.cmdlet('New-DistributionGroup', { Name: 'Staff', PrimarySmtpAddress: 'staff@example.test', Members: [anna, ben] })
  tenant.simulator.advance(3_000)
  arrive(tenant, mail('staff@example.test', 'from outside'))
  assert.equal(texts(tenant, ben, 'INBOX').length, 0)
  await tenant.cmdlet('Set-DistributionGroup', { Identity: 'Staff', RequireSenderAuthenticationEnabled: false })
  arrive(tenant, mail('staff@example.test', 'from outside'))
  assert.deepEqual([texts(tenant, anna, 'INBOX').length, texts(tenant, ben, 'INBOX').length], [1, 1])
})
