import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Blocker } from './gate.ts'
import { dueWork, nextPhase, nextView } from './next.ts'
import { batch, CUTOVER, DAY, domain, HOUR, looked, mailbox, moved, NOW, project } from './state.fixture.ts'
import type { ProjectState } from './state.ts'

const BOTH = ['anna@example.test', 'ben@example.test']

function open(state: ProjectState): readonly string[] {
  return nextView(state).blockers.map(({ id }: Blocker) => id)
}

/** Copied and verified a moment ago, all looks made. */
function ready(more: Partial<ProjectState> = {}): ProjectState {
  const now = more.now ?? NOW
  return project({
    entered: 'cutover',
    facts: looked(now - HOUR, BOTH),
    mailboxes: [moved('anna', now - HOUR), moved('ben', now - HOUR)],
    ...more,
  })
}

test('at the kickoff what `run` can look at comes before what is not known to be wrong', () => {
  const view = nextView(project())
  assert.equal(view.phase, 'kickoff')
  assert.equal(view.command, 'run')
  assert.deepEqual(
    dueWork(project()).map(({ do: what }) => what),
    ['logins', 'connect', 'dns'],
  )
})

test("an access that is missing is a person's, with the command that tells how it is given", () => {
  const facts = looked(NOW, BOTH, { connect: { missing: ['User.Read.All'], waiting: [] } })
  const view = nextView(project({ facts }))
  assert.deepEqual([view.phase, view.command, view.blockers[0]?.waivable], ['kickoff', 'tenant connect', false])
  assert.match(view.because, /User\.Read\.All/)
})

test('nothing is planned: the kickoff asks for a date, and may be let go on without', () => {
  const state = project({ facts: looked(NOW, BOTH), cutoverAt: null })
  assert.deepEqual(open(state), ['kickoff.no-date'])
  const waivers = [{ blocker: 'kickoff.no-date', name: 'Ben', reason: 'not yet', at: NOW }]
  assert.equal(nextPhase({ ...state, waivers }), 'assess')
  assert.equal(nextView({ ...state, waivers }).waived[0]?.name, 'Ben')
})

test('a task that has to be signed off holds its phase up until somebody does', () => {
  const task = {
    id: 'scope',
    says: 'The scope is agreed',
    side: 'customer',
    owner: null,
    dueAt: NOW - 1,
    phase: 'kickoff',
    signedOff: null,
  } as const
  const state = project({ facts: looked(NOW, BOTH), tasks: [task] })
  assert.equal(nextView(state).command, 'project sign-off scope --name NAME')
  assert.match(nextView(state).because, /overdue/)
  assert.equal(nextPhase({ ...state, tasks: [{ ...task, signedOff: { name: 'Ben', at: NOW } }] }), 'assess')
})

test('a look that is too old is made again, but not once its phase is over', () => {
  const facts = looked(NOW - 2 * DAY, BOTH)
  assert.deepEqual(open(project({ facts })), ['kickoff.logins', 'kickoff.tenant', 'kickoff.dns'])
  const later = project({ facts, entered: 'prestage' })
  assert.deepEqual(open(later), ['prestage.copy'])
})

test('changes of the tenant wait for somebody to agree, and are made by `run` once somebody did', () => {
  const facts = looked(NOW, BOTH, { tenant: { changes: 3, digest: 'abc', blockers: [], mailboxes: [] } })
  const state = project({ facts, entered: 'provision' })
  assert.deepEqual(
    nextView(state).blockers.map(({ id, needs }) => [id, needs]),
    [['provision.changes', 'person']],
  )
  const approvals = [{ what: 'tenant', digest: 'abc', name: 'Anna', at: NOW }]
  assert.equal(nextView({ ...state, approvals }).blockers[0]?.needs, 'work')
  assert.equal(dueWork(state)[0]?.do, 'apply-tenant')
})

test('in hours of quiet nothing is copied, and `next` tells until when', () => {
  const state = project({ facts: looked(NOW, BOTH), entered: 'prestage', quietUntil: NOW + HOUR })
  assert.deepEqual(dueWork(state), [])
  assert.equal(nextView(state).notBefore, NOW + HOUR)
})

test('a mailbox that a person paused is left alone and told of', () => {
  const paused = { name: 'Ben', reason: 'on a journey' }
  const state = project({ facts: looked(NOW, BOTH), entered: 'prestage', mailboxes: [moved('anna', NOW), mailbox('ben', { paused })] })
  assert.deepEqual(open(state), ['prestage.paused.ben'])
  assert.deepEqual(dueWork(state), [])
})

test('a mailbox whose pass was held back or stopped goes on by itself, and one that was refused does not', () => {
  const of = (code: string): readonly [string | null, number] => {
    const lastPass = { kind: 'initial', beganAt: NOW, endedAt: NOW, failure: { code, says: 'Paused by Olga.', next: 'ask' } } as const
    const state = project({ facts: looked(NOW, BOTH), entered: 'prestage', mailboxes: [moved('anna', NOW), mailbox('ben', { lastPass })] })
    return [nextView(state).command, nextView(state).blockers.filter(({ needs }) => needs === 'person').length]
  }
  assert.deepEqual(of('held'), ['run', 0])
  assert.deepEqual(of('stopped'), ['run', 0])
  assert.deepEqual(of('auth-rejected')[1], 1)
})

test('while the cutover is postponed deltas go on, and nothing is verified or looked at again', () => {
  const late = NOW + 30 * DAY
  const state = ready({ now: late, cutoverAt: null, mailboxes: [moved('anna', NOW), moved('ben', NOW)], facts: looked(NOW, BOTH) })
  assert.deepEqual(open(state), ['cutover.no-date.example.test'])
  assert.deepEqual(
    dueWork(state).map(({ key }) => key),
    ['copy delta'],
  )
  assert.equal(nextView(state).lag?.lagMs, 30 * DAY)
})

test('a message that nobody can explain is never let pass', () => {
  const wrong = moved('anna', NOW - HOUR, { verified: { at: NOW, level: 'content', missing: 0, extra: 0, different: 0, unexplained: 1 } })
  const waivers = [{ blocker: 'verify.unexplained.anna', name: 'Ben', reason: 'never mind', at: NOW }]
  const state = ready({ entered: 'verify', mailboxes: [wrong, moved('ben', NOW - HOUR)], waivers })
  assert.deepEqual(open(state), ['verify.unexplained.anna'])
})

test('a failed gate that is waived lets the project pass, and is told of from then on', () => {
  const wrong = moved('anna', NOW - HOUR, { verified: { at: NOW, level: 'content', missing: 2, extra: 0, different: 0, unexplained: 0 } })
  const state = ready({ entered: 'verify', mailboxes: [wrong, moved('ben', NOW - HOUR)] })
  assert.deepEqual([nextPhase(state), nextView(state).command], [null, 'verify --only anna --repair'])
  const waived = { ...state, waivers: [{ blocker: 'verify.mailbox.anna', name: 'Ben', reason: 'drafts', at: NOW }] }
  assert.equal(nextPhase(waived), 'cutover')
  assert.deepEqual(
    nextView({ ...waived, entered: 'cutover' }).waived.map(({ id, reason }) => [id, reason]),
    [['verify.mailbox.anna', 'drafts']],
  )
})

test('a mailbox that is added late opens earlier phases for itself alone', () => {
  const late = mailbox('carl')
  const state = ready({ mailboxes: [moved('anna', NOW - HOUR), moved('ben', NOW - HOUR), late] })
  assert.deepEqual(open(state).slice(0, 2), ['provision.mailboxes', 'prestage.copy'])
  assert.equal(nextView(state).phase, 'provision')
  assert.equal(nextView(state).entered, 'cutover')
  const there = { ...state, facts: looked(NOW, [...BOTH, 'carl@example.test']) }
  assert.deepEqual(
    dueWork(there).flatMap((work) => (work.do === 'copy' ? work.mailboxes : [])),
    ['carl'],
  )
})

test('a mailbox that is added after the switch is copied by the rules for late mail', () => {
  const state = ready({
    entered: 'final',
    mailboxes: [moved('anna', NOW - HOUR), mailbox('carl')],
    facts: looked(NOW, [...BOTH, 'carl@example.test']),
    domains: [domain({ phase: 'draining', since: NOW - DAY, switchedAt: NOW - DAY })],
  })
  const [work] = dueWork(state)
  assert.ok(work?.do === 'copy')
  assert.deepEqual([work.mailboxes, work.afterSwitch], [['carl'], NOW - DAY])
})

test('a batch that begins later holds up the domain that its people share, and no other one', () => {
  const south = { batch: 'south', domain: 'south.test', target: 'carl@south.test' }
  const batches = [batch('all'), batch('south', { startsAt: CUTOVER + DAY })]
  const domains = [domain(), domain({ name: 'south.test' })]
  const other = ready({ now: CUTOVER, batches, domains, mailboxes: [moved('anna', CUTOVER - HOUR), mailbox('carl', south)] })
  assert.deepEqual(open(other), ['cutover.begin.example.test'])
  const shared = { ...other, mailboxes: [moved('anna', CUTOVER - HOUR), mailbox('carl', { batch: 'south' })] }
  assert.equal(nextView(shared).blockers[0]?.id, 'cutover.batch-south.example.test')
  assert.equal(nextView(shared).blockers[0]?.notBefore, CUTOVER + DAY)
})

test('when a second batch begins, its phases are open again while the first one is at the new side', () => {
  const state = ready({
    entered: 'closeout',
    batches: [batch('all'), batch('south', { startsAt: NOW })],
    mailboxes: [moved('anna', NOW - 9 * DAY), mailbox('carl', { batch: 'south', domain: 'south.test', target: 'carl@south.test' })],
    domains: [domain({ phase: 'finalised', switchedAt: NOW - 8 * DAY, quietAt: NOW - 5 * DAY }), domain({ name: 'south.test' })],
    facts: looked(NOW, [...BOTH, 'carl@south.test']),
  })
  assert.equal(nextView(state).phase, 'prestage')
  assert.deepEqual(
    dueWork(state).flatMap((work) => (work.do === 'copy' ? work.mailboxes : [])),
    ['carl'],
  )
})

test('before its time a switch is prepared and not decided; at its time somebody is asked', () => {
  const early = ready({ now: CUTOVER - 2 * DAY })
  const [begin] = dueWork(early).filter((work) => work.do === 'switch')
  assert.deepEqual(begin?.do === 'switch' ? begin.may : null, [])
  const now = { ...ready({ now: CUTOVER }), domains: [domain({ phase: 'ready', since: CUTOVER - DAY, awaits: 'switch' })] }
  const view = nextView(now)
  assert.deepEqual([view.command, view.blockers[0]?.id], ['run', 'cutover.decide.example.test'])
  assert.equal(
    dueWork({ ...now, now: CUTOVER - 2 * HOUR }).some((work) => work.do === 'switch'),
    false,
  )
})

test('right before the switch what is new is copied first', () => {
  const state = { ...ready({ now: CUTOVER }), mailboxes: [moved('anna', CUTOVER - HOUR), moved('ben', CUTOVER - 60_000)] }
  assert.deepEqual(
    dueWork(state).map(({ key }) => key),
    ['copy delta', 'switch example.test now'],
  )
})

test("a domain that was sent back is a person's, deltas go on, and begun again it is asked for anew", () => {
  const turnedBack = { name: 'Ben', reason: 'the scanner cannot send' }
  const back = ready({
    now: CUTOVER + DAY,
    entered: 'final',
    mailboxes: [moved('anna', CUTOVER)],
    domains: [domain({ phase: 'restored', turnedBack })],
  })
  const view = nextView(back)
  assert.deepEqual([view.phase, view.entered, view.command], ['cutover', 'final', 'switch example.test --again --name NAME'])
  assert.match(view.because, /scanner/)
  assert.deepEqual(
    dueWork(back).map(({ key }) => key),
    ['copy delta'],
  )
})

test('after the switch only time is missing, and it is told until when', () => {
  const waits = {
    guard: 'horizon',
    title: 'no cache can remember',
    reasons: ['Caches may remember.'],
    notBefore: NOW + DAY,
    overridable: false,
    seen: true,
  }
  const state = ready({ entered: 'final', domains: [domain({ phase: 'draining', switchedAt: NOW - DAY, open: [waits] })] })
  const view = nextView(state)
  assert.deepEqual([view.phase, view.command, view.notBefore], ['final', 'run --wait 60', NOW + DAY])
})

test('the books are closed once everything was seen at the new side, and what failed is for a person to accept', () => {
  const quiet = [domain({ phase: 'quiet', switchedAt: NOW - 5 * DAY, quietAt: NOW - DAY })]
  const before = ready({ entered: 'reconcile', mailboxes: [moved('anna', NOW - 9 * DAY)], domains: quiet })
  assert.deepEqual(open(before), ['reconcile.look'])
  const messages = { found: 10, copied: 9, skipped: 0, failed: 1, unexplained: 0, bytes: 1000 }
  const verified = { at: NOW, level: 'content', missing: 0, extra: 0, different: 0, unexplained: 0 } as const
  const after = { ...before, mailboxes: [moved('anna', NOW - 9 * DAY, { messages, verified, proven: 9 })] }
  assert.deepEqual(open(after), ['reconcile.failed.anna'])
})

test('a project is closed when it is accepted, and the old host is watched over all the same', () => {
  const all = { at: NOW, level: 'content', missing: 0, extra: 0, different: 0, unexplained: 0 } as const
  const state = ready({
    entered: 'closeout',
    mailboxes: [moved('anna', NOW - 9 * DAY, { verified: all })],
    domains: [domain({ phase: 'finalised', switchedAt: NOW - 5 * DAY, quietAt: NOW - DAY })],
    facts: looked(NOW, BOTH, { acceptance: { criteria: [{ id: 'mail', outcome: 'failed' }] } }),
  })
  assert.deepEqual(open(state), ['closeout.acceptance.mail'])
  const waivers = [{ blocker: 'closeout.acceptance.mail', name: 'Ben', reason: 'known', at: NOW }]
  assert.deepEqual(open({ ...state, waivers }), [])
  const closed = { ...state, waivers, closedAt: NOW }
  assert.match(nextView(closed).because, /still watched over/)
  assert.deepEqual(
    dueWork(closed).map(({ key }) => key),
    ['switch example.test'],
  )
})
