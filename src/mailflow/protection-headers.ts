import type { Told } from './flow-run.ts'
import { antispamReport, verdictText } from './headers.ts'
import type { RouteResult } from './route-result.ts'

/** E5: clean mail from outside bears the report of Exchange Online Protection. Read from what has arrived already. */
export function protectionHeaders(results: readonly RouteResult[]): Told {
  const came = results.flatMap(({ criterion, evidence }) =>
    ['D3', 'D5', 'D6'].includes(criterion) && evidence.arrived !== undefined ? [evidence] : [],
  )
  const [first] = came
  if (first?.arrived === undefined) return { outcome: 'not-run', says: ['Nothing came from outside, so that there is nothing to read.'] }
  const reports = came.map(({ arrived }) => antispamReport(arrived?.headers ?? []))
  const report = reports.find((one) => one !== null)
  if (report === undefined || report === null)
    return { outcome: 'failed', says: ['None of it bears X-Forefront-Antispam-Report: it did not go through protection.'], evidence: first }
  const missing = reports.filter((one) => one === null).length
  return {
    outcome: missing > 0 ? 'warning' : 'passed',
    says: [`${came.length - missing} of ${came.length} bear its report: ${verdictText(report)}, direction ${report['DIR'] ?? '?'}.`],
    evidence: first,
  }
}
