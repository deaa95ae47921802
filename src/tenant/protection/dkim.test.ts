import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../../tenant-simulator/props.ts'
import { dkim } from './dkim.ts'
import { actualWith, applied, codes, NOTHING_WANTED, planned, sentences, undone } from '../mail-flow/mail-flow.fixture.ts'
import type { Row } from '../settings.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const want = (keyBits: 1024 | 2048 = 2048) => ({
  ...NOTHING_WANTED,
  protection: { ...NOTHING_WANTED.protection, dkim: [{ domain: 'Example.test', keyBits, where: 'line 50' }] },
})

test('keys are made, the records that Microsoft tells are shown, and signing begins once they are in DNS', async () => {
  await using tenant = await simulatedTenant()
  const { world } = tenant.simulator
  const config = () => world.state.objects.find(({ kind }) => kind === 'DkimSigningConfig')?.props
  const plan = await planned(dkim, want(), tenant)
  assert.deepEqual(sentences(plan), [
    'Make keys of 2048 bits to sign mail of example.test with DKIM',
    'Sign mail of example.test with DKIM, as soon as its two CNAME records are seen in DNS (was off)',
  ])
  await applied({ changes: plan.changes.slice(0, 1), findings: [] }, tenant)
  const waiting = await planned(dkim, want(), tenant)
  const targets = [1, 2].map((n) => textOf(config()?.[`Selector${n}CNAME`]))
  assert.equal(waiting.findings[0]?.severity, 'warning')
  for (const [at, target] of targets.entries())
    assert.ok(waiting.findings[0].remedy.includes(`name selector${at + 1}._domainkey.example.test, type CNAME, value ${target}`))
  const publish = (): void =>
    tenant.simulator.setDns(targets.map((value, at) => ({ name: `selector${at + 1}._domainkey.example.test`, type: 'CNAME', value })))
  const done = await applied(waiting, tenant, publish)
  assert.equal(config()?.['Enabled'], true)
  const last = await planned(dkim, want(), tenant)
  assert.deepEqual([last.changes, last.findings], [[], []])
  await undone(done, tenant)
  assert.equal(config()?.['Enabled'], false)
})

const OURS = actualWith({}, { acceptedDomains: [{ domain: 'example.test', type: 'Authoritative', isDefault: true, isInitial: false }] })

test('a domain that is not of the tenant is not signed for', () => {
  assert.deepEqual(codes(dkim.compare(want(), actualWith(), [])), ['dkim-domain'])
  assert.equal(dkim.compare(want(), actualWith(), []).findings[0]?.severity, 'blocker')
})

test('keys that are too short, and records that vanished, are told', () => {
  const row: Row = { Domain: 'example.test', Enabled: true, Status: 'Valid', Selector1KeySize: 1024, Selector2KeySize: 1024 }
  const compared = (more: Row, bits?: 1024) => dkim.compare(want(bits), OURS, [{ ...row, ...more }])
  assert.deepEqual(codes(compared({})), ['dkim-key-short'])
  assert.match(compared({}).findings[0]?.remedy ?? '', /Rotate-DkimSigningConfig -Identity example\.test -KeySize 2048/)
  assert.deepEqual(compared({}, 1024), { changes: [], findings: [] })
  assert.deepEqual(codes(compared({ Status: 'CnameMissing' }, 1024)), ['dkim-records'])
})
