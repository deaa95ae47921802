import type { Finding } from '../model/change.ts'
import type { Told } from './flow-run.ts'

/** P7: whether mail between those who have moved and those who stay would be refused or run in a circle, by what both sides are set to. */
export function between(findings: readonly Finding[]): Told {
  const loud = findings.filter(({ severity }) => severity !== 'note')
  const says = [...loud, ...findings.filter(({ severity }) => severity === 'note')].map(({ says, remedy, severity }) =>
    severity === 'note' ? says : `${says} ${remedy}`,
  )
  if (loud.some(({ severity }) => severity === 'blocker')) return { outcome: 'failed', says }
  if (loud.length > 0) return { outcome: 'warning', says }
  return { outcome: 'passed', says: says.length > 0 ? says : ['Every address has its place, and no way leads in a circle.'] }
}
