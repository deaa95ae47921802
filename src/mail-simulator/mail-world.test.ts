import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTransport } from 'nodemailer'
import type { MailStore } from '../simulator/mail-store.ts'
import { TenantClient } from '../tenant-simulator/tenant-client.fixture.ts'
import { startMailWorld, type MailWorld, type MailWorldOptions } from './mail-world.ts'

const NOW = 1_795_350_000_000

async function worldWith(options: MailWorldOptions = {}): Promise<MailWorld & { readonly client: TenantClient; readonly anna: string }> {
  const world = await startMailWorld({
    tenantOptions: { now: () => NOW },
    oldMailboxes: ['anna@example.test', 'ben@example.test'],
    aliases: { 'sales@example.test': 'ben@example.test' },
    ...options,
  })
  const client = new TenantClient(world.tenant)
  return Object.assign(world, { client, anna: await client.person('anna') })
}

type Sent = {
  readonly from?: string
  readonly to: string
  readonly subject: string
  readonly text?: string
  readonly by?: string
  readonly user?: string
}

/** Hands one message in at a host; the words of a refusal, or null. */
async function send(world: MailWorld, host: string, mail: Sent): Promise<string | null> {
  const { from = 'stranger@elsewhere.test', to, subject, text = 'Hi', user } = mail
  const password = user === world.outside.address ? world.outside.password : world.oldPassword
  const transport = createTransport({
    host: '127.0.0.1',
    port: world.ports[host] ?? 0,
    name: mail.by ?? 'here.test',
    tls: { rejectUnauthorized: false },
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
  })
  try {
    await transport.sendMail({ from, to, subject, text, envelope: { from, to } })
    await world.settled()
    return null
  } catch (error) {
    return (error as { readonly response?: string }).response ?? String(error)
  } finally {
    transport.close()
  }
}

function subjects(store: MailStore | null, folder = 'INBOX'): readonly (string | undefined)[] {
  return (store?.folder(folder)?.messages ?? []).map(({ content }) => /^Subject: (.*)\r$/m.exec(content.bytes().toString())?.[1])
}

function text(store: MailStore | null, folder = 'INBOX'): string {
  return store?.folder(folder)?.messages.at(-1)?.content.bytes().toString() ?? ''
}

test('mail for the domain goes to the old host, and after the switch to the tenant, as MX says', async () => {
  await using world = await worldWith()
  const { outside } = world
  const mail = { from: outside.address, to: 'anna@example.test', user: outside.address }
  assert.equal(await send(world, outside.smtp.name, { ...mail, subject: 'before' }), null)
  world.switchMx('new')
  assert.equal(await send(world, outside.smtp.name, { ...mail, subject: 'after' }), null)
  assert.deepEqual(subjects(world.old.store('anna@example.test')), ['before'])
  assert.deepEqual(subjects(world.tenant.store(world.anna)), ['after'])
  const arrived = text(world.tenant.store(world.anna))
  assert.match(arrived, /^Authentication-Results: spf=pass .*smtp\.mailfrom=reflector\.test; dkim=none.*; dmarc=pass/m)
  assert.match(arrived, /^X-Forefront-Antispam-Report: CIP:192\.0\.2\.44;.*SFV:NSPM/m)
  assert.match(arrived, /^Received: from mx\.reflector\.test/m)
})

test('the old host keeps its own mail, whatever MX says, until its routing follows MX', async () => {
  await using world = await worldWith()
  world.switchMx('new')
  const mail = { from: 'ben@example.test', to: 'anna@example.test', user: 'ben@example.test' }
  assert.equal(await send(world, world.oldMx, { ...mail, subject: 'trapped' }), null)
  assert.deepEqual(subjects(world.old.store('anna@example.test')), ['trapped'])
  world.old.routing = 'auto'
  assert.match((await send(world, world.oldMx, { ...mail, subject: 'x', from: 'a@elsewhere.test' })) ?? '', /^550 5\.7\.1 Relaying denied/)
  world.old.routing = 'local'
  assert.equal(await send(world, world.oldMx, { to: 'sales@example.test', subject: 'alias' }), null)
  assert.deepEqual(subjects(world.old.store('ben@example.test')), ['alias'])
  assert.match((await send(world, world.oldMx, { to: 'nobody@example.test', subject: 'x' })) ?? '', /^550 5\.1\.1/)
})

test("the tenant's edge refuses who is not there, puts off whom it greylists once, and says why", async () => {
  await using world = await worldWith()
  const { newMx, anna } = world
  assert.match((await send(world, newMx, { to: 'nobody@example.test', subject: 'x' })) ?? '', /^550 5\.4\.1 Recipient address rejected/)
  assert.match((await send(world, newMx, { to: 'x@elsewhere.test', subject: 'x' })) ?? '', /^550 5\.7\.64/)
  world.edge.greylists = true
  assert.match((await send(world, newMx, { to: anna, subject: 'x' })) ?? '', /^451 4\.7\.1/)
  assert.equal(await send(world, newMx, { to: anna, subject: 'later' }), null)
  assert.deepEqual(subjects(world.tenant.store(anna)), ['later'])
})

test('an internal relay takes everybody and hands unknown ones to the host of its connector, and without one runs in a circle', async () => {
  await using world = await worldWith()
  world.switchMx('new')
  await world.client.cmdlet('Set-AcceptedDomain', { Identity: 'example.test', DomainType: 'InternalRelay' })
  const connector = {
    Name: 'To the old host',
    ConnectorType: 'OnPremises',
    RecipientDomains: ['example.test'],
    SmartHosts: [world.oldMx],
    UseMXRecord: false,
  }
  await world.client.cmdlet('New-OutboundConnector', connector)
  assert.equal(await send(world, world.newMx, { to: 'ben@example.test', subject: 'not moved yet' }), null)
  assert.deepEqual(subjects(world.old.store('ben@example.test')), ['not moved yet'])
  world.tenant.advance(10_000)
  await world.client.cmdlet('Remove-OutboundConnector', { Identity: 'To the old host' })
  const from = world.outside.address
  assert.equal(await send(world, world.outside.smtp.name, { from, user: from, to: 'ben@example.test', subject: 'round and round' }), null)
  assert.deepEqual(subjects(world.old.store('ben@example.test')), ['not moved yet'])
  world.tenant.advance(120_000)
  const { rows } = await world.client.cmdlet('Get-MessageTraceV2', { Subject: 'round' })
  assert.ok(rows.length > 5, `${rows.length} rows in the trace`)
  assert.ok(rows.some(({ Status }) => Status === 'Failed'))
})

test('mail from the tenant arrives outside, signed for the initial domain until DKIM is on', async () => {
  await using world = await worldWith()
  const message = {
    subject: 'out',
    body: { contentType: 'text', content: 'Hi' },
    toRecipients: [{ emailAddress: { address: world.outside.address } }],
  }
  const post = async (): Promise<string> => {
    assert.equal((await world.client.graph('POST', `/users/${world.anna}/sendMail`, { message })).status, 202)
    await world.settled()
    return text(world.outside.store)
  }
  const before = await post()
  assert.match(before, /^Authentication-Results: .*spf=pass .*dkim=pass header\.d=example\.onmicrosoft\.com/m)
  await world.client.cmdlet('New-DkimSigningConfig', { DomainName: 'example.test', Enabled: false })
  world.tenant.advance(60_000)
  world.publishDkim()
  const told = await world.client.cmdlet('Set-DkimSigningConfig', { Identity: 'example.test', Enabled: true })
  assert.equal(told.status, 200, told.text)
  assert.match(await post(), /dkim=pass header\.d=example\.test header\.s=selector1; dmarc=pass/)
  const sent = world.tenant.store(world.anna)
  const id = /^Message-ID: (.*)\r$/m.exec(text(sent, 'Sent Items'))?.[1]
  assert.match(text(world.outside.store), new RegExp(`^Message-ID: ${id ?? 'none'}`, 'm'))
})

test('a refusal outside comes back to the sender in the tenant', async () => {
  await using world = await worldWith()
  const message = {
    subject: 'out',
    body: { contentType: 'text', content: 'Hi' },
    toRecipients: [{ emailAddress: { address: 'x@reflector.test' } }],
  }
  await world.client.graph('POST', `/users/${world.anna}/sendMail`, { message })
  await world.settled()
  assert.deepEqual(subjects(world.tenant.store(world.anna)), ['Undeliverable'])
})
