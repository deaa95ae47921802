import { createHash } from 'node:crypto'
import type { LateCount, LateKind } from '../ledger/late-book.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import type { Carried } from '../switch/looks.ts'
import { copy } from './copy.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { destinationKey, listedMailboxes } from './mailboxes.ts'
import type { Addresses, AfterSwitch, CopyInput } from './operations.ts'
import type { CopyResult } from './results.ts'
import { idIn } from './way-back-ledger.ts'
import type { World } from './world.ts'

/** What came to one old mailbox since the switch. */
export type LateMailbox = {
  readonly name: string
  readonly login: string
  readonly kinds: Readonly<Record<LateKind, LateFigures>>
  /** When it was last looked at; null: never since the switch. */
  readonly lookedAt: number | null
  /** Why what comes there can no longer be seen, or does not come any more; null: all is well. */
  readonly trouble: string | null
}

/** Times in milliseconds since 1970, null where there is none: `lastCameAt` as its server says, `lastSeenAt` when we found it. */
export type LateFigures = {
  readonly messages: number
  readonly notCopied: number
  readonly lastCameAt: number | null
  readonly lastSeenAt: number | null
}

export type LateCopy = Carried & { readonly copy: CopyResult; readonly mailboxes: readonly LateMailbox[] }

const NOTHING: LateFigures = { messages: 0, notCopied: 0, lastCameAt: null, lastSeenAt: null }

/** `mark`: that of the last one whose result was kept; what came since is new. null: all that came since the switch is. */
export type CarryLateInput = CopyInput & { readonly afterSwitch: AfterSwitch; readonly mark: string | null }

/**
 * One delta over all mailboxes after the switch, and what it tells: how many messages came since `mark` and how, and whether every old
 * mailbox can still be seen. To be repeated until the old side is quiet; one whose result was lost is simply made again.
 */
export async function carryLateMail(world: World, input: CarryLateInput): Promise<LateCopy> {
  const result = await copy(world, input)
  using ledger = openLedger(input.stateDir, { readOnly: true, clock: world.clock })
  const ids = await listedIds(ledger, input)
  const mailboxes = lateMailboxes(ledger, ids, input.afterSwitch.at)
  const blind = mailboxes.filter(({ trouble }) => trouble !== null)
  return {
    complete: isWhole(result) && blind.length === 0,
    mark: markOf(ledger, ids),
    ...newsOf(ledger, ids, input.afterSwitch.at, input.mark),
    carried: result.appends,
    problems: [...troublesOf(result, blind), ...usersStillThere(mailboxes), ...notCopied(mailboxes)],
    copy: result,
    mailboxes,
  }
}

/** What came late to the mailboxes of a list, from the ledger alone. Opens no socket; beside a running copy, too. */
export async function lateMailSince(input: Addresses, switchedAt: number): Promise<readonly LateMailbox[]> {
  using ledger = openLedger(input.stateDir, { readOnly: true })
  return lateMailboxes(ledger, await listedIds(ledger, input), switchedAt)
}

type Listed = { readonly id: number; readonly name: string; readonly login: string; readonly key: string }

/** The mailboxes of the list that the ledger knows. */
async function listedIds(ledger: Ledger, input: Addresses): Promise<readonly Listed[]> {
  const to = parseEndpointUrl(input.destination)
  const { mailboxes } = await listedMailboxes(input, false)
  return mailboxes.flatMap(({ name, sourceLogin, target, sourceKey }) => {
    const id = idIn(ledger, { source: sourceKey, destination: destinationKey(to, target), name })
    return id === null ? [] : [{ id, name, login: sourceLogin, key: sourceKey }]
  })
}

function lateMailboxes(ledger: Ledger, listed: readonly Listed[], switchedAt: number): readonly LateMailbox[] {
  const counts = Map.groupBy(ledger.late.counts(switchedAt), ({ mailboxId }) => mailboxId)
  return listed.map(({ id, name, login }) => {
    const of = (kind: LateKind): LateFigures => figuresOf(counts.get(id)?.find((one) => one.kind === kind))
    const watched = ledger.late.watched(id)
    const kinds = { inbound: of('inbound'), local: of('local'), own: of('own') }
    return { name, login, kinds, lookedAt: watched?.lookedAt ?? null, trouble: watched?.trouble ?? null }
  })
}

function figuresOf(count: LateCount | undefined): LateFigures {
  if (count === undefined) return NOTHING
  const { messages, notCopied, lastCameAt, lastSeenAt } = count
  return { messages, notCopied, lastCameAt, lastSeenAt }
}

export function isWhole(result: CopyResult): boolean {
  return result.mailboxes.every(({ failure, unexplained }) => failure === null && unexplained === 0)
}

/** What came to these mailboxes since that mark; with null since that time. */
export function newsOf(ledger: Ledger, listed: Marked, seenFrom: number, mark: string | null): Pick<Carried, LateKind> {
  const after = Number(/-(\d+)$/.exec(mark ?? '')?.[1] ?? 0)
  const news = ledger.late.counts(seenFrom, after).filter(({ mailboxId }) => listed.some(({ id }) => id === mailboxId))
  const sum = (kind: LateKind): number => news.reduce((all, one) => all + (one.kind === kind ? one.messages : 0), 0)
  return { inbound: sum('inbound'), local: sum('local'), own: sum('own') }
}

export type Marked = readonly { readonly id: number; readonly key: string }[]

/**
 * The same as long as no folder of any of these mailboxes got anything new: UIDNEXT of each (RFC 9051 §2.3.1.1), or the highest UID
 * known; and how far late mail has been told.
 */
export function markOf(ledger: Ledger, listed: Marked): string {
  const lines = listed.flatMap(({ id, key }) =>
    ledger
      .folders(id)
      .filter(({ goneAt }) => goneAt === null)
      .map(({ id: folderId, sourceName, uidValidity, uidNext }) => {
        const next = uidNext > 0 ? uidNext : ledger.knownUids(folderId, uidValidity ?? '').max + 1
        return JSON.stringify([key, sourceName, uidValidity, next])
      }),
  )
  const folders = createHash('sha256').update(lines.sort().join('\n')).digest('hex')
  return `${folders}-${ledger.late.last(listed.map(({ id }) => id))}`
}

/** `blind`: those that could be read, and all the same cannot be watched. */
function troublesOf(result: CopyResult, blind: readonly LateMailbox[]): readonly string[] {
  const failed = result.mailboxes.filter(({ failure }) => failure !== null)
  const others = blind.filter(({ name }) => !failed.some((one) => one.name === name))
  return [
    ...failed.map(({ name, failure }) => `${name}: ${failure?.message ?? ''}`),
    ...others.map(({ name, trouble }) => `${name}: ${trouble ?? ''}`),
  ]
}

function usersStillThere(mailboxes: readonly LateMailbox[]): readonly string[] {
  return mailboxes.flatMap(({ name, kinds: { own } }) =>
    own.messages === 0 ? [] : [`${name} still uses the old server: a program put ${messages(own.messages)} there since the switch.`],
  )
}

function notCopied(mailboxes: readonly LateMailbox[]): readonly string[] {
  return mailboxes.flatMap(({ name, kinds }) => {
    const left = kinds.inbound.notCopied + kinds.local.notCopied
    return left === 0 ? [] : [`${name}: ${messages(left)} that came late could not be copied; \`cutover errors\` tells why.`]
  })
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`
}
