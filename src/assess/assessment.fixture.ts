import { assemble, type AssessmentParts } from './assemble.ts'
import type { AssessedMailbox, Assessment } from './assessment.ts'

/** For tests: a mailbox that was read whole and has nothing odd about it. */
export function assessedMailbox(name: string, more: Partial<AssessedMailbox> = {}): AssessedMailbox {
  const messages = more.messages ?? 100
  return {
    name,
    source: `${name}@old.example.org`,
    target: `${name}@example.org`,
    kind: 'user',
    batch: null,
    vip: false,
    failure: null,
    messages,
    bytes: messages * 100_000,
    folders: [],
    quota: null,
    deletedBytes: 0,
    markedDeleted: 0,
    oldestAt: Date.UTC(2015, 0, 1),
    newestAt: Date.UTC(2026, 10, 1),
    biggest: [{ folder: 'INBOX', uid: 7, bytes: 3_000_000, at: Date.UTC(2020, 0, 1) }],
    oversize: { messages: 0, bytes: 0 },
    aboveUsual: 0,
    doubles: { messages: 0, bytes: 0, how: 'content' },
    dates: { missing: 0, inFuture: 0, tooOld: 0, imported: 0 },
    read: { messages, bytes: messages * 100_000 },
    troubles: [],
    risks: [],
    notes: [],
    forecastMs: null,
    ...more,
  }
}

/** For tests: an assessment of these mailboxes of a Dovecot, read at 5 MB a second. */
export function assessmentOf(mailboxes: readonly AssessedMailbox[], more: Partial<AssessmentParts> = {}): Assessment {
  return assemble({
    madeAt: Date.UTC(2026, 10, 22, 12),
    tookMs: 60_000,
    stopped: false,
    sample: 'full',
    server: {
      url: 'imaps://mail.example.org',
      host: 'mail.example.org',
      system: 'dovecot',
      title: 'Dovecot',
      version: null,
      tls: 'TLSv1.3, 60 days left',
      access: 'own',
      limits: [],
      warnings: [],
      advice: [],
      tell: [],
    },
    mailboxes,
    paces: mailboxes.map(({ messages, bytes }) => ({
      pace: { milliseconds: bytes / 5000, messages, bytes, roundTripMs: 20 },
      bytesPerDay: null,
    })),
    domains: [],
    tenant: null,
    licences: null,
    limits: { mailboxesAtOnce: 4, bytesPerSecond: null, hoursADay: 24 },
    price: { currency: 'USD', base: 90, perMailbox: 10, extras: [] },
    terms: { receiveBytes: null, maxMessageBytes: 150_000_000, isDefined: false, cutoverAt: null, serverFailure: null },
    ...more,
  })
}
