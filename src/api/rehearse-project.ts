import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forecast } from '../assess/forecast.ts'
import { sampledSource } from '../assess/sampled-source.ts'
import { sampleText, type Sample } from '../assess/sample.ts'
import { PASS_OPTIONS } from '../engine/options.ts'
import type { Context } from '../lib/context.ts'
import { openLedger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import type { AssessInput } from './assess.ts'
import { openAssessment, type AssessPlace, type OpenAssessment } from './assess-open.ts'
import { carryAll, resultOf, secondsSince } from './copy.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { destinationKey, type OpenMailbox } from './mailboxes.ts'
import type { Watch } from './operations.ts'
import { toldBy, type ProjectRehearsal } from './rehearsal-told.ts'
import type { SimulatedExchange, World } from './world.ts'

export type { ProjectRehearsal } from './rehearsal-told.ts'

export type RehearseProjectInput = AssessPlace &
  Watch & {
    readonly sample: Sample
    readonly mailboxesAtOnce: number | null
    /** null: what the definition says mailboxes will accept, or what they accept as they are made. */
    readonly maxMessageBytes: number | null
  }

/** What a mailbox of Exchange Online accepts as it is made. */
const USUAL_BYTES = 36 * 1024 * 1024
/** 150 MB in five minutes is what Exchange lets into one mailbox (cutover-runbook §7); here five minutes are fifteen seconds. */
const HASTE = 20
const BUDGET = { bytesPerSecond: 500_000 * HASTE, burstBytes: 150_000_000 }
/** Free on the disk of the scratch directory, or it is not begun: a message leaves half a kilobyte there. */
const LEAST_FREE_BYTES = 500_000_000

/**
 * The real copy of the real mail into a simulated Exchange on this machine: it repairs, refuses, renames and asks for patience as the real
 * one does. The source is only read, nothing is written anywhere else, and nothing is left behind. Of each message only its size and its
 * digest are kept; a mailbox is let go of as soon as it is done.
 */
export async function rehearseProject(world: World, input: RehearseProjectInput): Promise<ProjectRehearsal> {
  const ctx: Context = { clock: world.clock, log: world.log, signal: input.signal }
  const began = world.clock.now()
  const scratch = await mkdtemp(join(tmpdir(), 'cutover-rehearsal-'))
  try {
    await mustHaveRoom(scratch)
    const open = await openAssessment(world, { ...NOTHING_ELSE, ...input }, ctx)
    const maxMessageBytes = input.maxMessageBytes ?? open.terms.receiveBytes ?? USUAL_BYTES
    await using exchange = await world.startExchangeSimulator({
      addresses: open.mailboxes.map(({ who }) => who.target),
      language: open.definition?.sections.mailboxes?.defaults?.language ?? null,
      maxMessageBytes,
      budget: BUDGET,
    })
    const shares = new Map<string, number>()
    const mailboxes = await mailboxesOf(world, input, open, exchange, shares, ctx)
    const stateDir = join(scratch, 'state')
    using ledger = openLedger(stateDir, { clock: world.clock })
    const targets = new Map(mailboxes.map(({ name, target }) => [name, target]))
    const carried = await carryAll(
      world,
      {
        stateDir,
        connections: null,
        bytesPerSecond: null,
        mailboxesAtOnce: input.mailboxesAtOnce,
        retryFailed: false,
        signal: input.signal,
        onMailboxes: (names) => input.onMailboxes(names),
        onProgress: (progress) => {
          const target = targets.get(progress.mailbox)
          if (progress.phase === 'done' && target !== undefined) exchange.release(target)
          input.onProgress(progress)
        },
      },
      { mailboxes, ledger, options: { ...PASS_OPTIONS, kind: 'initial' }, other: () => null },
    )
    const result = resultOf(carried, secondsSince(world, began))
    const told = toldBy(ledger, result, exchange, {
      sample: sampleText(input.sample),
      isWhole: input.sample === 'full',
      maxMessageBytes,
      stopped: input.signal.aborted,
      forecast: (figures) => forecast(figures, open.limits),
      bytesPerDay: open.limits.bytesPerDay,
      shareOf: (name) => shares.get(name) ?? 1,
    })
    if (input.project !== null && !told.stopped) (await import('./assess-project.ts')).noteRehearsal(world, input.project, told)
    return told
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function mailboxesOf(
  world: World,
  input: RehearseProjectInput,
  open: OpenAssessment,
  exchange: SimulatedExchange,
  shares: Map<string, number>,
  ctx: Context,
): Promise<readonly OpenMailbox[]> {
  const to = parseEndpointUrl(exchange.destinationUrl)
  const destinationOf = await world.destinations(to, { ca: null, identity: null, cloud: 'global' }, ctx)
  return open.mailboxes.map(({ key, who, source }) => ({
    name: who.name,
    sourceLogin: who.source,
    target: who.target,
    batch: who.batch,
    source: sampledSource(source, input.sample, (share) => shares.set(who.name, share)),
    destination: destinationOf({ user: who.target, password: null }),
    identity: { source: key, destination: destinationKey(to, who.target), name: who.name },
  }))
}

const NOTHING_ELSE: Omit<AssessInput, keyof RehearseProjectInput> = {
  also: { dns: false, tenant: false },
  domains: [],
  dns: { servers: [], resolvers: [], dnsOnly: true },
  price: { base: null, perMailbox: null },
  risks: { mailboxBytes: null, deletedBytes: null, vip: [] },
}

async function mustHaveRoom(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  if (bavail * bsize >= LEAST_FREE_BYTES) return
  throw new Failure('disk-full', `A rehearsal needs room in ${directory}: half a kilobyte for each message, 500 MB at least.`)
}
