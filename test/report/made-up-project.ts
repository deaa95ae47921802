import type { ReportOptions, Language } from '../../src/report/document.ts'
import type { ErrorItem, ErrorsData } from '../../src/report/errors.ts'
import type { ReadinessData } from '../../src/report/readiness.ts'
import type { MailboxStatistics, StatisticsData } from '../../src/report/statistics.ts'
import type { CertificateData } from '../../src/report/verification.ts'

/** A project that never was, with everything in it that a report has to stand: long words, other scripts, people who mean harm. */
const [HOUR, DAY, MB] = [3_600_000, 24 * 3_600_000, 2 ** 20]
export const SWITCHED = Date.parse('2027-03-05T17:00:00Z')
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60" width="200" height="60"><rect width="60" height="60" rx="8" fill="#0a7"/><text x="72" y="40" font-size="28" fill="#044">Example</text></svg>'

export function optionsIn(language: Language): ReportOptions {
  return {
    customer: 'Example & Söhne <Ltd>',
    madeAt: SWITCHED + 10 * DAY,
    timeZone: 'Europe/Berlin',
    language,
    logo: { type: 'svg', bytes: new TextEncoder().encode(LOGO) },
  }
}

function mailbox(name: string, found: number, more: Partial<MailboxStatistics> = {}): MailboxStatistics {
  const { skipped = 0, failed = 0, unexplained = 0 } = more
  const figures = { found, skipped, failed, unexplained, copied: found - skipped - failed - unexplained, bytes: found * 76_543 }
  const sent = Math.floor(found / 3)
  const rest = { found: sent, copied: sent, skipped: 0, failed: 0, unexplained: 0, bytes: sent * 76_543, extra: 0 }
  const inbox = { ...figures, found: found - sent, copied: figures.copied - sent, bytes: figures.bytes - rest.bytes, extra: 3 }
  return {
    name,
    ...figures,
    extra: 3,
    verified: figures.copied,
    reasons: [],
    passes: 14,
    firstPassAt: SWITCHED - 12 * DAY,
    lastPassAt: SWITCHED + 3 * DAY,
    busyMs: found * 60,
    messagesPerSecond: 17.438,
    retries: 2,
    throttledMs: found > 50_000 ? 5 * HOUR + 12 * 60_000 : 0,
    folders: [
      { name: 'INBOX', ...inbox },
      { name: 'Sent', ...rest },
    ],
    ...more,
  }
}

export const statistics: StatisticsData = {
  mailboxes: [
    mailbox('anna@example.org', 120_345, {
      skipped: 2,
      failed: 1,
      reasons: [
        { state: 'skipped', code: 'deleted-flag', count: 2, bytes: 4000 },
        { state: 'failed', code: 'message-too-large', count: 1, bytes: 163 * MB },
      ],
    }),
    mailbox('ben@example.org', 48_210),
    mailbox('office@example.org', 1),
    mailbox('=HYPERLINK("http://example.test","x")@example.org', 12),
    mailbox('a-very-long-name-of-somebody-in-the-department-of-long-names@subdomain.of.example.org', 999),
  ],
}

function item(more: Partial<ErrorItem>): ErrorItem {
  return {
    mailbox: 'anna@example.org',
    folder: 'INBOX/Projects',
    subject: 'Plans for the new building',
    at: Date.parse('2019-05-01T22:30:00Z'),
    sizeBytes: 163 * MB,
    state: 'failed',
    code: 'message-too-large',
    serverText: null,
    attempts: 2,
    owner: 'Olga',
    status: 'open',
    acceptedBy: null,
    ...more,
  }
}

export const errors: ErrorsData = {
  items: [
    item({}),
    item({
      subject: '<script>alert(1)</script> \u202Egpj.exe',
      code: 'message-refused',
      serverText: 'NO [ALERT] <b>bad</b> message',
      sizeBytes: 4096,
    }),
    item({ subject: 'Договор № 5: 你好, שלום, مرحبا 🎉', state: 'skipped', code: 'deleted-flag', owner: null, attempts: 0 }),
    item({ subject: `=cmd|' /C calc'!A0${'x'.repeat(300)}`, status: 'accepted', acceptedBy: 'Ben', at: null, code: 'message-infected' }),
    item({ mailbox: 'ben@example.org', folder: null, subject: null, sizeBytes: null, at: null, code: 'quota-full', status: 'fixed' }),
    item({ subject: '', code: 'something-new', owner: null }),
  ],
}

export const readiness: ReadinessData = {
  domains: ['example.org'],
  mailboxes: 5,
  phase: 'verify',
  cutoverAt: SWITCHED,
  criteria: [
    { name: 'analysis', figures: { mailboxes: 5, messages: 169_567, blockers: 0 }, outcome: 'met', at: SWITCHED - 20 * DAY, names: [] },
    { name: 'access', figures: { tried: 5, failing: 1 }, outcome: 'not-met', at: SWITCHED - DAY, names: ['ben@example.org'] },
    { name: 'tenant', figures: { changes: 0, blockers: 0 }, outcome: 'met', at: SWITCHED - DAY, names: [] },
    { name: 'dns', figures: { blockers: 1 }, outcome: 'waived', at: SWITCHED - DAY, names: ['example.org'] },
    { name: 'copied', figures: { copied: 5, all: 5 }, outcome: 'met', at: SWITCHED - HOUR, names: [] },
    {
      name: 'verified',
      figures: { verified: 4, all: 5, missing: 0, different: 2, unexplained: 0 },
      outcome: 'not-met',
      at: SWITCHED - 3 * HOUR,
      names: ['office@example.org'],
    },
    { name: 'lag', figures: { lagMs: 25 * 60_000, limitMs: 30 * 60_000 }, outcome: 'met', at: SWITCHED - HOUR, names: [] },
    { name: 'tasks', figures: { signed: 6, all: 6 }, outcome: 'met', at: SWITCHED - HOUR, names: [] },
    { name: 'mailflow', figures: null, outcome: 'not-seen', at: null, names: [] },
  ],
  open: [
    { phase: 'kickoff', says: '1 old mailbox does not open: ben@example.org.', needs: 'person' },
    { phase: 'verify', says: '1 mailbox is not verified yet: office@example.org.', needs: 'work' },
    { phase: 'cutover', says: 'example.org is sent to the new side at its planned time; deltas go on until then.', needs: 'time' },
  ],
  waived: [
    {
      phase: 'assess',
      says: 'example.org: mail is signed by nobody.',
      name: 'Anna',
      reason: 'DKIM comes in April',
      at: SWITCHED - 2 * DAY,
    },
  ],
  guards: [
    {
      domain: 'example.org',
      guard: 'analysis',
      title: 'nothing in the records stands in the way',
      holds: true,
      reasons: [],
      at: SWITCHED - HOUR,
      overridden: null,
    },
    {
      domain: 'example.org',
      guard: 'ttl',
      title: 'the old times to live have run out everywhere',
      holds: false,
      reasons: ['ns2.example.net still answers with 3600 seconds.'],
      at: SWITCHED - HOUR,
      overridden: null,
    },
    {
      domain: 'example.org',
      guard: 'old-host',
      title: 'the old host keeps taking mail, whatever MX says',
      holds: true,
      reasons: [],
      at: SWITCHED - HOUR,
      overridden: { name: 'Olga', reason: 'told so by its owner' },
    },
  ],
}

const figures = { found: 169_567, copied: 169_564, skipped: 2, failed: 1, missing: 0, extra: 15, different: 0, unexplained: 0 }

export const certificate: CertificateData = {
  ...figures,
  file: 'verification-proof.json',
  valid: true,
  signedAt: SWITCHED + 9 * DAY,
  keyFingerprint: '8f14e45fceea167a5a36dedd4bea2543c1d5b0f0e1a2b3c4d5e6f708192a3b4c',
  sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  level: 'content',
  compared: 169_564,
  unproven: 4,
  mailboxes: [
    {
      ...figures,
      name: 'anna@example.org',
      target: 'anna@example.org',
      unverified: false,
      folders: [
        { ...figures, source: 'INBOX', target: 'Inbox' },
        {
          found: 0,
          copied: 0,
          skipped: 0,
          failed: 0,
          missing: 0,
          extra: 0,
          different: 0,
          unexplained: 0,
          source: 'Entwürfe',
          target: 'Drafts',
        },
      ],
    },
    {
      found: 0,
      copied: 0,
      skipped: 0,
      failed: 0,
      missing: 0,
      extra: 0,
      different: 0,
      unexplained: 0,
      name: 'late@example.org',
      target: 'late@example.org',
      unverified: true,
      folders: [],
    },
  ],
}
