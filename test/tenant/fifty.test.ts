import assert from 'node:assert/strict'
import { test } from 'node:test'
import { snapshot } from '../../src/tenant-simulator/snapshot.ts'
import { customer } from './customer.ts'
import { preparedWants } from './prepared.ts'
import { tenantRig } from './rig.ts'

/** Enough for all that the tenant does by itself. */
const SETTLED_MS = 3_600_000

test('fifty people, a shared mailbox, groups and rules: planned, carried out, nothing left to plan, and taken back to the first state', async () => {
  await using rig = await tenantRig({ content: 'prepared' })
  const { simulator, clock } = rig
  await using at = await customer(simulator, clock, preparedWants(simulator))
  const first = snapshot(simulator.world)
  const plan = await at.plan()
  assert.ok(plan.changes.length > 250, `${plan.changes.length} changes`)
  assert.deepEqual(snapshot(simulator.world), first)
  const script = plan.powerShell ?? ''
  for (const [at, { says }] of plan.changes.entries()) {
    const [block = ''] = script.slice(script.indexOf(`# ${at + 1}. ${says}`)).split('\r\n\r\n')
    assert.match(block, /^# \d+\. .*\r\n(?:\$|[A-Z][a-z]+-)/, says)
  }

  const shown: number[] = []
  const done = await at.apply({
    approve: async ({ changes }) => {
      shown.push(changes.length)
      return true
    },
  })
  assert.deepEqual([done.failure, done.statement?.open, shown], [null, [], [plan.changes.length]])
  assert.deepEqual(done.plan?.changes, [])
  // What a blocker is about was not touched, and is told again.
  assert.deepEqual(done.plan.held.map(({ key }) => key).toSorted(), plan.held.map(({ key }) => key).toSorted())
  assert.equal(done.statement?.counts.failed, 0)
  const made = snapshot(simulator.world)
  assert.notDeepEqual(made, first)

  const again = await at.apply({ approve: () => assert.fail('there is nothing to approve') })
  assert.deepEqual([again.statement, again.plan?.changes], [null, []])
  assert.deepEqual(snapshot(simulator.world), made)

  const undone = await at.undo()
  assert.deepEqual([undone.failure, undone.cannot, undone.withMail, undone.statement?.open], [null, [], [], []])
  simulator.advance(SETTLED_MS)
  assert.deepEqual(snapshot(simulator.world), first)
  assert.equal((await at.undo()).statement, null)
})

test('each of the ten problems is told, with where it was wanted and what to do, and stops nobody else', async () => {
  await using rig = await tenantRig({ content: 'prepared' })
  const { simulator, clock } = rig
  const wants = preparedWants(simulator)
  await using at = await customer(simulator, clock, wants)
  const { findings, held, changes } = await at.plan()
  const found = (about: string): readonly string[] =>
    findings.filter((one) => one.about === about).map(({ code, severity }) => `${severity} ${code}`)
  for (const [about, ...codes] of [
    ['no-seat@example.test', 'blocker licence-short'],
    ['no-location@example.test', 'note location-missing'],
    ['taken-by-group@example.test', 'blocker address-taken'],
    ['soft-deleted@example.test', 'blocker address-deleted'],
    ['other-upn@example.test', 'blocker upn-differs'],
    ['exclusive@example.test', 'blocker licences-exclude'],
    ['plan-off@example.test', 'note plan-off'],
    ['bad-domain@new.example.test', 'blocker domain-not-verified'],
    ['too-big@example.test', 'blocker mailbox-too-large'],
  ] as const)
    for (const code of codes) assert.ok(found(about).includes(code), `${about}: ${found(about).join(', ') || 'nothing'}`)
  for (const { code, remedy, where, severity } of findings)
    if (severity === 'blocker') assert.ok(remedy !== '' && where?.startsWith('mailboxes.csv line ') === true, code)
  const blocked = new Set(findings.filter(({ severity }) => severity === 'blocker').map(({ about }) => about))
  assert.ok(held.every(({ about }) => blocked.has(about)) && changes.every(({ about }) => !blocked.has(about)))

  await using tenth = await customer(simulator, clock, { ...wants, list: [...wants.list, 'j\u00fcrgen@example.test,,ENTERPRISEPACK,DE,'] })
  await assert.rejects(tenth.plan(), /mailboxes\.csv line 62: .*juergen/s)
})
