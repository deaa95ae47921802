import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../model/change.ts'
import type { TenantChange } from './call.ts'
import { joined } from './plan.ts'

const change = (key: string, about: string, ...after: string[]): TenantChange => ({
  key,
  kind: 'user',
  about,
  says: key,
  after,
  look: { call: { graph: 'GET', path: '/users/x' } },
  expect: { is: 'there', id: 'id' },
  calls: [],
  undo: [],
  takes: 'seconds',
})
const finding = (about: string, severity: Finding['severity']): Finding => ({
  code: 'x',
  severity,
  about,
  says: about,
  remedy: '',
  where: null,
})

test('each change stands after what it needs, whichever part planned it', () => {
  const plan = joined([
    { changes: [change('addresses a', 'a', 'mailbox a')], findings: [] },
    { changes: [change('mailbox a', 'a', 'licence a'), change('licence a', 'a', 'user a')], findings: [] },
    { changes: [change('user a', 'a', 'domain, which is in no plan')], findings: [] },
  ])
  assert.deepEqual(
    plan.changes.map(({ key }) => key),
    ['user a', 'licence a', 'mailbox a', 'addresses a'],
  )
})

test('what a blocker is about is held back with all that comes after it, and nothing else', () => {
  const plan = joined([
    {
      changes: [change('user a', 'a'), change('user b', 'b'), change('group g', 'g', 'user a'), change('rule', '', 'group g')],
      findings: [finding('b', 'warning'), finding('A', 'blocker')],
    },
  ])
  assert.deepEqual(
    plan.changes.map(({ key }) => key),
    ['user b'],
  )
  assert.deepEqual(
    plan.held.map(({ key }) => key),
    ['user a', 'group g', 'rule'],
  )
  assert.equal(plan.findings[0]?.severity, 'blocker')
})

test('the same change from two parts is one; two different ones of one name, or a ring, are a fault of ours', () => {
  const one = change('user a', 'a')
  assert.equal(
    joined([
      { changes: [one], findings: [] },
      { changes: [{ ...one }], findings: [] },
    ]).changes.length,
    1,
  )
  assert.throws(() => joined([{ changes: [one, { ...one, says: 'other' }], findings: [] }]), /planned twice/)
  assert.throws(() => joined([{ changes: [change('a', 'a', 'b'), change('b', 'b', 'a')], findings: [] }]), /waits for itself/)
})
