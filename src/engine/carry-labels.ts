import type { LabelledCopy, LabelOutcome, LabelShelf } from '../destination/port.ts'
import type { DueLabels, LabelsWritten } from '../ledger/label-book.ts'
import { readHeader, type HeaderSummary } from '../message/header.ts'
import { categoriesAmong } from '../model/categories.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import { deliveryDate, parseInternalDate } from './dates.ts'
import { patiently } from './finish-folder.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'

/** Messages whose headers and answers are in memory at one time. */
const AT_ONCE = 100

type Outcome = { missing: number; waiting: number; why: Failure | null }

/**
 * Writes the labels and keywords that this destination keeps beside messages, for every copy whose labels are not as they were last
 * written: those of this pass, and what an earlier one left. Trouble is told and no failure of the mailbox; the next pass goes on.
 */
export async function carryLabels(env: PassEnv, lane: Lane, shelf: LabelShelf | null): Promise<void> {
  const { ledger, mailboxId } = env
  if (shelf === null || !env.options.labels) return
  if (nothingDue(env)) {
    ledger.labels.finish(mailboxId, env.passId)
    return
  }
  const due = (): Iterable<DueLabels> => ledger.labels.due(mailboxId, (flags) => shelf.fit(categoriesAmong(flags)))
  const end: Outcome = { missing: 0, waiting: 0, why: null }
  const total = count(due())
  if (total > 0) {
    env.watch.phase('labels', null)
    env.watch.expect(total, 0)
  }
  let batch: DueLabels[] = []
  for (const one of due()) {
    const together = batch[0] === undefined || (batch[0].destinationName === one.destinationName && batch.length < AT_ONCE)
    if (!together) {
      await writeBatch(env, lane, shelf, batch, end)
      env.watch.done(batch.length, 0)
      batch = []
    }
    batch.push(one)
  }
  if (batch.length > 0) {
    await writeBatch(env, lane, shelf, batch, end)
    env.watch.done(batch.length, 0)
  }
  if (end.waiting === 0) ledger.labels.finish(mailboxId, env.passId)
  else env.notes.add(`The labels of some messages are not written yet; the next pass goes on with them. ${end.why?.message ?? ''}`.trim())
  if (end.missing > 0)
    env.notes.add(
      'Some messages with labels were not found again at the destination: moved or deleted there, or several are alike. `errors` tells the labels.',
    )
}

function count(all: Iterable<unknown>): number {
  let number = 0
  for (const _ of all) number++
  return number
}

/** The pass before left nothing, and nothing changed since. */
function nothingDue({ ledger, mailboxId, passId, tally }: PassEnv): boolean {
  const last = ledger.labels.finishedIn(mailboxId)
  if (last === null || tally.appends + tally.moved + tally.flagsChanged + tally.flagsSeen > 0) return false
  return !ledger.passes(mailboxId).some(({ id }) => id > last && id < passId)
}

async function writeBatch(env: PassEnv, lane: Lane, shelf: LabelShelf, batch: readonly DueLabels[], end: Outcome): Promise<void> {
  env.ctx.signal.throwIfAborted()
  // One that was refused is that message's matter; where nobody is let in, or all are asked to wait, the next pass goes on.
  if (end.why?.spoils === 'endpoint' || end.why?.spoils === 'project') {
    end.waiting += batch.length
    return
  }
  try {
    const name = batch[0]?.destinationName ?? ''
    const headers = await headersOf(lane, name, batch)
    const found: DueLabels[] = []
    const copies: LabelledCopy[] = []
    for (const due of batch) {
      const header = headers.get(due.entryId)
      if (header === undefined || header.messageId === null) continue
      found.push(due)
      copies.push(copyOf(due, header.messageId, header, env.ctx.clock.now()))
    }
    const outcomes = copies.length === 0 ? [] : await shelf.write(name, copies)
    env.step('labels-written')
    const told = new Map<DueLabels, LabelOutcome>(found.map((due, at) => [due, outcomes[at] ?? 'missing']))
    const rows: LabelsWritten[] = []
    let stop: Failure | null = null
    for (const due of batch) {
      const outcome = told.get(due) ?? 'missing'
      if (outcome instanceof Failure) {
        end.waiting++
        if (end.why?.spoils !== 'endpoint' && end.why?.spoils !== 'project') end.why = outcome
        if (outcome.code === 'stopped') stop = new Failure('stopped', outcome.message, { cause: outcome })
        continue
      }
      const written = outcome === 'written'
      if (written) env.tally.labelled++
      else end.missing++
      rows.push({ entryId: due.entryId, names: written ? due.wanted : due.written, outcome: written ? 'written' : 'missing' })
    }
    env.ledger.labels.record(rows)
    env.step('labels-recorded')
    if (stop !== null) throw stop
  } catch (error) {
    if (!(error instanceof Failure) || error.side !== 'destination') throw error
    end.waiting += batch.length
    end.why ??= error
  }
}

/** By entry, as they are at the destination now. Those whose copy is not where it was put have none. */
async function headersOf(lane: Lane, name: string, batch: readonly DueLabels[]): Promise<ReadonlyMap<number, HeaderSummary>> {
  const uids = batch.flatMap(({ destinationUid }) => destinationUid ?? [])
  if (uids.length === 0) return new Map()
  return await patiently(lane, async () => {
    const folder = await lane.destinationFolder(name)
    const byUid = new Map<number, HeaderSummary>()
    await folder.headers(UidSet.of(uids), (uid, header) => void byUid.set(uid, readHeader(header)))
    return new Map(
      batch.flatMap(({ entryId, destinationUid, destinationUidValidity }) => {
        const header = destinationUidValidity === folder.status.uidValidity ? byUid.get(destinationUid ?? 0) : undefined
        return header === undefined ? [] : [[entryId, header] as const]
      }),
    )
  })
}

function copyOf({ wanted, written, internalDate }: DueLabels, messageId: string, header: HeaderSummary, nowMs: number): LabelledCopy {
  const now = new Set(wanted)
  const before = new Set(written)
  return {
    messageId,
    // What it was given when it was copied.
    receivedAt: parseInternalDate(deliveryDate(internalDate, header, nowMs).date),
    add: wanted.filter((name) => !before.has(name)),
    remove: written.filter((name) => !now.has(name)),
  }
}
