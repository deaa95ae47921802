import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SCHEMA } from '../definition/sections.ts'
import { projectPlan } from './plan-of.ts'

test('in a project of a week no task is due before the day of its kickoff', () => {
  const project = { name: 'week', customer: 'Example', time_zone: 'Europe/Berlin', kickoff: '2026-11-23', cutover: '2026-11-27T18:00' }
  const tenant = { id: 'a.example', client_id: '11111111-2222-3333-4444-555555555555', sign_in: 'device' }
  const sections = SCHEMA.parse({ version: 1, tenant, project })
  const { tasks } = projectPlan({ sections, fileName: 'cutover.yaml', file: (name) => name }, [])
  const early = tasks.filter(({ dueAt }) => dueAt !== null && dueAt < Date.parse('2026-11-22T23:00Z'))
  assert.deepEqual(
    early.map(({ id }) => id),
    [],
  )
  assert.ok(tasks.some(({ due, dueAt }) => due?.startsWith('cutover-') === true && dueAt === Date.parse('2026-11-23T22:59Z')))
})
