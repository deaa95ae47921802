import { RECEIPT_FIELDS } from './header.ts'
import { splitHeader } from './header-fields.ts'
import type { Inspection } from './inspect.ts'

/** The repairs by the names that the ledger records. Each is the smallest change that answers one refusal. */
export const REPAIRS = {
  'mbox-from': 'the mbox separator line became an X-Mbox-From field',
  'no-header': 'a minimal header was put in front',
  'header-end': 'the blank line after the header was added',
  'line-ends': 'bare CR and LF became CRLF',
  nul: 'NUL bytes were removed or replaced',
  empty: 'no bytes at all: a stub is delivered in its place',
  'raw-header': 'raw 8-bit header values were encoded',
  'unknown-charset-word': 'encoded words in unknown charsets were re-encoded',
  'receipt-request': 'the request for a read receipt was renamed, so that no receipt is sent',
  'bridge-field': 'the field X-Pm-Gluon-Id, which Proton Mail Bridge adds for itself, was taken away',
  'long-lines': 'parts with over-long lines were re-encoded, over-long header lines folded',
  shape: 'what exceeds the limits of the destination was trimmed',
  wrapped: 'the whole message travels as an attachment of a covering note',
} as const

export type RepairName = keyof typeof REPAIRS

export type RepairRules = {
  /** A physical line of this many bytes breaks the session; null: any length is fine. */
  readonly lineBreaksSessionBytes: number | null
  readonly disarmReceipts: boolean
  /** The message is read: nobody will be asked for a receipt any more. */
  readonly seen: boolean
}

const RECEIPT = new RegExp(`^(?:${[...RECEIPT_FIELDS].join('|')})[ \\t]*:`, 'im')

/** The repairs made before a message is sent: only what would break the session, and what a stated policy wants. */
export function neededRepairs(inspection: Inspection, rules: RepairRules): readonly RepairName[] {
  const needed: RepairName[] = []
  if (rules.disarmReceipts && !rules.seen && asksForReceipt(inspection.header)) needed.push('receipt-request')
  if (inspection.header.includes('X-Pm-Gluon-Id:')) needed.push('bridge-field')
  if (rules.lineBreaksSessionBytes !== null && inspection.hasLongLine) needed.push('long-lines')
  return needed
}

/**
 * What to try after a refusal, smallest first; every attempt repairs the original bytes anew and includes what was
 * `already` done. An attempt whose `applied` comes out as before changed nothing: skip it. [] when nothing is left.
 */
export function repairsAfterRefusal(inspection: Inspection, already: readonly RepairName[]): readonly (readonly RepairName[])[] {
  if (already.includes('wrapped')) return []
  if (inspection.bytes === 0) return already.includes('empty') ? [] : [['empty']]
  const seen: RepairName[] = []
  if (inspection.startsWithMboxFrom) seen.push('mbox-from')
  if (!inspection.hasHeader) seen.push('no-header')
  else seen.push('header-end')
  seen.push('line-ends')
  if (inspection.hasNul) seen.push('nul')
  if (inspection.eightBitHeader) seen.push('raw-header')
  const attempts: (readonly RepairName[])[] = []
  let names = already
  for (const step of [seen, ['raw-header', 'unknown-charset-word'], ['shape', 'long-lines']] as const) {
    const next = inOrder([...names, ...step])
    if (next.length > names.length) attempts.push(next)
    names = next
  }
  return [...attempts, ['wrapped']]
}

/** The names in the order in which they are carried out, each once. */
export function inOrder(names: readonly RepairName[]): readonly RepairName[] {
  const wanted = new Set(names)
  const order: readonly string[] = Object.keys(REPAIRS)
  return [...wanted].sort((a, b) => order.indexOf(a) - order.indexOf(b))
}

function asksForReceipt(header: Buffer): boolean {
  return RECEIPT.test(header.toString('latin1')) && splitHeader(header).some((field) => RECEIPT_FIELDS.has(field.name))
}
