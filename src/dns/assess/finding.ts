import type { Assessment, DnsFinding, Rank } from './assessment.ts'

/** What findings are made of. */
export type Seen = Omit<Assessment, 'findings' | 'evidence' | 'hosts' | 'senders'>
export type Judged = Omit<Assessment, 'findings' | 'evidence'>

export type Judge = {
  readonly findings: readonly DnsFinding[]
  readonly add: (rank: Rank, code: string, says: string, remedy: string, about?: string) => void
}

const SEVERITIES = { block: 'blocker', 'must-fix': 'warning', warn: 'warning', info: 'note' } as const

export function judge(domain: string): Judge {
  const findings: DnsFinding[] = []
  return {
    findings,
    add(rank, code, says, remedy, about = domain) {
      findings.push({ rank, code, severity: SEVERITIES[rank], about, says, remedy, where: null })
    },
  }
}

export function plural(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`
}
