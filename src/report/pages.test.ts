import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { ErrorReportRow } from './error-report.ts'
import { errorPage, verificationPage } from './pages.ts'
import type { VerificationReport } from './pages.ts'

const NASTY = `<script>alert("x")</script>&amp;'\u202Egpj.exe\0\uD800`
const GOOD = { found: 1234, copied: 1230, skipped: 4, failed: 0, missing: 0, extra: 0, different: 0, unexplained: 0 }
const MAILBOX = {
  ...GOOD,
  name: 'Anna',
  source: 'anna',
  target: 'anna@example.org',
  trouble: null,
  folders: [{ ...GOOD, source: 'Sent', target: 'Sent Items' }],
}
const REPORT: VerificationReport = {
  ...GOOD,
  level: 'content',
  madeAt: '2026-03-01T12:00:00Z',
  mailboxes: [MAILBOX],
  differences: [],
}
const ROW: ErrorReportRow = {
  mailbox: 'Anna',
  folder: NASTY,
  uid: 17,
  date: null,
  sizeBytes: 160_000_000,
  subject: NASTY,
  from: NASTY,
  state: 'failed',
  reason: 'message-refused',
  help: 'Export it.',
  serverText: NASTY,
  attempts: 2,
  repairs: [],
}
const BOOKS = { found: 3, copied: 2, skipped: 0, failed: 1, unexplained: 0, bytes: 10 }

test('nothing that a message says becomes part of the page', () => {
  for (const page of [
    errorPage(BOOKS, [ROW], NASTY),
    verificationPage({ ...REPORT, mailboxes: [{ ...MAILBOX, name: NASTY, trouble: NASTY }] }),
    verificationPage({ ...REPORT, differences: [{ mailbox: NASTY, folder: NASTY, kind: 'missing', subject: NASTY, says: NASTY }] }),
  ]) {
    assert.equal(/<script|\u202E|\0/.test(page), false)
    assert.equal(page.isWellFormed(), true)
    assert.match(page, /&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;&amp;amp;&#39;/)
  }
})

test('a page forbids itself everything but its own style sheet', () => {
  const page = verificationPage(REPORT)
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  assert.ok(page.includes(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`))
  assert.equal(/<(script|link|img|iframe)|\bon\w+=|\bstyle=|https?:/.test(page), false)
})

test('the statement stands above the tables', () => {
  assert.match(verificationPage(REPORT), /1,234 found = 1,230 copied \+ 4 skipped \+ 0 failed</)
  assert.match(errorPage({ ...BOOKS, unexplained: 2 }, [], ''), /3 found = 2 copied \+ 0 skipped \+ 1 failed \+ 2 unexplained</)
})

test('the verdict is good only when nothing is missing, different, unexplained or in trouble', () => {
  assert.match(verificationPage(REPORT), /Nothing is missing/)
  assert.match(verificationPage({ ...REPORT, missing: 1 }), /class="bad">The two sides differ/)
  const troubled = verificationPage({ ...REPORT, mailboxes: [{ ...MAILBOX, trouble: 'wrong password' }] })
  assert.match(troubled, /1 of the mailboxes could not be verified/)
  assert.match(troubled, /<tr class="bad">/)
})

test('the error page counts by reason and lists every message', () => {
  const page = errorPage(BOOKS, [ROW, { ...ROW, uid: 18 }, { ...ROW, reason: 'message-too-large' }], '')
  assert.match(page, /message-refused<\/td><td class="number">2</)
  assert.equal(page.match(/160,000,000/g)?.length, 3)
  assert.match(errorPage({ ...BOOKS, failed: 0, copied: 3 }, [], ''), /Every message was copied/)
})
