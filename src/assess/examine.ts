import { partFacts, type PartFacts } from '../message/body-facts.ts'
import { Inspector, type Inspection } from '../message/inspect.ts'
import { isFolderData, placeholder } from '../message/placeholder.ts'
import { neededRepairs } from '../message/plan.ts'
import { planLineEnds, planLongLines, planNul, type BodyPlan } from '../message/repair-body.ts'
import { replaceUnknown } from '../message/repair-header.ts'
import { exceedsStructure, trimShape } from '../message/repair-shape.ts'
import type { TroubleOutcome } from './assessment.ts'

/** One trouble of one message. */
export type Verdict = { readonly code: string; readonly outcome: TroubleOutcome }

export type Examined = { readonly bytes: number; readonly sha256: Buffer; readonly verdicts: readonly Verdict[] }

export type Acceptance = {
  readonly maxMessageBytes: number
  /** A physical line of so many bytes ends the session (exchange-imap-quirks L5). */
  readonly lineBytes: number
}

/** A part header that is shorter cannot exceed any limit of its shape. */
const SHORT_HEADER_BYTES = 250

/**
 * What Exchange would say to a message, and what the copy would do about it: by the very rules and plans that the copy repairs by, so that
 * what is told here is what happens. Reads it once and holds none of it.
 */
export async function examine(message: AsyncIterable<Buffer>, seen: boolean, accepts: Acceptance): Promise<Examined> {
  const inspector = new Inspector({ longLineBytes: accepts.lineBytes })
  const headers = { hasUnknownWord: false, isMisshapen: false }
  const facts = await partFacts(watched(message, inspector), accepts.lineBytes, (part, raw) => {
    if (part.sealed) return
    headers.hasUnknownWord ||= raw.includes('=?') && replaceUnknown(raw, part) !== raw
    headers.isMisshapen ||= raw.length > SHORT_HEADER_BYTES && trimShape(raw, part) !== raw
  })
  const inspection = inspector.finish()
  return { bytes: inspection.bytes, sha256: inspection.sha256, verdicts: verdictsOf(inspection, facts, headers, seen, accepts) }
}

async function* watched(message: AsyncIterable<Buffer>, inspector: Inspector): AsyncIterable<Buffer> {
  for await (const chunk of message) {
    inspector.update(chunk)
    yield chunk
  }
}

function verdictsOf(
  inspection: Inspection,
  facts: readonly PartFacts[],
  headers: { readonly hasUnknownWord: boolean; readonly isMisshapen: boolean },
  seen: boolean,
  accepts: Acceptance,
): readonly Verdict[] {
  if (isFolderData(inspection.header)) return [{ code: 'folder-data', outcome: 'left-out' }]
  if (placeholder(inspection.header, inspection.bytes, inspection.tail) !== null)
    return [{ code: 'message-placeholder', outcome: 'refused' }]
  if (inspection.bytes > accepts.maxMessageBytes) return [{ code: 'message-too-large', outcome: 'refused' }]
  if (inspection.bytes === 0) return [{ code: 'empty', outcome: 'repaired-if-refused' }]
  const verdicts: Verdict[] = []
  const rules = { lineBreaksSessionBytes: accepts.lineBytes, disarmReceipts: true, seen }
  for (const code of neededRepairs(inspection, rules)) {
    const outcome = code === 'long-lines' && planLongLines(facts, accepts.lineBytes) === 'wrap' ? 'wrapped' : 'repaired'
    verdicts.push({ code, outcome })
  }
  const ifRefused = (code: string, holds: boolean): void => {
    if (holds) verdicts.push({ code, outcome: 'repaired-if-refused' })
  }
  ifRefused('mbox-from', inspection.startsWithMboxFrom)
  ifRefused('no-header', !inspection.hasHeader)
  ifRefused('header-end', inspection.hasHeader && !inspection.headerComplete)
  ifRefused('line-ends', isWork(planLineEnds(facts)))
  ifRefused('nul', isWork(planNul(facts)))
  ifRefused('raw-header', inspection.eightBitHeader)
  ifRefused('unknown-charset-word', headers.hasUnknownWord)
  ifRefused('shape', headers.isMisshapen || exceedsStructure(facts))
  return verdicts
}

function isWork(plan: BodyPlan): boolean {
  return plan === 'wrap' || plan.size > 0
}
