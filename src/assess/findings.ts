import type { AssessedDomain, AssessedMailbox, AssessFinding, AssessedTenant, AssessRank, Assessment, LicenceNeed } from './assessment.ts'
import { mailboxFindings } from './mailbox-findings.ts'

/** What a person should know beside the data: told of by who decided it. */
export type FindingTerms = {
  /** null: the definition does not raise it. */
  readonly receiveBytes: number | null
  readonly maxMessageBytes: number
  /** Whether a definition says what the mailboxes will be. */
  readonly isDefined: boolean
  /** The planned cutover; null: none is planned. */
  readonly cutoverAt: number | null
  /** Why the server could not be looked at. */
  readonly serverFailure: { readonly message: string; readonly help: string } | null
}

/** Everything that somebody should know or do, the most important first; of equal ones the order of their parts. */
export function findingsOf(assessment: Omit<Assessment, 'findings'>, terms: FindingTerms): readonly AssessFinding[] {
  const { mailboxes, domains, tenant, licences } = assessment
  const findings = [
    ...sourceFindings(assessment, terms),
    ...mailboxes.flatMap((mailbox) => ownFindings(mailbox)),
    ...mailboxFindings(assessment, terms),
    ...domains.flatMap(dnsFindings),
    ...(tenant === null ? [] : tenantFindings(tenant)),
    ...(licences ?? []).flatMap(licenceFindings),
    ...scheduleFindings(assessment, terms),
  ]
  const order: Readonly<Record<AssessRank, number>> = { block: 0, warn: 1, note: 2 }
  return findings.toSorted((a, b) => order[a.rank] - order[b.rank])
}

function sourceFindings({ server }: Omit<Assessment, 'findings'>, { serverFailure }: FindingTerms): readonly AssessFinding[] {
  const part = 'source' as const
  if (serverFailure !== null)
    return [{ rank: 'warn', code: 'server', part, about: 'source', says: serverFailure.message, help: serverFailure.help }]
  return (server?.warnings ?? []).map((says) => ({
    rank: 'warn',
    code: 'server-warning',
    part,
    about: server?.host ?? '',
    says,
    help: null,
  }))
}

function ownFindings({ name, failure, risks, vip }: AssessedMailbox): readonly AssessFinding[] {
  const part = 'mailboxes' as const
  const trouble: readonly AssessFinding[] =
    failure === null
      ? []
      : [
          {
            rank: UNFINISHED.has(failure.code) ? 'note' : 'block',
            code: failure.code,
            part,
            about: name,
            says: failure.message,
            help: failure.help,
          },
        ]
  const [first] = risks
  if (first === undefined) return trouble
  const rank = risks.length > (vip ? 1 : 0) ? 'warn' : 'note'
  const code = rank === 'note' ? 'vip' : 'high-risk'
  return [...trouble, { rank, code, part, about: name, says: risks.join(' '), help: rank === 'note' ? null : RISK_HELP }]
}

/** It opened, and was not read to its end. */
const UNFINISHED: ReadonlySet<string> = new Set(['stopped', 'allowance-used'])
const RISK_HELP = 'Begin with it, have old mail archived or deleted first, and tell the person beforehand.'

function dnsFindings({ domain, findings, failure }: AssessedDomain): readonly AssessFinding[] {
  const part = 'dns' as const
  if (failure !== null) return [{ rank: 'warn', code: 'dns-unasked', part, about: domain, says: failure, help: null }]
  return findings.map((one) => ({ ...one, part, about: domain }))
}

function tenantFindings({ failure, checks, findings }: AssessedTenant): readonly AssessFinding[] {
  const part = 'tenant' as const
  if (failure !== null) return [{ rank: 'block', code: 'tenant', part, about: 'tenant', says: failure, help: 'cutover tenant connect' }]
  return [
    ...checks
      .filter(({ state }) => state === 'missing')
      .map(({ title, says }): AssessFinding => ({
        rank: 'block',
        code: 'tenant-access',
        part,
        about: title,
        says,
        help: 'cutover tenant connect',
      })),
    ...findings.map(({ rank, about, says }): AssessFinding => ({ rank, code: 'tenant-plan', part, about, says, help: null })),
  ]
}

function licenceFindings({ licence, bought, needed, missing, mailboxBytes, tooBig }: LicenceNeed): readonly AssessFinding[] {
  const part = 'licences' as const
  const room = mailboxBytes === null ? '' : `${Math.round(mailboxBytes / 1024 ** 3)} GB`
  return [
    ...(missing === 0
      ? []
      : [
          {
            rank: 'block' as const,
            code: 'licences-short',
            part,
            about: licence,
            says: `${needed} needed, ${missing} too few (${bought} bought).`,
            help: `Buy ${missing} more, or write another licence into the list.`,
          },
        ]),
    ...tooBig.map(({ name, bytes }) => ({
      rank: 'block' as const,
      code: 'mailbox-too-big',
      part,
      about: name,
      says: `It holds ${Math.round(bytes / 1e9)} GB, and ${licence} has room for ${room}.`,
      help: 'Give it a licence with 100 GB (Exchange Online Plan 2), or have old mail archived first.',
    })),
  ]
}

function scheduleFindings({ forecast, madeAt }: Omit<Assessment, 'findings'>, { cutoverAt }: FindingTerms): readonly AssessFinding[] {
  if (forecast === null || cutoverAt === null || cutoverAt <= madeAt) return []
  const left = cutoverAt - madeAt
  const hours = (ms: number): string => (ms < 48 * 3_600_000 ? `${Math.ceil(ms / 3_600_000)} h` : `${Math.ceil(ms / 86_400_000)} days`)
  const rank = forecast.totalMs.median > left ? ('block' as const) : forecast.totalMs.p90 > left ? ('warn' as const) : null
  if (rank === null) return []
  const says = `The first copy takes ${hours(forecast.totalMs.median)}, perhaps ${hours(forecast.totalMs.p90)}; until the cutover there are ${hours(left)}.`
  return [{ rank, code: 'schedule', part: 'schedule', about: 'cutover', says, help: 'Begin to copy at once, or postpone the cutover.' }]
}
