import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ControlOperations, Issue } from '../api/project-control.ts'
import { stage } from './cli.fixture.ts'

const ISSUE: Issue = {
  id: 'kickoff.task.scope',
  phase: 'kickoff',
  about: 'scope',
  command: null,
  severity: 'red',
  owner: 'customer',
  dueAt: Date.UTC(2026, 10, 23, 22, 59),
  says: 'To be signed off: scope \u001B[31mand price.',
  todo: 'Run `cutover project sign-off scope --name NAME`.',
  state: 'open',
  by: null,
  note: null,
  firstAt: 0,
  lastAt: 0,
}

function controlOf(all: readonly Issue[]): ControlOperations {
  const missing = (): Promise<never> => Promise.reject(new Error('this test has no such operation'))
  return {
    where: async () => ({ stateDir: 'state', timeZone: 'Europe/Berlin' }),
    transfer: missing,
    hold: missing,
    release: missing,
    retry: missing,
    issues: async () => all,
    issueSay: missing,
    explain: missing,
  }
}

test('an issue is told with its day in the time of the project, and shows nothing hostile', async () => {
  const { code, out } = await stage({ control: async () => controlOf([ISSUE]) }).run('issues')
  assert.equal(code, 3)
  assert.match(out, /^!!! kickoff\.task\.scope\n/)
  assert.match(out, /Whose: customer, until Mon, 23 Nov 2026, 23:59 \(Europe\/Berlin\)/)
  assert.ok(!out.includes('\u001B'))
})

test('where nothing needs a person that is said', async () => {
  const { code, out } = await stage({ control: async () => controlOf([]) }).run('issues')
  assert.deepEqual([code, out], [0, 'Nothing needs a person.\n'])
})
