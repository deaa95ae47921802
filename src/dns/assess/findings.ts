import type { AssessOptions } from './assess.ts'
import type { DnsFinding, Rank } from './assessment.ts'
import { judgeClients } from './client-findings.ts'
import { judge, type Judged } from './finding.ts'
import { judgeMail } from './mail-findings.ts'
import { judgeSending } from './sending-findings.ts'
import { judgeZone } from './zone-findings.ts'

const ORDER: readonly Rank[] = ['block', 'must-fix', 'warn', 'info']

/** What follows from what was seen, the worst first; each with what to do. */
export function findingsOf(seen: Judged, options: AssessOptions): readonly DnsFinding[] {
  const verdict = judge(seen.domain)
  judgeZone(seen, verdict)
  if ('apex' in seen.zone) {
    judgeMail(seen, options, verdict)
    judgeSending(seen, verdict)
    judgeClients(seen, verdict)
  }
  return verdict.findings.toSorted((a, b) => ORDER.indexOf(a.rank) - ORDER.indexOf(b.rank))
}
