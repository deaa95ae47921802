import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTenant } from '../tenant-simulator/tenant-client.fixture.ts'
import type { MailStore } from '../simulator/mail-store.ts'
import { definitionOf, messagesRig, type MessagesRig } from './notify.fixture.ts'
import { messagesPlan } from './notify.ts'
import { messagesSend } from './notify-send.ts'

const HOURS_14 = 14 * 3_600_000

function definition(rig: MessagesRig, service: string, tenant: string, clientId: string): string {
  const messages = 'messages: { from: it@example.test, by: graph, contact: "the help desk" }'
  const access = `tenant: { id: ${tenant}, client_id: ${clientId}, secret: env:APP, service: "${service}" }`
  return definitionOf(rig.smtpUrl, messages).replace(/^tenant:.*$/m, access)
}

function subjects(store: MailStore | null): readonly string[] {
  const inbox = store?.folders().find(({ id }) => id === 'folder-1')
  return (inbox?.messages ?? []).map(({ content }) => /^Subject: (.*)$/im.exec(content.bytes().toString())?.[1] ?? '')
}

test('from a mailbox of the tenant: the early way in and what comes after it, and before it nothing that nobody would read', async () => {
  await using client = await startTenant()
  await client.person('it')
  await client.person('anna')
  const { simulator } = client
  await using rig = await messagesRig()
  rig.write(
    definition(rig, simulator.url, simulator.tenantId, simulator.clientId),
    'name,source_login,source_password,target\nAnna,anna,x,anna@example.test\n',
  )
  const input = rig.sendInput({ env: { APP: simulator.clientSecret } })
  const plan = await messagesPlan(rig.world, rig.address)
  assert.deepEqual(
    plan.asks.filter(({ state }) => state === 'blocked').map(({ moment }) => moment),
    ['announcement'],
  )
  await assert.rejects(messagesSend(rig.world, { ...input, moment: 'announcement', due: false }), /nobody reads yet/)
  assert.deepEqual(subjects(simulator.store('anna@example.test')), [])
  await rig.until(Date.parse('2026-12-04T17:00Z') - HOURS_14 / 2)
  const sent = await messagesSend(rig.world, { ...input, moment: 'access-early' })
  assert.deepEqual(
    sent.sent.map(({ way, outcome }) => `${way} ${outcome.kind}`),
    ['new-side sent'],
  )
  assert.deepEqual(subjects(simulator.store('anna@example.test')), ['In a few hours: the way into your new mailbox'])
})

test('a sender without a mailbox ends the run, and once it has one the message is sent', async () => {
  await using client = await startTenant()
  await client.person('anna')
  const { simulator } = client
  await using rig = await messagesRig()
  rig.write(
    definition(rig, simulator.url, simulator.tenantId, simulator.clientId),
    'name,source_login,source_password,target\nAnna,anna,x,anna@example.test\n',
  )
  await rig.until(Date.parse('2026-12-04T17:00Z') - HOURS_14 / 2)
  const input = rig.sendInput({ env: { APP: simulator.clientSecret }, moment: 'access-early' })
  // The sender has no mailbox.
  await assert.rejects(messagesSend(rig.world, input))
  await client.person('it')
  assert.equal((await messagesSend(rig.world, input)).sent[0]?.outcome.kind, 'sent')
})
