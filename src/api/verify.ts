import { hostname } from 'node:os'
import { Allowance } from '../engine/allowance.ts'
import { meteredSource } from '../engine/metered-source.ts'
import { PASS_OPTIONS } from '../engine/options.ts'
import { addFigures, type Finding } from '../engine/verify-figures.ts'
import { verifyMailbox, type MailboxVerification } from '../engine/verify-mailbox.ts'
import { ByteBudget } from '../lib/byte-budget.ts'
import { RateLimit } from '../lib/rate-limit.ts'
import { openLedger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import { csv } from '../report/csv.ts'
import { writeWhole } from '../report/write-whole.ts'
import { manifestKey } from '../report/manifest-key.ts'
import { writeManifest } from '../report/manifest.ts'
import { verificationPage } from '../report/pages.ts'
import { forEachAtOnce } from './at-once.ts'
import { BUDGET_BYTES, MAILBOXES_AT_ONCE, secondsSince, spoolIn } from './copy.ts'
import { LiveLimits } from './live-limits.ts'
import { openMailboxes, type OpenMailbox } from './mailboxes.ts'
import type { VerifyInput } from './operations.ts'
import { watchMailbox } from './progress.ts'
import type { Difference, Trouble, VerifyResult } from './results.ts'
import { troubleOf } from './trouble.ts'
import type { World } from './world.ts'

const SHOWN_DIFFERENCES = 1000

type Verified = { readonly result: MailboxVerification | null; readonly failure: Trouble | null }

/** Verifies every mailbox at the level asked for, whoever copied it, and writes what was asked to be written. */
export async function verify(world: World, input: VerifyInput): Promise<VerifyResult> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const began = world.clock.now()
  const mailboxes = await openMailboxes(world, input, ctx)
  using ledger = openLedger(input.stateDir, { clock: world.clock })
  const limits = new LiveLimits(input.stateDir, { bytesPerSecond: null, connections: null }, world.clock, world.log)
  const spoolDir = await spoolIn(input.stateDir)
  input.onMailboxes(mailboxes.map((mailbox) => mailbox.name))
  const job = {
    ledger,
    options: PASS_OPTIONS,
    budget: new ByteBudget(BUDGET_BYTES),
    rate: new RateLimit(null, world.clock),
    spoolDir,
    owner: `${hostname()} pid ${process.pid}`,
    ctx,
    level: input.level,
    repair: input.repair,
    fresh: input.fresh ?? false,
    scope: input.sample === null ? 'all' : JSON.stringify(input.sample),
  }
  const verified = new Map<OpenMailbox, Verified>()
  await forEachAtOnce(mailboxes, MAILBOXES_AT_ONCE, input.signal, async (mailbox) => {
    const mailboxId = ledger.mailbox(mailbox.identity)
    const { destination, name } = mailbox
    const terms = { bytesPerDay: () => limits.bytesPerDay, waits: false, ignoresParking: false }
    const source = meteredSource(mailbox.source, new Allowance(ledger, mailboxId, name, world.clock, terms))
    const sampled = sampler(input.sample, ledger.statement({ mailboxId }).found)
    try {
      const result = await verifyMailbox({ ...job, name, mailboxId, source, destination, sampled, watch: watchMailbox(name, input) })
      verified.set(mailbox, { result, failure: null })
    } catch (error) {
      if (error instanceof Failure && error.spoils === 'project' && error.code !== 'stopped') throw error
      verified.set(mailbox, { result: null, failure: troubleOf(error) })
    }
  })
  const stopped = troubleOf(new Failure('stopped', 'Stopped before this mailbox was verified.'))
  const all = mailboxes.map((mailbox) => ({ mailbox, ...(verified.get(mailbox) ?? { result: null, failure: stopped }) }))
  const outcome = assemble(all, input, secondsSince(world, began))
  await write(outcome, differencesOf(all), input, new Date(world.clock.now()))
  return outcome
}

type Outcome = Verified & { readonly mailbox: OpenMailbox }

function assemble(all: readonly Outcome[], input: VerifyInput, seconds: number): VerifyResult {
  const mailboxes = all.map(({ mailbox, result, failure }) => {
    const folders = (result?.folders ?? []).map(({ source, target, ...figures }) => ({ ...addFigures([figures]), source, target }))
    return { name: mailbox.name, source: mailbox.sourceLogin, target: mailbox.target, failure, ...addFigures(folders), folders }
  })
  // A proof or a report of half a verification would be taken for a whole one.
  const unfinished = all.some(({ failure }) => failure?.code === 'stopped')
  const compared = all.reduce((sum, { result }) => sum + (result?.folders ?? []).reduce((inner, folder) => inner + folder.compared, 0), 0)
  return {
    level: input.level,
    ...addFigures(mailboxes),
    compared: input.level === 'content' ? compared : null,
    repaired: all.reduce((sum, { result }) => sum + (result?.repaired ?? 0), 0),
    foldersTakenOver: all.reduce((sum, { result }) => sum + (result?.takenOver ?? 0), 0),
    seconds,
    mailboxes,
    differences: differencesOf(all).slice(0, SHOWN_DIFFERENCES),
    manifestFile: unfinished ? null : input.manifestFile,
    csvFile: unfinished ? null : input.csvFile,
    htmlFile: unfinished ? null : input.htmlFile,
  }
}

function differencesOf(all: readonly Outcome[]): readonly Difference[] {
  return all.flatMap(({ mailbox, result }) =>
    (result?.folders ?? []).flatMap((folder) =>
      folder.findings.map(({ kind, subject, says }: Finding) => ({
        mailbox: mailbox.name,
        folder: folder.source,
        kind,
        subject: subject === '' ? null : subject,
        says,
      })),
    ),
  )
}

async function write(result: VerifyResult, differences: readonly Difference[], input: VerifyInput, at: Date): Promise<void> {
  if (result.csvFile !== null) {
    const rows = differences.map(({ mailbox, folder, kind, subject, says }) => [mailbox, folder, kind, subject, says])
    await writeWhole(result.csvFile, csv(['mailbox', 'folder', 'kind', 'subject', 'says'], rows))
  }
  if (result.htmlFile !== null) {
    const mailboxes = result.mailboxes.map((mailbox) => ({ ...mailbox, trouble: mailbox.failure?.message ?? null }))
    await writeWhole(result.htmlFile, verificationPage({ ...result, madeAt: at.toISOString(), mailboxes, differences }))
  }
  if (result.manifestFile !== null) {
    // Without names of files on this machine: the manifest goes to the customer.
    const { manifestFile: _, csvFile: __, htmlFile: ___, ...body } = result
    await writeManifest(result.manifestFile, body, await manifestKey(input.stateDir), at)
  }
}

/** Decides which messages are compared: all, a share, or about so many, chosen at random. */
function sampler(sample: VerifyInput['sample'], found: number): () => boolean {
  if (sample === null) return () => true
  const share = 'percent' in sample ? sample.percent / 100 : sample.messages / Math.max(found, 1)
  return () => Math.random() < share
}
