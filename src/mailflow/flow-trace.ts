import { messageTrace, type TraceRow } from '../microsoft/message-trace.ts'
import { textIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import { subjectOf } from './compose.ts'
import type { FlowRun } from './flow-run.ts'
import type { RouteResult, TraceSeen } from './route-result.ts'

export type Traced = TraceRow & { /** Why it failed; '' where it did not. */ readonly detail: string }

const HOUR_MS = 3_600_000

/**
 * What the tenant's message trace has of one message, or of the whole run. Rows come five to ten minutes late: it is asked once a minute
 * until there are some, for as long as the setup waits. [] where there is no tenant, or it does not let us see.
 */
export async function traced(
  flow: FlowRun,
  about: { readonly messageId?: string; readonly subjectBeginsWith?: string },
): Promise<readonly Traced[]> {
  const { admin, times } = flow.setup
  const { clock, signal } = flow.ctx
  if (admin === null) return []
  const until = clock.now() + times.traceMs
  for (;;) {
    const rows: Traced[] = []
    try {
      const query = { fromMs: clock.now() - HOUR_MS, untilMs: clock.now() + HOUR_MS, ...about }
      for await (const row of messageTrace(admin, query)) rows.push({ ...row, detail: '' })
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'stopped') throw error
      return []
    }
    if (rows.length > 0)
      return Promise.all(rows.map(async (row) => (/^failed$/i.test(row.status) ? { ...row, detail: await whyFailed(flow, row) } : row)))
    if (clock.now() + 60_000 > until) return []
    await clock.sleep(60_000, signal)
  }
}

async function whyFailed(flow: FlowRun, { traceId, recipient }: TraceRow): Promise<string> {
  const { admin } = flow.setup
  if (admin === null) return ''
  try {
    const { rows } = await admin.invoke('Get-MessageTraceDetailV2', { MessageTraceId: traceId, RecipientAddress: recipient })
    return rows.map((row) => textIn(row['Detail'])).find((detail) => /\d\.\d+\.\d+/.test(detail)) ?? ''
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped') throw error
    return ''
  }
}

const ARRIVED = /^(?:delivered|expanded|filteredasspam)$/i

/** Adds to each result what the trace says of its message; a trace that contradicts what was seen is a warning. */
export function withTrace(results: readonly RouteResult[], rows: readonly Traced[]): readonly RouteResult[] {
  return results.map((result) => {
    const { probe, messageId } = result.evidence
    const mine = rows.filter(
      (row) => (messageId !== undefined && row.messageId === messageId) || (probe !== undefined && row.subject.includes(probe)),
    )
    if (mine.length === 0) return result
    const trace = mine.map(({ recipient, status, receivedMs, messageId: id, fromIp, toIp }): TraceSeen => ({
      recipient,
      status,
      receivedMs,
      messageId: id,
      fromIp,
      toIp,
    }))
    const says = `Message trace: ${[...new Set(mine.map(({ status }) => status))].join(', ')}.`
    const odd = result.outcome === 'passed' && result.evidence.arrived !== undefined && !mine.some(({ status }) => ARRIVED.test(status))
    return { ...result, outcome: odd ? 'warning' : result.outcome, says: [...result.says, says], evidence: { ...result.evidence, trace } }
  })
}

/** How all subjects of a run begin. */
export function subjectsOf(flow: FlowRun): string {
  return subjectOf(`p.${flow.run}.`)
}
