import { resolve } from 'node:path'
import type { Assessment } from '../assess/assessment.ts'
import type { ForecastLimits } from '../assess/forecast.ts'
import type { FindingTerms } from '../assess/findings.ts'
import { USUAL_RISKS, type MailboxWho, type RiskTerms } from '../assess/mailbox-report.ts'
import { USUAL_PRICE, type PriceTerms } from '../assess/price.ts'
import { readDefinition, type Definition } from '../definition/definition.ts'
import { exchangeLimits } from '../destination/limits.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { Source } from '../source/port.ts'
import type { AssessInput } from './assess.ts'
import { definedAddresses } from './defined-addresses.ts'
import type { EndpointUrl } from './endpoint-url.ts'
import { MAILBOXES_AT_ONCE } from './copy.ts'
import { listedMailboxes, sourceOptions } from './mailboxes.ts'
import type { SourceAddresses } from './operations.ts'
import type { World } from './world.ts'

/** Which mailboxes: by a project of the store, by a definition, or by what is given. What is given goes before the definition. */
export type AssessPlace = Pick<SourceAddresses, 'only' | 'env' | 'show' | 'access' | 'trees' | 'caFile'> & {
  readonly project: { readonly store: string; readonly name: string | null } | null
  readonly definitionFile: string | null
  readonly source: string | null
  readonly mailboxesFile: string | null
  /** null: that of the project. */
  readonly stateDir: string | null
}

export type OpenAssessment = {
  readonly definitionFile: string | null
  readonly definition: Definition | null
  readonly mailboxesFile: string
  readonly addresses: SourceAddresses
  readonly from: EndpointUrl
  readonly accessKind: string
  readonly stateDir: string
  readonly mailboxes: readonly { readonly key: string; readonly who: MailboxWho; readonly source: Source }[]
  readonly risks: RiskTerms
  readonly price: PriceTerms
  readonly limits: ForecastLimits & { readonly bytesPerDay: number | null }
  readonly lineBytes: number
  readonly terms: Omit<FindingTerms, 'serverFailure'>
  /** Writes down what was found where a project asked for it. */
  readonly done: (assessment: Assessment) => Promise<void>
}

/** The highest that an administrator can allow (exchange-imap-quirks L10). */
const MOST_MESSAGE_BYTES = 150 * 1024 * 1024

/** Reads what is to be looked at. Everything that is wrong with it is said before any server is asked. */
export async function openAssessment(world: World, input: AssessInput, ctx: Context): Promise<OpenAssessment> {
  const stored = input.project === null ? null : await (await import('./assess-project.ts')).storedPlace(world, input.project)
  const definitionFile = stored?.definitionFile ?? input.definitionFile
  const definition = definitionFile === null ? null : await readDefinition(definitionFile, input.env, { secrets: false })
  const stateDir = input.stateDir ?? stored?.stateDir
  if (stateDir === undefined) throw new Failure('bad-input', 'Say with --state where is kept what was seen.')
  const addresses = await sourceIn({ ...input, stateDir }, definitionFile)
  const { from, access, mailboxes: lines } = await listedMailboxes(addresses, true)
  const sourceOf = await world.sources(from, await sourceOptions(from, addresses), ctx)
  const { project, transfer, migration } = definition?.sections ?? {}
  const vip = new Set([...(project?.risks?.vip ?? []), ...input.risks.vip].map((one) => one.toLowerCase()))
  const receiveBytes = migration?.receive_size ?? null
  const maxMessageBytes = input.maxMessageBytes ?? receiveBytes ?? MOST_MESSAGE_BYTES
  return {
    definitionFile: definitionFile === null ? null : resolve(definitionFile),
    definition,
    mailboxesFile: addresses.mailboxesFile,
    addresses,
    from,
    accessKind: access.kind,
    stateDir,
    mailboxes: lines.map((line) => ({
      key: line.sourceKey,
      who: {
        name: line.name,
        source: line.sourceLogin,
        target: line.target,
        kind: line.kind,
        batch: line.batch,
        vip: [line.target, line.sourceLogin, line.name].some((one) => vip.has(one.toLowerCase())),
      },
      source: sourceOf({ user: line.sourceLogin, password: line.sourcePassword, alias: line.alias, root: line.sourceRoot }),
    })),
    risks: {
      mailboxBytes: input.risks.mailboxBytes ?? project?.risks?.mailbox ?? USUAL_RISKS.mailboxBytes,
      deletedBytes: input.risks.deletedBytes ?? project?.risks?.deleted ?? USUAL_RISKS.deletedBytes,
    },
    price: {
      currency: project?.currency ?? USUAL_PRICE.currency,
      base: input.price.base ?? project?.price?.base ?? USUAL_PRICE.base,
      perMailbox: input.price.perMailbox ?? project?.price?.per_mailbox ?? USUAL_PRICE.perMailbox,
      extras: project?.price?.extras ?? [],
    },
    limits: {
      mailboxesAtOnce: input.mailboxesAtOnce ?? transfer?.mailboxes_at_once ?? MAILBOXES_AT_ONCE,
      bytesPerSecond: transfer?.rate ?? null,
      bytesPerDay: transfer?.per_day ?? null,
      hoursADay: 24 - quietHours(transfer?.between ?? []),
    },
    lineBytes: exchangeLimits(maxMessageBytes).lineBreaksSessionBytes ?? 10_240,
    terms: { receiveBytes, maxMessageBytes, isDefined: definition !== null, cutoverAt: stored?.cutoverAt ?? null },
    done: async (assessment) => stored?.keep(assessment),
  }
}

async function sourceIn(input: AssessInput & { readonly stateDir: string }, definitionFile: string | null): Promise<SourceAddresses> {
  const { source, mailboxesFile, caFile, only, env, access = null, stateDir } = input
  const show = input.show ?? ((): void => {})
  // Nobody signs in to the tenant here: its secret is not looked for.
  const given = { source, mailboxes: mailboxesFile, access: access !== null, identity: true }
  const defined = definitionFile === null ? null : await definedAddresses({ definitionFile, env, show, given })
  const at = source ?? defined?.source ?? null
  const list = mailboxesFile ?? defined?.mailboxesFile ?? null
  const where = defined === null ? '' : ` in ${defined.fileName}`
  if (at === null) throw new Failure('bad-input', `Where are the old mailboxes? Give --source, or source: url${where}.`)
  if (list === null) throw new Failure('bad-input', `Whose mailboxes? Give --mailboxes, or mailboxes: list${where}.`)
  return {
    source: at,
    mailboxesFile: list,
    stateDir,
    caFile: caFile ?? defined?.caFile ?? null,
    only: only.length > 0 ? only : (defined?.only ?? []),
    env,
    access: access ?? defined?.access ?? null,
    trees: input.trees ?? defined?.trees ?? { others: false, public: false },
    ...(input.show === undefined ? {} : { show: input.show }),
  }
}

/** "08:00-18:00" are ten hours, "22:00-06:00" eight. */
export function quietHours(between: readonly string[]): number {
  const minutes = between.reduce((sum, span) => {
    const [from = 0, to = 0] = span.split('-').map((clock) => {
      const [hour = 0, minute = 0] = clock.split(':').map(Number)
      return hour * 60 + minute
    })
    return sum + ((to - from + 1440) % 1440)
  }, 0)
  return Math.min(23.5, minutes / 60)
}
