import type { FailedEntry, SkippedEntry } from '../ledger/batch.ts'
import { displayText, readHeader } from '../message/header.ts'
import { inspect, Inspector, type Inspection } from '../message/inspect.ts'
import { isFolderData, placeholder } from '../message/placeholder.ts'
import { neededRepairs, type RepairName, type RepairRules } from '../message/plan.ts'
import { heldMessage, type MessageBytes } from '../message/message-bytes.ts'
import { repair } from '../message/repair.ts'
import { Failure } from '../model/failure.ts'
import type { MessageRow } from '../model/message.ts'
import type { FolderTarget } from './folder-books.ts'
import { identify, outgoing, type Outgoing } from './outgoing.ts'
import type { PassEnv } from './pass-env.ts'

/** What becomes of a message that was read: it is sent, it is our own copy that moves, or it is left out or fails with its reason. */
export type Prepared = Outgoing | { readonly failed: FailedEntry } | { readonly skipped: SkippedEntry } | { readonly moved: true }

/** Inspects a message held in memory, repairs what is known to need it, and makes its ledger row. */
export async function prepare(env: PassEnv, target: FolderTarget, row: MessageRow, chunks: readonly Buffer[]): Promise<Prepared> {
  const inspection = inspect(chunks, { longLineBytes: target.limits.lineBreaksSessionBytes })
  return await prepareInspected(env, target, row, inspection, heldMessage(chunks))
}

/** The same for a message of any size whose bytes can be read again. */
export async function prepareInspected(
  env: PassEnv,
  target: FolderTarget,
  row: MessageRow,
  inspection: Inspection,
  message: MessageBytes,
): Promise<Prepared> {
  if (isFolderData(inspection.header)) return { skipped: folderData(target, row) }
  const refusal = unfit(env, target, inspection)
  if (refusal !== null) return { failed: failedEntry(env, target, row, refusal, inspection.header) }
  if (target.moves?.take(target.folderId, row, inspection) === true) return { moved: true }
  const names = neededRepairs(inspection, repairRules(env, target, row))
  return await withRepairs(env, target, row, inspection, message, names)
}

export function repairRules(env: PassEnv, target: FolderTarget, row: MessageRow): RepairRules {
  return {
    lineBreaksSessionBytes: target.limits.lineBreaksSessionBytes,
    disarmReceipts: env.options.disarmReceipts,
    seen: row.flags.some((flag) => flag.toLowerCase() === '\\seen'),
  }
}

/** Applies named repairs, none included, and puts the row and the APPEND together. */
export async function withRepairs(
  env: PassEnv,
  target: FolderTarget,
  row: MessageRow,
  inspection: Inspection,
  message: MessageBytes,
  names: readonly RepairName[],
  note?: string,
): Promise<Outgoing> {
  const source = { inspection, fingerprint: identify(inspection), header: readHeader(inspection.header), complete: true }
  const now = env.ctx.clock.now()
  const asIs = { bytes: message.bytes, body: bodyOf(message), repairs: [], sha256: null, fingerprint: null }
  if (names.length === 0) return outgoing(idOf(target), row, source, asIs, target.limits, env.options.includeDeleted, now)
  const context = { uid: row.uid, internalDate: row.internalDate, directory: env.spoolDir, ...(note === undefined ? {} : { note }) }
  const repaired = await repair(message, names, context)
  if (repaired.applied.length === 0) {
    await repaired[Symbol.asyncDispose]()
    return outgoing(idOf(target), row, source, asIs, target.limits, env.options.includeDeleted, now)
  }
  const after = await inspectAll(repaired, target.limits.lineBreaksSessionBytes)
  const sent = {
    bytes: repaired.bytes,
    body: bodyOf(repaired),
    repairs: repaired.applied,
    sha256: after.sha256,
    fingerprint: identify(after),
  }
  const one = outgoing(idOf(target), row, source, sent, target.limits, env.options.includeDeleted, now)
  return { ...one, release: () => repaired[Symbol.asyncDispose]() }
}

/** The ledger row of a message that does not travel. Subject and sender only where the options allow it. */
export function failedEntry(
  env: PassEnv,
  target: Pick<FolderTarget, 'folderId' | 'uidValidity'>,
  row: MessageRow,
  failure: Failure,
  header: Buffer | null,
): FailedEntry {
  const told = header === null || !env.options.subjects ? null : readHeader(header)
  const note =
    told === null
      ? null
      : { subject: displayText(told.subject, 200), from: displayText(told.from ?? '', 200), date: displayText(told.date ?? '', 60) }
  return {
    folderId: target.folderId,
    uidValidity: target.uidValidity,
    uid: row.uid,
    sizeBytes: row.sizeBytes,
    internalDate: row.internalDate,
    flags: row.flags.join(' '),
    code: failure.code,
    detail: displayText(failure.serverText ?? failure.message, 500),
    note,
  }
}

function folderData({ folderId, uidValidity }: FolderTarget, { uid, sizeBytes, internalDate, flags }: MessageRow): SkippedEntry {
  const detail = 'No mail: the message in which the old server keeps the UIDs of its folder.'
  return { folderId, uidValidity, uid, sizeBytes, internalDate, flags: flags.join(' '), code: 'folder-data', detail, note: null }
}

/** Why the destination cannot or should not get these bytes; null when it can. */
function unfit(env: PassEnv, target: FolderTarget, inspection: Inspection): Failure | null {
  const standIn = placeholder(inspection.header, inspection.bytes, inspection.tail)
  if (standIn !== null) return new Failure('message-placeholder', standIn, { side: 'source' })
  return tooLarge(env, target, inspection.bytes)
}

export function tooLarge(env: PassEnv, target: FolderTarget, bytes: number): Failure | null {
  const limits = [env.options.maxMessageBytes, target.limits.maxMessageBytes].filter((limit) => limit !== null)
  const limit = Math.min(...limits)
  if (limits.length === 0 || bytes <= limit) return null
  return new Failure('message-too-large', `${bytes} bytes; the destination accepts ${limit}.`, { side: 'destination' })
}

export async function inspectAll(message: MessageBytes, longLineBytes: number | null): Promise<Inspection> {
  if (message.held !== null) return inspect(message.held, { longLineBytes })

  const inspector = new Inspector({ longLineBytes })
  for await (const chunk of message.chunks()) inspector.update(chunk)
  return inspector.finish()
}

function bodyOf(message: MessageBytes): readonly Buffer[] | AsyncIterable<Buffer> {
  return message.held ?? message.chunks()
}

const idOf = (target: FolderTarget): { id: number; uidValidity: string } => ({ id: target.folderId, uidValidity: target.uidValidity })
