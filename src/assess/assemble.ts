import type {
  AssessedDomain,
  AssessedMailbox,
  AssessedServer,
  AssessedTenant,
  Assessment,
  LicenceNeed,
  Reading,
  Totals,
} from './assessment.ts'
import { CONFIDENCE, unseenAtMost } from './chance.ts'
import { findingsOf, type FindingTerms } from './findings.ts'
import { forecast, type ForecastLimits, type ForecastMailbox } from './forecast.ts'
import { leftBehind } from './left-behind.ts'
import { allTroubles } from './mailbox-report.ts'
import { priceOf, type PriceTerms } from './price.ts'
import { sampleText, type Sample } from './sample.ts'

export type AssessmentParts = {
  readonly madeAt: number
  readonly tookMs: number
  readonly stopped: boolean
  readonly sample: Sample
  readonly server: AssessedServer | null
  readonly mailboxes: readonly AssessedMailbox[]
  /** In the order of `mailboxes`. */
  readonly paces: readonly Pick<ForecastMailbox, 'pace' | 'bytesPerDay'>[]
  readonly domains: readonly AssessedDomain[]
  readonly tenant: AssessedTenant | null
  readonly licences: readonly LicenceNeed[] | null
  readonly limits: ForecastLimits
  readonly price: PriceTerms
  readonly terms: FindingTerms
}

/** Puts together what was seen, and draws from it what follows. Pure. */
export function assemble(parts: AssessmentParts): Assessment {
  const { madeAt, tookMs, stopped, server, domains, tenant, licences } = parts
  const ahead = forecast(
    parts.mailboxes.map(({ name, messages, bytes, folders }, at) => ({
      name,
      messages,
      bytes,
      folders: folders.filter(({ target }) => target !== null).length,
      pace: parts.paces[at]?.pace ?? null,
      bytesPerDay: parts.paces[at]?.bytesPerDay ?? null,
    })),
    parts.limits,
  )
  const times = new Map(ahead?.mailboxes.map(({ name, median, p90 }) => [name, { median, p90 }]))
  const mailboxes = parts.mailboxes.map((mailbox) => ({
    ...mailbox,
    forecastMs: isKnown(mailbox) ? (times.get(mailbox.name) ?? null) : null,
  }))
  const whole = {
    madeAt,
    tookMs,
    stopped,
    reading: readingOf(parts.sample, mailboxes),
    server,
    totals: totalsOf(mailboxes),
    mailboxes,
    troubles: allTroubles(mailboxes),
    domains,
    tenant,
    licences,
    leftBehind: leftBehind(server === null ? null : { name: server.system, title: server.title }),
    forecast: ahead,
    price: priceOf(mailboxes.length, parts.price),
  }
  return { ...whole, findings: findingsOf(whole, parts.terms) }
}

/** Of a mailbox that did not open nothing is foretold. */
function isKnown({ failure, messages }: AssessedMailbox): boolean {
  return failure === null || messages > 0
}

function totalsOf(mailboxes: readonly AssessedMailbox[]): Totals {
  const sum = (of: (mailbox: AssessedMailbox) => number): number => mailboxes.reduce((total, mailbox) => total + of(mailbox), 0)
  return {
    mailboxes: mailboxes.length,
    unread: mailboxes.filter(({ failure }) => failure !== null).length,
    folders: sum(({ folders }) => folders.length),
    foldersRenamed: sum(({ folders }) => folders.filter(({ target, reasons }) => target !== null && reasons.length > 0).length),
    foldersLeftOut: sum(({ folders }) => folders.filter(({ target }) => target === null).length),
    messages: sum(({ messages }) => messages),
    bytes: sum(({ bytes }) => bytes),
    oversize: sum(({ oversize }) => oversize.messages),
    oversizeBytes: sum(({ oversize }) => oversize.bytes),
    doubles: sum(({ doubles }) => doubles.messages),
    oddDates: sum(({ dates }) => dates.missing + dates.inFuture + dates.tooOld),
    highRisk: mailboxes.filter(({ risks }) => risks.length > 0).length,
  }
}

function readingOf(sample: Sample, mailboxes: readonly AssessedMailbox[]): Reading {
  const all = mailboxes.reduce((sum, { messages, oversize }) => sum + messages - oversize.messages, 0)
  const messagesRead = mailboxes.reduce((sum, { read }) => sum + read.messages, 0)
  const bytesRead = mailboxes.reduce((sum, { read }) => sum + read.bytes, 0)
  const how = messagesRead === 0 ? 'none' : messagesRead >= all ? 'full' : 'sample'
  const unseen = how === 'none' ? null : unseenAtMost(smallestShare(mailboxes), all)
  return {
    how,
    asked: sampleText(sample),
    messagesRead,
    bytesRead,
    share: all === 0 ? 1 : Math.min(1, messagesRead / all),
    confidence: CONFIDENCE,
    unseenAtMost: unseen,
    says: readingSays(how, messagesRead, all, unseen),
  }
}

/** Of those that have mail. */
function smallestShare(mailboxes: readonly AssessedMailbox[]): number {
  const shares = mailboxes.flatMap(({ messages, oversize, read }) => {
    const all = messages - oversize.messages
    return all > 0 ? [read.messages / all] : []
  })
  return Math.min(1, ...shares)
}

function readingSays(how: Reading['how'], read: number, all: number, unseen: number | null): string {
  if (all === 0) return 'No message was found.'
  if (how === 'full') return `Every message was read whole (${read} of ${all}).`
  if (how === 'none') return `All ${all} messages were listed, none was read whole: what Exchange would refuse is not known.`
  const percent = Math.round((read / all) * 1000) / 10
  return (
    `All ${all} messages were listed, and ${read} of them (${percent} %), chosen at random, were read whole. Bounds hold with 95 % confidence; ` +
    `a trouble that was not seen at all concerns at most ${unseen ?? all} messages.`
  )
}
