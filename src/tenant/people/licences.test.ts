import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedMailbox } from '../../model/wanted-tenant.ts'
import type { Sku, TenantUser } from '../directory.ts'
import { wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { mailboxAt } from '../mailboxes/mailbox.fixture.ts'
import { ARCHIVING, BASIC, E3, ENTERPRISE_ID, held, KIOSK, OFFICE, plannedFor, PLAN_1, said, told, userAt } from './people.fixture.ts'

const ANNA = 'anna@example.test'
const GB = 1024 ** 3

function plan(wanted: Partial<WantedMailbox>, user: Partial<TenantUser> = {}, skus?: readonly Sku[]) {
  const around = { users: [userAt(ANNA, user)], ...(skus === undefined ? {} : { skus }) }
  return plannedFor([wantedMailbox(ANNA, wanted)], { directory: around })
}
const body = (planned: ReturnType<typeof plan>, at = 0): unknown => {
  const [call] = planned.changes[at]?.calls ?? []
  return call !== undefined && 'graph' in call ? call.body : null
}

test('a licence is given by its id, looked at in the list of the user, and taken back alone', () => {
  const planned = plan({ licences: ['EnterprisePack '] })
  const [change] = planned.changes
  assert.deepEqual(body(planned), { addLicenses: [{ skuId: 'sku-e3', disabledPlans: [] }], removeLicenses: [] })
  assert.deepEqual(change?.undo, [
    { graph: 'POST', path: `/users/id%20of%20anna%40example.test/assignLicense`, body: { addLicenses: [], removeLicenses: ['sku-e3'] } },
  ])
  assert.deepEqual([change?.look.inside, change?.look.find], ['assignedLicenses', { property: 'skuId', equals: 'sku-e3' }])
  assert.deepEqual(change?.after, [`user ${ANNA}`, `usage-location ${ANNA}`])
})

test('a licence that a group gave counts as given', () => {
  assert.deepEqual(said(plan({ licences: [E3.part] }, { licences: [held(E3, { byGroup: true })] })), [])
})

test('seats go to those who come first in the list, and it is told how many to buy', () => {
  const people = ['a', 'b', 'c', 'd'].map((name) =>
    wantedMailbox(`${name}@example.test`, { licences: [E3.part], usageLocation: 'DE', ...(name === 'a' ? { sourceBytes: 200 * GB } : {}) }),
  )
  const planned = plannedFor(people)
  assert.deepEqual(told(planned), [
    'blocker mailbox-too-large a@example.test',
    'blocker licence-short d@example.test',
    'warning licences-to-buy ENTERPRISEPACK',
  ])
  assert.deepEqual([...new Set(planned.changes.map(({ about }) => about))], ['b@example.test', 'c@example.test'])
  const summary = planned.findings.at(-1)
  assert.equal(
    `${summary?.says} ${summary?.remedy}`,
    'ENTERPRISEPACK (Office 365 E3): 3 needed, 2 free of 10. Buy 1 more, then plan again.',
  )
})

test('nobody gets a seat who would lack another licence all the same', () => {
  const skus = [
    { ...E3, free: 1 },
    { ...OFFICE, free: 0 },
  ]
  const both = wantedMailbox('a@example.test', { licences: [E3.part, OFFICE.part], usageLocation: 'DE' })
  const one = wantedMailbox('b@example.test', { licences: [E3.part], usageLocation: 'DE' })
  const planned = plannedFor([both, one], { directory: { skus } })
  assert.deepEqual(told(planned), ['blocker licence-short a@example.test', 'warning licences-to-buy SMB_BUSINESS'])
  assert.deepEqual([...new Set(planned.changes.map(({ about }) => about))], ['b@example.test'])
})

test('what an Exchange plan of another licence excludes is told with both names', () => {
  const planned = plan({ licences: [E3.part] }, { licences: [held(PLAN_1)] })
  assert.deepEqual([told(planned), said(planned)], [[`blocker licences-exclude ${ANNA}`], []])
  assert.match(planned.findings[0]?.says ?? '', /EXCHANGESTANDARD \(Exchange Online Plan 1\).*ENTERPRISEPACK \(Office 365 E3\)/)
  assert.match(planned.findings[0]?.remedy ?? '', /^Write EXCHANGESTANDARD into the column without_licence/)
})

test('one that is to be taken away goes in the same call, and comes back as it was', () => {
  const planned = plan(
    { licences: [E3.part], withoutLicences: ['exchangestandard'] },
    { licences: [held(PLAN_1, { disabledPlans: ['x'] })] },
  )
  assert.deepEqual(told(planned), [])
  assert.match(said(planned)[0] ?? '', /^Give .* ENTERPRISEPACK .* in place of EXCHANGESTANDARD .*, in one step$/)
  assert.deepEqual(body(planned), { addLicenses: [{ skuId: 'sku-e3', disabledPlans: [] }], removeLicenses: ['sku-plan-1'] })
  const [undo] = planned.changes.flatMap(({ undo }) => ('cannot' in undo ? [] : undo))
  assert.deepEqual(undo !== undefined && 'graph' in undo ? undo.body : null, {
    addLicenses: [{ skuId: 'sku-plan-1', disabledPlans: ['x'] }],
    removeLicenses: ['sku-e3'],
  })
})

test('what is in nobody’s way is not taken away, though it is said', () => {
  assert.deepEqual(said(plan({ licences: [BASIC.part], withoutLicences: [PLAN_1.part] }, { licences: [held(BASIC), held(PLAN_1)] })), [])
  const added = plan({ licences: [BASIC.part], withoutLicences: [PLAN_1.part] }, { licences: [held(PLAN_1)] })
  assert.deepEqual(body(added), { addLicenses: [{ skuId: 'sku-basic', disabledPlans: [] }], removeLicenses: [] })
})

test('a licence of a group cannot be taken away from one person', () => {
  const planned = plan({ licences: [E3.part], withoutLicences: [PLAN_1.part] }, { licences: [held(PLAN_1, { byGroup: true })] })
  assert.deepEqual(told(planned), [`blocker licences-exclude ${ANNA}`])
  assert.match(planned.findings[0]?.remedy ?? '', /out of the group/)
})

test('two licences that exclude each other are not both given', () => {
  assert.deepEqual(told(plan({ licences: [E3.part, BASIC.part] })), [`blocker licences-exclude ${ANNA}`])
  assert.deepEqual(told(plan({ licences: [BASIC.part, PLAN_1.part] })), [])
})

test('a mailbox that is switched off in its licence is switched on, and what else is off stays off', () => {
  const off = held(E3, { disabledPlans: ['teams', ENTERPRISE_ID] })
  const planned = plan({ licences: [E3.part] }, { licences: [off] })
  assert.deepEqual(told(planned), [`note plan-off ${ANNA}`])
  assert.deepEqual(body(planned), { addLicenses: [{ skuId: 'sku-e3', disabledPlans: ['teams'] }], removeLicenses: [] })
  const [change] = planned.changes
  assert.deepEqual(change?.expect, { is: 'lacks', property: 'disabledPlans', entries: [ENTERPRISE_ID] })
  assert.match(JSON.stringify(change?.undo), /"disabledPlans":\{"\$":"before.disabledPlans"\}/)
})

test('a mailbox that is off in one licence as another one brings it is left so', () => {
  const user = { licences: [held(E3, { disabledPlans: [ENTERPRISE_ID] }), held(PLAN_1)] }
  assert.deepEqual(said(plan({ licences: [E3.part] }, user)), [])
  const swapped = plan({ licences: [E3.part], withoutLicences: [PLAN_1.part] }, user)
  assert.deepEqual(body(swapped), { addLicenses: [{ skuId: 'sku-e3', disabledPlans: [] }], removeLicenses: ['sku-plan-1'] })
})

test('a mailbox that is switched off by a group is switched on in the group', () => {
  const planned = plan({ licences: [E3.part] }, { licences: [held(E3, { byGroup: true, disabledPlans: [ENTERPRISE_ID] })] })
  assert.deepEqual([told(planned), said(planned)], [[`blocker plan-off ${ANNA}`], []])
})

test('a licence that the tenant has not is told with those that it has', () => {
  const planned = plan({ licences: ['E3'] })
  assert.deepEqual(told(planned), [`blocker licence-unknown ${ANNA}`])
  assert.match(planned.findings[0]?.says ?? '', /no licence E3\. It has ENTERPRISEPACK, EXCHANGEARCHIVE_ADDON,/)
})

test('an add-on comes after the licence that it needs, and alone it is not given', () => {
  const planned = plan({ licences: [ARCHIVING.part, KIOSK.part] })
  assert.ok(planned.changes.find(({ key }) => key.endsWith('exchangearchive_addon'))?.after.includes(`licence ${ANNA} exchangedeskless`))
  assert.deepEqual(told(plan({ licences: [ARCHIVING.part] })), [`blocker licence-needs-another ${ANNA}`])
  assert.deepEqual(told(plan({ licences: [ARCHIVING.part] }, { licences: [held(KIOSK)] })), [])
})

test('without a location there is no licence: it is set first, or asked for', () => {
  const set = plan({ licences: [E3.part], usageLocation: 'de' }, { usageLocation: null })
  assert.deepEqual(told(set), [`note location-missing ${ANNA}`])
  assert.deepEqual(
    set.changes.map(({ key }) => key),
    [`usage-location ${ANNA}`, `licence ${ANNA} enterprisepack`],
  )
  assert.deepEqual(told(plan({ licences: [E3.part] }, { usageLocation: null })), [`blocker location-missing ${ANNA}`])
  assert.deepEqual(told(plan({}, { usageLocation: null, licences: [held(E3)] })), [])
})

test('what Microsoft 365 could not license is told in words', () => {
  const planned = plan(
    {},
    {
      licences: [held(KIOSK)],
      licenceErrors: [
        { skuId: 'sku-e3', error: 'CountViolation' },
        { skuId: 'gone', error: 'Other' },
      ],
    },
  )
  assert.deepEqual(told(planned), [`warning licence-error ${ANNA}`, `warning licence-error ${ANNA}`])
  assert.match(planned.findings[0]?.says ?? '', /ENTERPRISEPACK \(Office 365 E3\): there was no seat left \(CountViolation\)/)
})

const SIZES: readonly (readonly [gb: number, sku: Sku, findings: readonly string[], remedy?: RegExp])[] = [
  [1, KIOSK, []],
  [1.9, KIOSK, [`warning mailbox-nearly-full ${ANNA}`]],
  [30, KIOSK, [`blocker mailbox-too-large ${ANNA}`], /^Give it O365_BUSINESS_ESSENTIALS .*\(50 GB, 5 free\)/],
  [60, PLAN_1, [`blocker mailbox-too-large ${ANNA}`], /^Give it ENTERPRISEPACK .*\(100 GB, 2 free\)/],
  [60, BASIC, [`warning mailbox-too-large ${ANNA}`], /as soon as the mailbox is there/],
  [150, E3, [`blocker mailbox-too-large ${ANNA}`], /^No licence has room/],
]
for (const [gb, sku, findings, remedy = /^/] of SIZES) {
  test(`${gb} GB with ${sku.part}: ${findings[0]?.replace(ANNA, '') ?? 'enough room'}`, () => {
    const planned = plan({ licences: [sku.part], sourceBytes: gb * GB })
    assert.deepEqual(told(planned), findings)
    assert.match(planned.findings[0]?.remedy ?? '', remedy)
    assert.deepEqual(told(plan({ licences: [sku.part], sourceBytes: gb * GB, isMigrated: false })), [])
  })
}

const UNFIT: readonly (readonly [what: string, wanted: Partial<WantedMailbox>, findings: readonly string[]])[] = [
  ['no licence is wanted', {}, ['no-mailbox']],
  ['a licence without a mailbox is wanted', { licences: [OFFICE.part] }, ['no-mailbox']],
  ['an archive wants more than Kiosk', { licences: [KIOSK.part], archive: true }, ['archive-unlicensed']],
  ['an archive comes with an add-on', { licences: [KIOSK.part, ARCHIVING.part], archive: true }, []],
  ['an archive comes with Plan 1', { licences: [PLAN_1.part], archive: true }, []],
  ['a hold wants Plan 2', { licences: [PLAN_1.part], litigationHold: true }, ['hold-unlicensed']],
  ['a hold comes with Plan 2', { licences: [E3.part], litigationHold: true }, []],
  ['a shared mailbox needs no licence', { kind: 'shared' }, []],
  ['a shared mailbox has 50 GB', { kind: 'shared', sourceBytes: 60 * GB }, ['mailbox-too-large']],
  ['a shared mailbox with Plan 2 has 100 GB', { kind: 'shared', licences: [E3.part], sourceBytes: 60 * GB }, []],
]
for (const [what, wanted, findings] of UNFIT) {
  test(what, () => {
    const planned = plan(wanted)
    assert.deepEqual(
      planned.findings.map(({ code }) => code),
      findings,
    )
    assert.equal(planned.changes.length, findings.length > 0 ? 0 : (wanted.licences?.length ?? 0))
  })
}

test('a mailbox that is there tells its own size', () => {
  const directory = { users: [userAt(ANNA, { licences: [held(KIOSK)] })] }
  const recipients = { mailboxes: [mailboxAt(ANNA, { userId: `id of ${ANNA}` })] }
  const of = (licence: string, gb: number, more: Partial<WantedMailbox> = {}) =>
    told(plannedFor([wantedMailbox(ANNA, { licences: [licence], sourceBytes: gb * GB, ...more })], { directory, recipients }))
  assert.deepEqual(of(KIOSK.part, 30), [])
  assert.deepEqual(of(KIOSK.part, 60), [`blocker mailbox-too-large ${ANNA}`])
  // It becomes another one.
  assert.deepEqual(of(E3.part, 60, { withoutLicences: [KIOSK.part] }), [])
  assert.deepEqual(of(KIOSK.part, 60, { kind: 'shared' }), [`blocker mailbox-too-large ${ANNA}`])
})
