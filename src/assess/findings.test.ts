import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assessedMailbox, assessmentOf } from './assessment.fixture.ts'
import type { AssessmentParts } from './assemble.ts'
import { exactly } from './chance.ts'

const GB = 1024 ** 3
const DAY = 86_400_000
const TERMS: AssessmentParts['terms'] = {
  receiveBytes: null,
  maxMessageBytes: 150_000_000,
  isDefined: true,
  cutoverAt: null,
  serverFailure: null,
}
const told = (mailboxes: Parameters<typeof assessmentOf>[0], more: Partial<AssessmentParts> = {}): readonly string[] =>
  assessmentOf(mailboxes, more).findings.map(({ rank, code, about }) => `${rank} ${code} ${about}`)

test('an ordinary company has no findings', () => {
  assert.deepEqual(told([assessedMailbox('anna'), assessedMailbox('ben')]), [])
})

test('what stands in the way comes first, then what somebody has to decide, then what is good to know', () => {
  const failure = { code: 'auth-rejected', message: 'No.', help: 'Check it.' } as const
  const findings = told([
    assessedMailbox('vip', { vip: true, risks: ['A person who is looked after first.'] }),
    assessedMailbox('large', { risks: ['It holds 60 GB.'], bytes: 60 * GB }),
    assessedMailbox('shut', { failure, messages: 0 }),
    assessedMailbox('twice', { doubles: { messages: 4, bytes: 1, how: 'content' } }),
  ])
  assert.deepEqual(findings, [
    'block auth-rejected shut',
    'warn high-risk large',
    'warn mailbox-over-50 large',
    'note vip vip',
    'note doubles 4 messages',
  ])
})

test('a mailbox over 100 GB, licences that are short and mailboxes that do not fit theirs stand in the way', () => {
  const licence = {
    licence: 'Plan 1',
    bought: 5,
    assigned: 5,
    needed: 2,
    missing: 2,
    mailboxBytes: 50 * GB,
    tooBig: [{ name: 'large', bytes: 60 * GB }],
  }
  const mailboxes = [assessedMailbox('huge', { bytes: 130 * GB }), assessedMailbox('large', { bytes: 60 * GB })]
  assert.deepEqual(told(mailboxes, { licences: [licence] }), [
    'block mailbox-over-100 huge',
    'block licences-short Plan 1',
    'block mailbox-too-big large',
  ])
})

test('messages over 35 MB ask for a higher limit as long as the definition raises none, those over it stay behind in any case', () => {
  const mailboxes = [assessedMailbox('anna', { aboveUsual: 5, oversize: { messages: 2, bytes: 400_000_000 } })]
  assert.deepEqual(told(mailboxes), ['warn message-too-large 2 messages', 'warn receive-size 3 messages'])
  assert.deepEqual(told(mailboxes, { terms: { ...TERMS, receiveBytes: 150_000_000 } }), ['warn message-too-large 2 messages'])
})

test('a first copy that does not end before the cutover is told in time', () => {
  const { madeAt } = assessmentOf([])
  const big = [assessedMailbox('big', { bytes: 60e9 })]
  const codes = (days: number): readonly string[] =>
    told(big, { terms: { ...TERMS, cutoverAt: madeAt + days * DAY }, licences: [] }).filter((one) => one.includes('schedule'))
  assert.deepEqual(codes(1), ['block schedule cutover'])
  assert.deepEqual(codes(2.5), ['warn schedule cutover'])
  assert.deepEqual(codes(30), [])
})

test('troubles of all mailboxes are one finding a kind, with the sum of what they mean', () => {
  const trouble = (messages: number) => [
    { code: 'long-lines', outcome: 'repaired' as const, says: 'Long.', messages: exactly(messages), examples: [] },
  ]
  const assessment = assessmentOf([assessedMailbox('anna', { troubles: trouble(2) }), assessedMailbox('ben', { troubles: trouble(3) })])
  assert.deepEqual(
    assessment.troubles.map(({ messages }) => messages.likely),
    [5],
  )
  assert.deepEqual(
    assessment.findings.map(({ about }) => about),
    ['5 messages'],
  )
})
