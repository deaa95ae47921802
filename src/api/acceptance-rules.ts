import type { Proof } from '../project/acceptance.ts'
import { messageTrace, type TraceRow } from '../microsoft/message-trace.ts'
import { textIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import { openAddress } from './tenant-access.ts'
import { tenantOf, type Scene } from './project-scene.ts'

const DAY_MS = 86_400_000
/** Each costs a call, and Exchange counts them. */
const MOST_LOOKED_AT = 20

/**
 * Whether the rules did their work on messages of late, the test messages among them, as the message trace tells it. A rule that no
 * message met is not shown to be wrong.
 */
export async function rulesAtWork(scene: Scene, names: readonly string[]): Promise<readonly Proof[]> {
  if (names.length === 0) return []
  const { world, signal } = scene
  const { identity, cloud, service } = await openAddress(tenantOf(scene))
  const { admin } = await world.tenant(identity, cloud, service, { clock: world.clock, log: world.log, signal })
  const seen = new Map<string, TraceRow>()
  const now = world.clock.now()
  try {
    let looked = 0
    for await (const row of messageTrace(admin, { fromMs: now - DAY_MS, untilMs: now })) {
      if (seen.size === names.length || looked++ >= MOST_LOOKED_AT) break
      const { rows } = await admin.invoke('Get-MessageTraceDetailV2', { MessageTraceId: row.traceId, RecipientAddress: row.recipient })
      const told = rows.map((one) => textIn(Object(one)['Detail']))
      for (const name of names) if (!seen.has(name) && told.some((detail) => detail.includes(`'${name}'`))) seen.set(name, row)
    }
  } catch (error) {
    // Who may not see the trace is told that by the test of the mail flow.
    if (!(error instanceof Failure) || error.code === 'stopped') throw error
  }
  return names.map((name): Proof => {
    const row = seen.get(name)
    if (row === undefined)
      return { about: `${name}: at work`, says: 'no message of the last day met it, as far as the message trace shows', ok: null }
    return { about: `${name}: at work`, says: `acted on a message to ${row.recipient}, by the message trace`, ok: true }
  })
}
