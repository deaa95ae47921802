import { PASS_OPTIONS, type PassOptions } from '../engine/options.ts'
import { otherWay, turnedRound } from '../engine/other-way.ts'
import { sinceSource } from '../engine/since-source.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import type { Carried } from '../switch/looks.ts'
import { carryAll, resultOf, secondsSince } from './copy.ts'
import { parseEndpointUrl, type ImapUrl } from './endpoint-url.ts'
import { isWhole, markOf, newsOf } from './late-mail.ts'
import { hostsOf, watchFor } from './late-watch.ts'
import { destinationKey, destinationOptions, listedMailboxes, sourceOptions, type OpenMailbox } from './mailboxes.ts'
import type { Addresses, Watch } from './operations.ts'
import type { CopyResult, MailboxOutcome } from './results.ts'
import { idIn, turned, wayBackDir } from './way-back-ledger.ts'
import type { World } from './world.ts'

export type CopyBackInput = Addresses &
  Watch & {
    /** What came to the new side before is not carried back; milliseconds since 1970. An hour before the switch is right. */
    readonly since: number
    /** Names of the old side's hosts, its MX first of all; that of `source` is known. */
    readonly oldHosts: readonly string[]
    readonly connections: number | null
    readonly mailboxesAtOnce: number | null
    readonly bytesPerSecond: number | null
    readonly retryFailed: boolean
    /** That of the last run whose result was kept; what came since is told as new. null: all that came since `since` is. */
    readonly mark: string | null
  }

export type CopyBackResult = Carried & { readonly copy: CopyResult }

/** Servers tell time their own way, and mail that both sides got has two times. */
const SLACK_MS = 24 * 3_600_000

/**
 * Carries back to the old mailboxes what came to the new ones since a time and is not there: all folders, what was sent from there and
 * what was taken for junk included, with flags and dates. The one operation that writes to the old server: it appends, and makes
 * folders that are lacking; nothing that stands there is changed or removed. Each message is in a ledger before it leaves, so it
 * may be killed and run again; run again with nothing new it does nothing.
 */
export async function copyBack(world: World, input: CopyBackInput): Promise<CopyBackResult> {
  const began = world.clock.now()
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  // Held as long as this runs: nothing is carried forward meanwhile.
  using forward = openLedger(input.stateDir, { clock: world.clock })
  using ledger = openLedger(wayBackDir(input.stateDir), { clock: world.clock })
  const { from, mailboxes } = await openTurned(world, input, forward, ledger)
  const to = parseEndpointUrl(input.destination)
  const theirs = [...hostsOf(from), ...input.oldHosts.map((host) => host.toLowerCase())]
  const told = await carryAll(world, input, {
    mailboxes,
    ledger,
    options: optionsOf(input),
    other: ({ identity }) => {
      const id = idIn(forward, turned(identity))
      return id === null ? null : { turnedRound: turnedRound(forward, id) }
    },
    late: watchFor(ledger, input.since, { since: input.since, ours: hostsOf(to), theirs }, ctx),
  })
  const result = resultOf(told.map(asNamed), secondsSince(world, began))
  const listed = mailboxes.map(({ identity }) => ({ id: ledger.mailbox(identity), key: identity.source }))
  return {
    complete: isWhole(result),
    mark: markOf(ledger, listed),
    ...newsOf(ledger, listed, input.since, input.mark),
    carried: result.appends,
    problems: result.mailboxes.flatMap(({ name, failure, failed }) => [
      ...(failure === null ? [] : [`${name}: ${failure.message}`]),
      ...(failed === 0 ? [] : [`${name}: ${failed === 1 ? '1 message' : `${failed} messages`} could not be carried back.`]),
    ]),
    copy: result,
  }
}

/** For people the old server stays the source. */
function asNamed(outcome: MailboxOutcome): MailboxOutcome {
  const { failure } = outcome
  if (failure?.side === undefined || failure.side === null) return outcome
  return { ...outcome, failure: { ...failure, side: failure.side === 'source' ? 'destination' : 'source' } }
}

function optionsOf({ since, retryFailed, connections }: CopyBackInput): PassOptions {
  return {
    ...PASS_OPTIONS,
    deletions: 'keep',
    flags: 'keep',
    // What stands there belongs to the old side: it never becomes a copy of ours, which might follow a move.
    alreadyThere: { since: since - SLACK_MS, as: 'skipped' },
    // It is read for the first time by who got it.
    disarmReceipts: false,
    retryFailed,
    lanes: connections,
  }
}

/** The mailboxes of the list, the new side as the source of what came since, the old one as the destination. */
async function openTurned(
  world: World,
  input: CopyBackInput,
  forward: Ledger,
  ledger: Ledger,
): Promise<{ readonly from: ImapUrl; readonly mailboxes: readonly OpenMailbox[] }> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const to = parseEndpointUrl(input.destination)
  const { from, mailboxes } = await listedMailboxes(input, true, to.kind === 'imap')
  if (from.kind !== 'imap')
    throw new Failure('bad-input', 'Mail can be carried back to a server that speaks IMAP only, not to Exchange Online.')
  const newOf = await world.newSides(to, await destinationOptions(to, input), ctx)
  const oldOf = await world.oldSides(from, await sourceOptions(from, input), ctx)
  const opened = mailboxes.map((line): OpenMailbox => {
    const forwards = { source: line.sourceKey, destination: destinationKey(to, line.target), name: line.name }
    const identity = turned(forwards)
    const source = sinceSource(newOf({ user: line.target, password: line.targetPassword }), {
      since: input.since,
      hidden: (folder, uidValidity) => copiesOf(forward, forwards, folder, uidValidity).minus(ownIn(ledger, identity, folder, uidValidity)),
    })
    const destination = oldOf({ user: line.sourceLogin, password: line.sourcePassword, alias: line.alias, root: line.sourceRoot })
    return { name: line.name, sourceLogin: line.target, target: line.sourceLogin, batch: line.batch, source, destination, identity }
  })
  return { from, mailboxes: opened }
}

/** What we put into this folder of the new side ourselves: it came from the old one. */
function copiesOf(forward: Ledger, identity: OpenMailbox['identity'], folder: string, uidValidity: string): UidSet {
  const id = idIn(forward, identity)
  return id === null ? UidSet.empty : otherWay(forward, id).copiesIn(folder, uidValidity)
}

/** What was carried back from this folder. The way forward may have taken it for its own copy since. */
function ownIn(ledger: Ledger, identity: OpenMailbox['identity'], folder: string, uidValidity: string): UidSet {
  const id = idIn(ledger, identity)
  const entry = id === null ? undefined : ledger.folders(id).find(({ sourceName }) => sourceName === folder)
  return entry === undefined ? UidSet.empty : ledger.knownUids(entry.id, uidValidity)
}
