import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../model/change.ts'
import { between } from './routes-between.ts'

const finding = (severity: Finding['severity']): Finding => ({
  code: 'x',
  severity,
  about: 'example.test',
  says: `A ${severity}.`,
  remedy: 'Mend it.',
  where: null,
})

test('P7 what would bounce or run in a circle fails, what is odd warns, and a note is only told', () => {
  assert.deepEqual(between([finding('note'), finding('blocker')]), { outcome: 'failed', says: ['A blocker. Mend it.', 'A note.'] })
  assert.equal(between([finding('warning')]).outcome, 'warning')
  assert.deepEqual(between([finding('note')]), { outcome: 'passed', says: ['A note.'] })
  assert.equal(between([]).outcome, 'passed')
})
