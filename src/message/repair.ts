import { tmpdir } from 'node:os'
import { partFacts } from './body-facts.ts'
import { Inspector } from './inspect.ts'
import { heldMessage, type MessageBytes } from './message-bytes.ts'
import { inOrder, type RepairName } from './plan.ts'
import { planLineEnds, planLongLines, planNul, type BodyPlan } from './repair-body.ts'
import {
  disarmReceipts,
  dropBridgeField,
  encodeRawHeader,
  endHeader,
  renameMboxFrom,
  replaceUnknown,
  type HeaderFix,
} from './repair-header.ts'
import { exceedsStructure, SHAPE, trimShape } from './repair-shape.ts'
import { addHeader, stub, wrap, type Origin } from './repair-wrap.ts'
import { changesHeaders, rewrite } from './rewrite.ts'
import { collect } from './spool.ts'

export type { MessageBytes } from './message-bytes.ts'

export type RepairContext = Origin & {
  /** Where large messages are worked; default: the system's temporary directory. */
  readonly directory?: string
  /** What counts as a long line; default 10240, or less when `shape` is wanted. */
  readonly longLineBytes?: number
}

/** The repaired message. Dispose it: a large one is on disk. */
export type Repaired = MessageBytes & AsyncDisposable & { readonly applied: readonly RepairName[] }

type Chunks = () => AsyncIterable<Buffer>
type Outcome = Chunks | 'wrap' | null

const EXCHANGE_LINE_BYTES = 10_240
const HEADER_FIXES: ReadonlyMap<RepairName, HeaderFix> = new Map([
  ['mbox-from', renameMboxFrom],
  ['header-end', endHeader],
  ['raw-header', encodeRawHeader],
  ['unknown-charset-word', replaceUnknown],
  ['receipt-request', disarmReceipts],
  ['bridge-field', dropBridgeField],
])

/**
 * Carries out repairs, each the smallest change that answers its refusal. `applied` names those that changed something, in
 * order; what needs no repair comes back byte for byte. Content below a signature or an encryption is never rewritten: where a
 * repair would have to, the whole original is `wrapped` instead. The source may be read several times. Memory stays flat: up
 * to 4 MiB are worked in memory, more in a spool file.
 */
export async function repair(message: MessageBytes, names: readonly RepairName[], context: RepairContext): Promise<Repaired> {
  const directory = context.directory ?? tmpdir()
  const asked = inOrder(names)
  const applied: RepairName[] = []
  let current: MessageBytes & Partial<AsyncDisposable> = message
  const replace = async (chunks: Chunks, name: RepairName): Promise<void> => {
    const next = await collect(chunks(), directory)
    if (current !== message) await current[Symbol.asyncDispose]?.()
    current = next
    applied.push(name)
  }
  const wrapOriginal = async (): Promise<void> => {
    if (current !== message) await current[Symbol.asyncDispose]?.()
    current = message
    applied.length = 0
    const chunks = await wrap(message, context)
    if (chunks !== null) await replace(chunks, 'wrapped')
  }
  if (asked.includes('wrapped')) await wrapOriginal()
  else {
    for (const name of asked) {
      const outcome: Outcome = await attempt(name, current, asked.includes('shape'), context)
      if (outcome === 'wrap') {
        await wrapOriginal()
        break
      }
      if (outcome !== null) await replace(outcome, name)
    }
  }
  const done = current
  return {
    bytes: done.bytes,
    held: done.held,
    chunks: () => done.chunks(),
    applied,
    [Symbol.asyncDispose]: async () => {
      if (done !== message) await done[Symbol.asyncDispose]?.()
    },
  }
}

async function attempt(name: RepairName, message: MessageBytes, shape: boolean, context: RepairContext): Promise<Outcome> {
  if (name === 'empty') return message.bytes === 0 ? () => heldMessage([stub(context)]).chunks() : null
  if (message.bytes === 0) return null
  const fix = HEADER_FIXES.get(name)
  if (fix !== undefined) return await fixHeaders(message, fix)
  const lineBytes = Math.min(context.longLineBytes ?? EXCHANGE_LINE_BYTES, shape ? SHAPE.lineBytes : Infinity)
  if (name === 'no-header') return await fixHeaders(message, addHeader(context, await digestOf(message)))
  const facts = await partFacts(message.chunks(), lineBytes)
  if (name === 'nul') return carryOut(message, planNul(facts))
  if (name === 'line-ends') return carryOut(message, planLineEnds(facts))
  if (name === 'long-lines') return carryOut(message, planLongLines(facts, lineBytes))
  return exceedsStructure(facts) ? 'wrap' : await fixHeaders(message, trimShape)
}

async function fixHeaders(message: MessageBytes, fix: HeaderFix): Promise<Chunks | null> {
  if (!(await changesHeaders(message.chunks(), fix))) return null
  return () => rewrite(message.chunks(), (part) => (part.sealed ? {} : { header: (raw) => fix(raw, part) }))
}

function carryOut(message: MessageBytes, plan: BodyPlan): Outcome {
  if (plan === 'wrap' || plan.size === 0) return plan === 'wrap' ? plan : null
  return () => rewrite(message.chunks(), (part) => plan.get(part.index) ?? {})
}

async function digestOf(message: MessageBytes): Promise<Buffer> {
  const inspector = new Inspector({ longLineBytes: null })
  for await (const chunk of message.chunks()) inspector.update(chunk)
  return inspector.finish().sha256
}
