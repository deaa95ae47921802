import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holdsOf, itemsOf } from './item.ts'
import { allowsHost, policyIn } from '../assess/mta-sts.ts'
import { coversAll, narrowedPolicy, policyId, widenedPolicy, withPolicyId } from './mta-sts.ts'
import { codes, MX, OLD_MX, planOf, setsOf } from './plan.fixture.ts'

const policy = (...mx: readonly string[]): string =>
  ['version: STSv1', 'mode: enforce', ...mx.map((one) => `mx: ${one}`), 'max_age: 604800', ''].join('\r\n')
const OLD = setsOf('@ MX 10 mx.old.test', '_mta-sts 86400 TXT v=STSv1; id=20240101;')
const NARROW = policy('mx.old.test')

test('T15 a star stands for one label', () => {
  assert.ok(allowsHost('*.mail.protection.outlook.com', MX))
  assert.ok(!allowsHost('*.mx.microsoft', 'contoso-com.o-v1.mx.microsoft'))
  assert.ok(allowsHost('*.o-v1.mx.microsoft', 'contoso-com.o-v1.mx.microsoft'))
  assert.ok(!allowsHost('*.mx.microsoft', 'mx.microsoft') && !allowsHost('*.test', 'test'))
})

test('a policy is read, widened and narrowed; what is none is none', () => {
  const read = policyIn(NARROW) ?? assert.fail()
  assert.deepEqual(read, { mode: 'enforce', mx: ['mx.old.test'], maxAgeSeconds: 604_800 })
  const wide = policyIn(widenedPolicy(read, [MX])) ?? assert.fail()
  assert.deepEqual(wide.mx, ['mx.old.test', MX])
  assert.deepEqual(policyIn(narrowedPolicy(wide, [MX]))?.mx, [MX])
  assert.ok(coversAll(wide, [MX]))
  assert.equal(policyIn('<html>'), null)
  assert.equal(withPolicyId('v=STSv1; id=20240101;', 'abc'), 'v=STSv1; id=abc;')
  assert.equal(withPolicyId('v=STSv1', 'abc'), 'v=STSv1; id=abc;')
})

test('T15 a policy that names the old host only holds the switch until it is wider, was told of, and time has passed', async () => {
  const pristine = { atMs: 0, sets: OLD, oldMx: OLD_MX, policy: NARROW }
  const before = await planOf(OLD, { policy: NARROW, pristine })
  const finding = holdsOf(before, 'switch').find(({ code }) => code === 'sts-widen')
  assert.match(finding?.remedy ?? '', new RegExp(`mx: mx\\.old\\.test\nmx: ${MX.replaceAll('.', '\\.')}\n`))
  assert.equal(
    itemsOf(before, 'prepare').find(({ name }) => name.startsWith('_mta-sts')),
    undefined,
    'nothing is told before it is there',
  )
  assert.ok(before.waits.some(({ after, before: to, seconds }) => after === 'prepare' && to === 'switch' && seconds === 86_400))

  const wide = policy('mx.old.test', MX)
  const told = await planOf(OLD, { policy: wide, pristine })
  assert.deepEqual(holdsOf(told, 'switch'), [])
  assert.deepEqual(itemsOf(told, 'prepare').find(({ name }) => name.startsWith('_mta-sts'))?.after?.data, [
    `v=STSv1; id=${policyId(wide)};`,
  ])
  assert.ok(told.waits.some(({ after }) => after === 'prepare'))

  const switched = setsOf(`@ MX 0 ${MX}`, `_mta-sts TXT v=STSv1; id=${policyId(wide)};`)
  const after = await planOf(switched, { policy: wide, pristine })
  assert.match(after.findings.find(({ code }) => code === 'sts-narrow')?.remedy ?? '', /mode: enforce\nmx: example-test/)
  assert.equal(
    itemsOf(after, 'tighten').find(({ name }) => name.startsWith('_mta-sts')),
    undefined,
  )
  const narrow = policy(MX)
  const last = await planOf(switched, { policy: narrow, pristine })
  assert.deepEqual(itemsOf(last, 'tighten').find(({ name }) => name.startsWith('_mta-sts'))?.after?.data, [
    `v=STSv1; id=${policyId(narrow)};`,
  ])
  assert.ok(!codes(last).includes('sts-narrow'))
})

test('T15 a policy that named the new host from the beginning asks for nothing', async () => {
  const plan = await planOf(OLD, { policy: policy('mx.old.test', MX) })
  assert.deepEqual(
    codes(plan).filter((code) => code.startsWith('sts')),
    [],
  )
  assert.ok(!plan.items.some(({ name, op }) => name.startsWith('_mta-sts') && op !== 'ttl'))
  assert.ok(!plan.waits.some(({ after }) => after === 'prepare'))
})

test('a policy that is announced and cannot be read holds the switch', async () => {
  assert.deepEqual(
    holdsOf(await planOf(OLD), 'switch').map(({ code }) => code),
    ['sts-unreadable'],
  )
})
