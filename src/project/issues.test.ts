import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settledIssues, inOrder, type IssueWord, type SeenIssue } from './issues.ts'

const seen = (id: string, more: Partial<SeenIssue> = {}): SeenIssue => ({
  id,
  severity: 'yellow',
  phase: 'prestage',
  about: 'anna',
  says: 'A message was not copied.',
  todo: 'Look.',
  command: null,
  owner: null,
  dueAt: null,
  firstAt: 1,
  lastAt: 5,
  ...more,
})
const word = (issue: string, said: IssueWord['word'], more: Partial<IssueWord> = {}): IssueWord => ({
  issue,
  at: 2,
  name: 'Olga',
  word: said,
  note: null,
  owner: null,
  dueAt: null,
  ...more,
})
const NOW = new Set(['a'])

test('an issue that is found no more is fixed by itself, and one that somebody called fixed is open as long as it is found', () => {
  const [there, gone] = settledIssues([seen('a'), seen('b')], NOW, [word('a', 'fixed')])
  assert.deepEqual([there?.state, gone?.state, gone?.by], ['open', 'fixed', null])
})

test('what somebody accepted by name stays accepted, until it is opened again', () => {
  const accepted = word('a', 'accepted', { note: 'the customer knows' })
  const [one] = settledIssues([seen('a')], NOW, [accepted])
  assert.deepEqual([one?.state, one?.by, one?.note], ['accepted', 'Olga', 'the customer knows'])
  assert.equal(settledIssues([seen('a')], NOW, [accepted, word('a', 'reopened', { at: 3 })])[0]?.state, 'open')
})

test('the last owner and the last date that were given hold, whatever else is said', () => {
  const words = [word('a', 'assigned', { owner: 'Ben', dueAt: 99 }), word('a', 'fixed', { at: 3 })]
  const [one] = settledIssues([seen('a', { owner: 'customer' })], NOW, words)
  assert.deepEqual([one?.owner, one?.dueAt, one?.state], ['Ben', 99, 'open'])
})

test('open issues come first, the worst before the others, and of those the one that is due soonest', () => {
  const all = settledIssues(
    [seen('n', { severity: 'note' }), seen('late', { dueAt: 9 }), seen('soon', { dueAt: 4 }), seen('r', { severity: 'red' }), seen('old')],
    new Set(['n', 'late', 'soon', 'r']),
    [],
  )
  assert.deepEqual(
    inOrder(all).map(({ id }) => id),
    ['r', 'soon', 'late', 'n', 'old'],
  )
})
