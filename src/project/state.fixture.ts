import type { BatchState, DomainState, MailboxState, ProjectState } from './state.ts'
import type { FactData, Facts } from './facts.ts'

const [HOUR, DAY] = [3_600_000, 86_400_000]
export { HOUR, DAY }
/** Monday morning; the cutover is on Friday of the week after. */
export const NOW = Date.UTC(2026, 10, 23, 8)
export const CUTOVER = Date.UTC(2026, 11, 4, 17)

const NO_FACTS: Facts = {
  assessment: null,
  logins: null,
  connect: null,
  tenant: null,
  dns: null,
  verification: null,
  reconciliation: null,
  mailflow: null,
  acceptance: null,
}

export function mailbox(name: string, more: Partial<MailboxState> = {}): MailboxState {
  return {
    name,
    login: name,
    target: `${name}@example.test`,
    domain: 'example.test',
    batch: 'all',
    stays: false,
    paused: null,
    messages: { found: 0, copied: 0, skipped: 0, failed: 0, unexplained: 0, bytes: 0 },
    copiedAt: null,
    wholeAt: null,
    lastPass: null,
    verified: null,
    proven: 0,
    ...more,
  }
}

/** Copied and verified, ten messages, an hour ago. */
export function moved(name: string, at: number, more: Partial<MailboxState> = {}): MailboxState {
  return mailbox(name, {
    messages: { found: 10, copied: 10, skipped: 0, failed: 0, unexplained: 0, bytes: 1000 },
    copiedAt: at,
    wholeAt: at,
    lastPass: { kind: 'initial', beganAt: at, endedAt: at, failure: null },
    verified: { at: at + 1, level: 'content', missing: 0, extra: 0, different: 0, unexplained: 0 },
    proven: 10,
    ...more,
  })
}

export function domain(more: Partial<DomainState> = {}): DomainState {
  return {
    name: 'example.test',
    phase: 'draft',
    since: null,
    switchedAt: null,
    quietAt: null,
    turnedBack: null,
    paused: null,
    awaits: null,
    open: [],
    alarms: [],
    ...more,
  }
}

export function batch(name: string, more: Partial<BatchState> = {}): BatchState {
  return { name, startsAt: null, cutoverAt: null, ...more }
}

/** Nothing was looked at yet, and nothing is missing in the definition. */
export function project(more: Partial<ProjectState> = {}): ProjectState {
  return {
    name: 'example',
    now: NOW,
    timeZone: 'Europe/Berlin',
    entered: 'kickoff',
    closedAt: null,
    definedAt: NOW - DAY,
    kickoffAt: NOW,
    cutoverAt: CUTOVER,
    lagMs: HOUR / 2,
    deltaEveryMs: 4 * HOUR,
    quietUntil: null,
    has: { source: true, contact: true, testMailbox: true, outsideMailbox: true },
    tasks: [],
    batches: [batch('all')],
    mailboxes: [mailbox('anna'), mailbox('ben')],
    domains: [domain()],
    facts: NO_FACTS,
    waivers: [],
    approvals: [],
    ...more,
  }
}

/** Everything that is looked at before the first copy, and is as it should be. */
export function looked(at: number, targets: readonly string[], more: Partial<{ [K in keyof FactData]: FactData[K] }> = {}): Facts {
  const data: Partial<{ [K in keyof FactData]: FactData[K] }> = {
    assessment: { mailboxes: targets.length, messages: 20, bytes: 2000, blockers: [], forecastMs: null },
    logins: { tried: targets.length, failing: [] },
    connect: { missing: [], waiting: [] },
    tenant: { changes: 0, digest: 'none', blockers: [], mailboxes: targets },
    dns: { writable: true, blockers: [], left: {}, digest: 'none' },
    ...more,
  }
  const seen = Object.entries(data).map(([kind, one]) => [kind, { at, data: one }])
  return { ...NO_FACTS, ...Object.fromEntries(seen) }
}
