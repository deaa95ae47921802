import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChangeStatement, ChangeView, Finding, TenantApplyResult, TenantPlanResult } from '../api/tenant-results.ts'
import { STATE_NAMES } from '../change/change-state.ts'
import { stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const change = (about: string, says: string, more: Partial<ChangeView> = {}): ChangeView => ({
  key: says,
  kind: 'user',
  about,
  says,
  takes: 'seconds',
  cannotUndo: null,
  waits: false,
  ...more,
})
const finding = (severity: Finding['severity'], about: string, code = 'licence-short'): Finding => ({
  code,
  severity,
  about,
  says: `No licence is left for ${about}.`,
  remedy: 'Buy more of them.',
  where: `mailboxes.csv line ${about.length}`,
})
const plan = (more: Partial<TenantPlanResult> = {}): TenantPlanResult => ({
  tenantId: 't1',
  changes: [],
  held: [],
  findings: [],
  powerShell: null,
  ...more,
})
const statement = (counts: Partial<ChangeStatement['counts']>, open: ChangeStatement['open'] = []): ChangeStatement => ({
  total: Object.values(counts).reduce((sum, count) => sum + count, 0),
  counts: { ...(Object.fromEntries(STATE_NAMES.map((state) => [state, 0])) as ChangeStatement['counts']), ...counts },
  open,
})
const applied = (more: Partial<TenantApplyResult>): TenantApplyResult => ({
  approved: true,
  statement: null,
  plan: plan(),
  failure: null,
  passwordsWaiting: 0,
  ...more,
})
const fits = (text: string): void => {
  for (const line of text.split('\n')) assert.ok(widthOf(line) <= 80, line)
}

test('a plan tells the same trouble of many people once, cuts what is long, and names no one twice', async () => {
  const people = Array.from({ length: 40 }, (_, at) => `person${at}@example.test`)
  const result = plan({
    findings: people.map((about) => finding('blocker', about)),
    changes: people.map((about) => change(about, `Create the user ${about}`)),
    held: [change('x@example.test', 'Create the user x@example.test')],
  })
  const tenantPlan = () => Promise.resolve(result)
  const short = await stage({ tenantPlan }).run('tenant', 'plan')
  assert.equal(short.code, 3)
  fits(short.out)
  assert.equal(short.out.match(/No licence is left/g)?.length, 1)
  assert.match(short.out, /The same of person1@example\.test.*and 36 more\./s)
  assert.match(short.out, /40 changes, by kind:\n {2}user 40/)
  assert.match(short.out, /\.\.\. and 30 more; --all shows everything\./)
  assert.match(short.out, /1 more change is left out/)
  const all = await stage({ tenantPlan }).run('tenant', 'plan', '--all')
  assert.equal(all.out.match(/- Create the user/g)?.length, 40)
  assert.deepEqual(JSON.parse((await stage({ tenantPlan }).run('tenant', 'plan', '--json')).out), result)
})

test('names that would move the cursor or hide text are written as escapes', async () => {
  const evil = 'a\u001b[2J\u202e@example.test'
  const result = plan({ changes: [change(evil, `Create ${evil}`)], findings: [finding('warning', evil)] })
  const { out, code } = await stage({ tenantPlan: () => Promise.resolve(result) }).run('tenant', 'plan')
  assert.equal(code, 0)
  assert.ok(!/[\u001b\u202e]/.test(out))
  assert.match(out, /\\x1b\[2J\\u202e/)
})

test('what takes hours or cannot be taken back is marked, and a tenant that is as wanted says so', async () => {
  const slow = change('', 'Let the organisation have settings of its own', { takes: 'hours', cannotUndo: 'Exchange has no way back' })
  const { out } = await stage({ tenantPlan: () => Promise.resolve(plan({ changes: [slow] })) }).run('tenant', 'plan')
  assert.match(out.replaceAll(/\s+/g, ' '), /can take hours; cannot be taken back: Exchange has no way back/)
  const none = await stage({ tenantPlan: () => Promise.resolve(plan()) }).run('tenant', 'plan')
  assert.deepEqual([none.out, none.code], ['Tenant t1: all is as wanted.\n', 0])
})

test('the script goes to standard output alone, and what stands in the way beside it', async () => {
  const result = plan({ powerShell: '\ufeff# 1\r\nSet-Mailbox\r\n', held: [change('x', 'y')], findings: [finding('blocker', 'x')] })
  const { out, err, code } = await stage({ tenantPlan: () => Promise.resolve(result) }).run('tenant', 'plan', '--as-powershell')
  assert.deepEqual([out, code], ['\ufeff# 1\r\nSet-Mailbox\r\n', 3])
  assert.match(err, /in the way of 1 change/)
})

test('apply asks, and does nothing on any other answer than yes', async () => {
  for (const [typed, approved] of [
    ['y', true],
    ['YES', true],
    ['', false],
    ['no', false],
    ['yellow', false],
  ] as const) {
    const { out, err, code } = await stage(
      {
        tenantApply: async (input) => {
          const said = await input.approve(plan({ changes: [change('a', 'Create a')] }))
          return applied({ approved: said, ...(said ? { statement: statement({ done: 1 }) } : {}) })
        },
      },
      { typed },
    ).run('tenant', 'apply')
    assert.equal(code, 0)
    assert.match(err, /Carry out 1 change in tenant t1\? \[y\/N\]/)
    assert.match(out, approved ? /1 changes? = 1 done/ : /Nothing was changed\./)
  }
})

test('the books of a run are told with what is open, and the exit code says who is needed', async () => {
  const open = {
    key: 'k',
    about: 'a',
    says: 'Give a the licence',
    failure: { code: 'licence-short' as const, text: 'No seats are left.' },
    why: null,
    waitingSinceMs: null,
    heldBackBy: [],
    remedy: 'Buy more.',
  }
  const run = (result: TenantApplyResult) => stage({ tenantApply: () => Promise.resolve(result) }).run('tenant', 'apply', '--yes')
  const failed = await run(applied({ statement: statement({ done: 2, failed: 1 }, [{ ...open, state: 'failed' }]) }))
  assert.equal(failed.code, 1)
  assert.match(failed.out, /3 changes = 2 done \+ 1 failed/)
  assert.match(failed.out, /- Give a the licence\n {4}No seats are left\.\n {4}What to do: Buy more\./)
  const waiting = await run(applied({ statement: statement({ waiting: 1 }, [{ ...open, state: 'waiting', failure: null }]) }))
  assert.equal(waiting.code, 3)
  const clean = await run(applied({ statement: statement({ done: 3 }), passwordsWaiting: 2 }))
  assert.equal(clean.code, 0)
  assert.match(clean.out, /all is as wanted/)
  assert.match(clean.out, /2 temporary passwords wait/)
})
