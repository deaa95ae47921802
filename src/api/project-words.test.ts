import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Desk, HEAD, LIST, mistakes, PROJECT } from './project.fixture.ts'

const YAML = `${HEAD}${PROJECT}people: [{ name: Anna, address: anna@example.org, side: customer, role: decides }]
tasks: { without: devices, entries: [{ id: scope, owner: Anna }, { id: parking, says: A place to park, side: us }] }
`
const ANNA = { who: 'Anna' }

test('tasks are signed off by name, once, all of a word or none, and taken back by name', async () => {
  using desk = new Desk()
  await desk.import(YAML)
  const sign = (tasks: readonly string[], withdraw = false): ReturnType<typeof desk.projects.signOff> =>
    desk.projects.signOff({ ...desk.place, ...ANNA, tasks, note: null, withdraw })
  const { tasks, open } = await sign(['scope', 'parking'])
  assert.deepEqual(
    tasks.map(({ id, changed }) => [id, changed]),
    [
      ['scope', true],
      ['parking', true],
    ],
  )
  assert.equal((await sign(['scope'])).tasks[0]?.changed, false)
  assert.match(
    (await mistakes(sign(['go', 'parkin', 'devices']))).join(),
    /no task "parkin": did you mean parking\? There is no task "devices"/,
  )
  const listed = await desk.projects.tasks(desk.place)
  assert.ok(!listed.tasks.some(({ id }) => id === 'devices'))
  const scope = listed.tasks.find(({ id }) => id === 'scope')
  assert.deepEqual([scope?.owner, scope?.signedOff?.name, scope?.overdue], ['Anna', 'Anna', false])
  assert.equal(listed.tasks.find(({ id }) => id === 'go')?.signedOff, null)
  assert.equal((await sign(['scope'], true)).open, open + 1)
  const { events } = await desk.projects.show(desk.place)
  assert.deepEqual(
    events.slice(2).map(({ kind, who, says }) => [kind, who, says]),
    [
      ['task-signed-off', 'Anna', 'Signed off: Scope, exclusions, price and dates are agreed'],
      ['task-signed-off', 'Anna', 'Signed off: A place to park'],
      ['sign-off-withdrawn', 'Anna', 'No longer signed off: Scope, exclusions, price and dates are agreed'],
    ],
  )
  assert.match(
    (await mistakes(desk.projects.signOff({ ...desk.place, who: ' ', tasks: ['go'], note: null, withdraw: false }))).join(),
    /Who says so\?/,
  )
})

test('the cutover is postponed to a date or without one, by name and reason; the definition has it and keeps its notes', async () => {
  using desk = new Desk()
  const { project } = await desk.import(`${YAML}batches: [{ name: first }, { name: second, cutover: 2026-12-14T08:00 }]\n`)
  const put = (to: string | null, batch: string | null = null): ReturnType<typeof desk.projects.postpone> =>
    desk.projects.postpone({ ...desk.place, ...ANNA, to, batch, reason: 'year-end closing' })
  assert.equal((await put('2026-12-18 18:00')).says, 'cutover postponed from Fri, 11 Dec 2026, 18:00 to Fri, 18 Dec 2026, 18:00')
  assert.match(readFileSync(project.definitionFile, 'utf8'), /cutover: 2026-12-18T18:00 # a Friday/)
  assert.equal((await put('2026-12-18T18:00')).says, null)
  assert.equal((await put(null)).says, 'cutover postponed without a new date; it was planned for Fri, 18 Dec 2026, 18:00')
  assert.equal(
    (await put('2026-12-15T08:00', 'second')).says,
    'cutover postponed from Mon, 14 Dec 2026, 08:00 to Tue, 15 Dec 2026, 08:00 (batch second)',
  )
  assert.equal((await put('2027-01-15T18:00')).says, 'cutover planned for Fri, 15 Jan 2027, 18:00')
  const postponed = (await desk.projects.show(desk.place)).events.filter(({ kind }) => kind === 'cutover-postponed')
  assert.equal(postponed.length, 4)
  assert.deepEqual(postponed[0]?.data, {
    from: Date.parse('2026-12-11T17:00Z'),
    to: Date.parse('2026-12-18T17:00Z'),
    batch: null,
    reason: 'year-end closing',
  })
  for (const [to, says] of [
    ['tomorrow', /"tomorrow" is no time: a day and a time/],
    ['2026-12-18', /the time is missing: 2026-12-18T18:00/],
    ['2026-11-30T18:00', /is in the past: Mon, 30 Nov 2026/],
    ['2027-03-28T02:30', /does not come that night: clocks in Europe\/Berlin are put forward/],
    ['2027-10-31T02:30', /comes twice that night/],
  ] as const)
    assert.match((await mistakes(put(to))).join(), says, to)
  assert.match((await mistakes(put('2027-01-15T18:00', 'third'))).join(), /no batch "third" .*there are first, second\./)
})

test('what is in the way is let pass by name with a reason, and only what is in the way and may be', async () => {
  using desk = new Desk()
  await desk.import(YAML, LIST)
  const waive = (
    blocker: string,
    more: { readonly reason?: string; readonly withdraw?: boolean } = {},
  ): ReturnType<typeof desk.projects.waive> =>
    desk.projects.waive({ ...desk.place, ...ANNA, blocker, reason: 'agreed on the telephone', withdraw: false, ...more })
  const given = await waive('kickoff.task.scope')
  assert.deepEqual([given.changed, given.says !== null], [true, true])
  assert.equal((await waive('kickoff.task.scope')).changed, false)
  assert.match((await mistakes(waive('kickoff.nothing'))).join(), /"kickoff\.nothing" is not in the way now/)
  assert.match((await mistakes(waive('kickoff.contact', { reason: ' ' }))).join(), /Why is it let pass\? Give --reason/)
  assert.equal((await waive('kickoff.task.scope', { withdraw: true })).changed, true)
  assert.match((await mistakes(waive('kickoff.task.scope', { withdraw: true }))).join(), /nothing to take back/)
  const { events } = await desk.projects.show(desk.place)
  assert.deepEqual(
    events.slice(2).map(({ kind, who }) => [kind, who]),
    [
      ['gate-waived', 'Anna'],
      ['waiver-withdrawn', 'Anna'],
    ],
  )
})
