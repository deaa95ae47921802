import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coexistenceFindings, type Coexistence, type OutboundConnector } from './coexistence.ts'
import { recipientsEvidence } from './guard-evidence.ts'
import type { RecipientAnswer, Sweep } from './sweep.ts'
import { NO_TLS } from './tls-state.ts'

const CONNECTOR: OutboundConnector = {
  name: 'To the old host',
  enabled: true,
  type: 'on-premises',
  recipientDomains: ['example.test'],
  smartHosts: ['mx.oldhost.test'],
  useMx: false,
}

const DONE: Coexistence = {
  domain: 'example.test',
  domainType: 'authoritative',
  oldAddresses: ['anna@example.test', 'Sales@example.test'],
  recipients: ['anna@example.test', 'sales@example.test', 'anna@example.onmicrosoft.com'],
  staying: [],
  forwards: new Map(),
  connector: null,
  mx: ['example-test.mail.protection.outlook.com'],
  inboundConnector: null,
}

const RELAY: Coexistence = { ...DONE, domainType: 'internal-relay', staying: ['ben@example.test'], connector: CONNECTOR }

function codes(scene: Coexistence): readonly string[] {
  return coexistenceFindings(scene).map(({ code, severity }) => `${severity} ${code}`)
}

test('where everybody has moved, or a relay has its connector, nothing is found', () => {
  assert.deepEqual(codes(DONE), [])
  assert.deepEqual(codes(RELAY), [])
})

test('T39 an address that the tenant lacks blocks, and is a note where the domain is relayed by a connector', () => {
  const missing = { ...DONE, oldAddresses: [...DONE.oldAddresses, 'info@example.test'] }
  assert.deepEqual(codes(missing), ['blocker recipients-missing'])
  assert.match(coexistenceFindings(missing)[0]?.says ?? '', /^info@example\.test is not in the tenant/)
  assert.deepEqual(codes({ ...missing, domainType: 'internal-relay', connector: CONNECTOR, staying: ['info@example.test'] }), [
    'note recipients-relayed',
  ])
  assert.deepEqual(codes({ ...missing, domainType: 'internal-relay' }), [
    'blocker recipients-missing',
    'blocker relay-loop',
    'note relay-no-longer',
  ])
})

test('T48 a topology in which both sides hand mail to each other is refused before anything is changed', () => {
  const forwards = new Map([['ben@example.test', 'ben@example.onmicrosoft.com']])
  assert.deepEqual(codes({ ...RELAY, forwards }), ['blocker forward-nowhere', 'blocker forward-and-relay'])
  assert.deepEqual(codes({ ...RELAY, forwards: new Map([['anna@example.test', 'anna@example.onmicrosoft.com']]) }), [])
  assert.deepEqual(codes({ ...DONE, forwards: new Map([['*@example.test', 'all@example.onmicrosoft.com']]) }), [
    'blocker forward-catch-all',
  ])
})

test('T48 a connector that goes by MX, to the MX, for another domain, or that is off, runs in a circle', () => {
  for (const connector of [
    { ...CONNECTOR, useMx: true },
    { ...CONNECTOR, smartHosts: ['Example-Test.mail.protection.outlook.com.'] },
    { ...CONNECTOR, recipientDomains: ['other.test'] },
    { ...CONNECTOR, enabled: false },
    null,
  ])
    assert.deepEqual(codes({ ...RELAY, connector }), ['blocker relay-loop'])
})

test('an authoritative domain bounces mail to who has not moved, and forwards want a way in', () => {
  assert.deepEqual(codes({ ...DONE, staying: ['ben@example.test'] }), ['blocker relay-needed'])
  const forwards = new Map([['anna@example.test', 'anna@example.onmicrosoft.com']])
  assert.deepEqual(codes({ ...DONE, forwards, inboundConnector: 'none' }), ['warning inbound-connector-missing'])
  assert.deepEqual(codes({ ...DONE, forwards, inboundConnector: 'partner' }), [])
})

test('who stays and has a mailbox in the tenant already would look for new mail at the wrong side', () => {
  assert.deepEqual(codes({ ...RELAY, mailboxes: ['anna@example.test'] }), [])
  const [early] = coexistenceFindings({ ...RELAY, mailboxes: ['Ben@example.test'] })
  assert.equal(early?.code, 'staying-has-mailbox')
  assert.match(early.says, /^ben@example\.test is to stay at the old side for now and has a mailbox/)
})

function sweep(mode: Sweep['mode'], verdicts: Readonly<Record<string, RecipientAnswer['verdict']>>): Sweep {
  const answers = Object.entries(verdicts).map(([address, verdict]) => ({ address, verdict, text: 'its words', at: 0 }))
  const about = { kind: 'recipient-sweep', host: 'mx.new.test', address: '', port: 25, at: 0, until: 0, tls: NO_TLS, greeting: '' } as const
  return { ...about, mode, says: '', answers, connections: 1 }
}

test('T39 as evidence for the switch: one refusal counts, and a relay leaves it to the tenant who is there', () => {
  const missing = recipientsEvidence(sweep('by-recipient', { 'anna@example.test': 'accepted', 'info@example.test': 'refused' }), null)
  assert.deepEqual(missing.refused, { count: 1, first: ['info@example.test: its words'] })
  const all = sweep('takes-all', { 'anna@example.test': 'unknown', 'info@example.test': 'unknown' })
  const known = recipientsEvidence(all, new Set(['anna@example.test']))
  assert.deepEqual([known.refused.count, known.unclear.count, known.relayed.first], [0, 0, ['info@example.test']])
  assert.equal(recipientsEvidence(all, null).unclear.count, 2)
  const closed = recipientsEvidence(sweep('not-run', { 'anna@example.test': 'unknown' }), new Set(['anna@example.test']))
  assert.equal(closed.unclear.count, 1)
})
