import type { AssessedFolder, AssessedMailbox, Assessment } from '../../src/assess/assessment.ts'
import { SWITCHED } from './made-up-project.ts'

const [HOUR, DAY, GB] = [3_600_000, 24 * 3_600_000, 2 ** 30]

function folder(source: string, more: Partial<AssessedFolder> = {}): AssessedFolder {
  return { source, target: source, role: null, reasons: [], messages: 1200, bytes: 90_000_000, ...more }
}

function mailbox(name: string, more: Partial<AssessedMailbox> = {}): AssessedMailbox {
  return {
    name,
    source: name,
    target: name,
    kind: 'user',
    batch: 'office',
    vip: false,
    failure: null,
    messages: 48_210,
    bytes: 4 * GB,
    folders: [folder('INBOX'), folder('Sent', { target: 'Sent Items', reasons: ['It becomes the folder for sent mail.'] })],
    quota: null,
    deletedBytes: 0,
    markedDeleted: 0,
    oldestAt: SWITCHED - 4000 * DAY,
    newestAt: SWITCHED - 20 * DAY,
    biggest: [{ folder: 'INBOX', uid: 7, bytes: 163_000_000, at: null }],
    oversize: { messages: 1, bytes: 163_000_000 },
    aboveUsual: 3,
    doubles: { messages: 12, bytes: 1_000_000, how: 'content' },
    dates: { missing: 0, inFuture: 1, tooOld: 0, imported: 0 },
    read: { messages: 400, bytes: 30_000_000 },
    troubles: [],
    risks: [],
    notes: [],
    forecastMs: { median: 2 * HOUR, p90: 5 * HOUR },
    ...more,
  }
}

export const assessment: Assessment = {
  madeAt: SWITCHED - 20 * DAY,
  tookMs: 20 * 60_000,
  stopped: false,
  reading: {
    how: 'sample',
    asked: '400',
    messagesRead: 2000,
    bytesRead: 150_000_000,
    share: 0.0118,
    confidence: 0.95,
    unseenAtMost: 0.0015,
    says: 'A sample was read.',
  },
  server: {
    url: 'imaps://imap.old.example.org',
    host: 'imap.old.example.org',
    system: 'dovecot',
    title: 'Dovecot',
    version: '2.3.19',
    tls: 'TLS 1.3',
    access: 'own',
    limits: ['At most 10 connections for one mailbox.'],
    warnings: [],
    advice: [],
    tell: [],
  },
  totals: {
    mailboxes: 3,
    unread: 1,
    folders: 6,
    foldersRenamed: 3,
    foldersLeftOut: 1,
    messages: 169_567,
    bytes: 63 * GB,
    oversize: 3,
    oversizeBytes: 489_000_000,
    doubles: 36,
    oddDates: 3,
    highRisk: 1,
  },
  mailboxes: [
    mailbox('anna@example.org', {
      bytes: 55 * GB,
      messages: 120_345,
      vip: true,
      risks: ['Larger than 50 GB.', 'VIP.'],
      forecastMs: { median: 30 * HOUR, p90: 52 * HOUR },
    }),
    mailbox('ben@example.org', {
      folders: [folder('INBOX'), folder('Projects/<b>2019</b>', { target: null, reasons: ['The old server does not open it.'] })],
    }),
    mailbox('office@example.org', {
      failure: { code: 'auth-rejected', message: 'The login was refused.', help: 'Check login and password.' },
      messages: 0,
      bytes: 0,
      folders: [],
      biggest: [],
      forecastMs: null,
    }),
  ],
  troubles: [
    {
      code: 'message-too-large',
      outcome: 'refused',
      says: 'Larger than Exchange accepts.',
      messages: { seen: 3, likely: 3, atLeast: 3, atMost: 3 },
      examples: [],
    },
    {
      code: 'long-lines',
      outcome: 'repaired',
      says: 'Lines longer than mail allows.',
      messages: { seen: 5, likely: 423.7, atLeast: 150.2, atMost: 980.6 },
      examples: [],
    },
  ],
  domains: [
    {
      domain: 'example.org',
      dnsHost: 'Example DNS',
      mailHost: 'Old Host',
      exchangers: ['10 mx1.old.example.org'],
      ttlSeconds: 86_400,
      findings: [{ rank: 'warn', code: 'ttl-long', says: 'The MX is remembered for a day.', help: null }],
      failure: null,
    },
  ],
  tenant: {
    id: 'contoso',
    checks: [{ title: 'Permissions', state: 'ok', says: 'All that is needed was granted.' }],
    steps: [],
    changes: 12,
    findings: [],
    failure: null,
  },
  licences: [
    {
      licence: 'Exchange Online (Plan 1)',
      bought: 2,
      assigned: 0,
      needed: 3,
      missing: 1,
      mailboxBytes: 50 * GB,
      tooBig: [{ name: 'anna@example.org', bytes: 55 * GB }],
    },
  ],
  leftBehind: {
    system: 'Dovecot',
    items: [
      { what: 'contacts', title: 'Contacts', how: 'Export them as vCard.', who: 'user' },
      { what: 'rules', title: 'Rules', how: 'Print them with doveadm.', who: 'administrator' },
    ],
  },
  forecast: {
    totalMs: { median: 31 * HOUR, p90: 54 * HOUR },
    deltaMs: { median: 6 * 60_000, p90: 15 * 60_000 },
    measured: { bytesPerSecond: 2_000_000, messagesPerSecond: 20, roundTripMs: 30 },
    mailboxesAtOnce: 4,
    limitedBy: 'biggest-mailbox',
    longest: { name: 'anna@example.org', ms: 30 * HOUR },
    mailboxes: [],
    assumes: [],
  },
  price: { currency: 'EUR', mailboxes: 3, base: 90, perMailbox: 10, extras: [{ says: 'Weekend work', amount: 150 }], total: 270 },
  findings: [
    {
      rank: 'block',
      code: 'auth-rejected',
      part: 'source',
      about: 'office@example.org',
      says: 'It does not open.',
      help: 'Check login and password.',
    },
    {
      rank: 'warn',
      code: 'mailbox-large',
      part: 'mailboxes',
      about: 'anna@example.org',
      says: 'Larger than its licence allows.',
      help: 'Give it Plan 2.',
    },
    { rank: 'note', code: 'folders-renamed', part: 'folders', about: '3 folders', says: 'They get other names.', help: null },
  ],
}
