import { textIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import type { ProbeLetter } from './compose.ts'
import type { Delivery } from './deliver.ts'
import type { FlowRun, Told } from './flow-run.ts'
import { traced } from './flow-trace.ts'
import { antispamReport, verdictText } from './headers.ts'
import { seenOf } from './route-result.ts'

export type Filtered = 'spam' | 'malware' | 'file'

/**
 * What became of a test message that the filters must keep out of the inbox: junk or quarantine for spam, quarantine or a refusal for
 * malware and for kinds of files that are kept out. Looked for in the mailbox, the quarantine and the trace until one of them knows.
 */
export async function filterVerdict(
  flow: FlowRun,
  kind: Filtered,
  user: string,
  letter: ProbeLetter,
  deliveries: readonly Delivery[],
): Promise<Told> {
  const { clock, signal } = flow.ctx
  const { pollMs, windowMs } = flow.setup.times
  const lookout = flow.tenantMailbox(user)
  const evidence = { probe: letter.id, messageId: letter.messageId, deliveries }
  const until = clock.now() + windowMs
  let tracedAt = clock.now()
  for (;;) {
    const sighting = lookout === null ? null : await lookout.find(letter)
    if (sighting !== null) {
      const report = antispamReport(sighting.headers)
      const verdict = report === null ? '' : ` Protection: ${verdictText(report)}.`
      const arrived = { ...evidence, arrived: seenOf(sighting) }
      if (kind === 'spam' && sighting.junk) return { outcome: 'passed', says: [`In junk, as it should be.${verdict}`], evidence: arrived }
      return { outcome: 'failed', says: [`It came through, into "${sighting.folder}".${verdict}`], evidence: arrived }
    }
    const quarantine = await quarantined(flow, user, letter)
    if (quarantine.length > 0)
      return { outcome: 'passed', says: [`In quarantine: ${quarantine.join(', ')}.`], evidence: { ...evidence, quarantine } }
    if (clock.now() - tracedAt >= 60_000) {
      tracedAt = clock.now()
      const rows = await traced(flow, { messageId: letter.messageId })
      const kept = rows.find(({ status }) => /^(?:quarantined|failed)$/i.test(status))
      if (kept !== undefined)
        return {
          outcome: 'passed',
          says: [`Kept out: ${kept.status.toLowerCase()}${kept.detail === '' ? '' : `, ${kept.detail}`}.`],
          evidence,
        }
    }
    if (clock.now() + pollMs > until)
      return { outcome: 'warning', says: ['It was taken, and is neither in the mailbox, nor in quarantine, nor in the trace.'], evidence }
    await clock.sleep(pollMs, signal)
  }
}

async function quarantined(flow: FlowRun, user: string, letter: ProbeLetter): Promise<readonly string[]> {
  const { admin } = flow.setup
  if (admin === null) return []
  try {
    const { rows } = await admin.invoke('Get-QuarantineMessage', { RecipientAddress: [user] })
    return rows
      .filter((row) => textIn(row['MessageId']) === letter.messageId || textIn(row['Subject']).includes(letter.id))
      .map((row) => textIn(row['Type']))
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped') throw error
    return []
  }
}
