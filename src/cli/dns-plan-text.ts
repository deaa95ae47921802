import type { DnsDomainPlan, DnsItem, DnsPhase, PlanFinding } from '../api/dns-results.ts'
import { PHASES } from '../api/dns-results.ts'
import { bullet } from './plan-text.ts'
import { printable, wrapped } from './printable.ts'
import { counted, duration } from './units.ts'
import type { Shell } from './world.ts'

const WHEN: Readonly<Record<DnsPhase, string>> = {
  prepare: 'days before; adds only',
  'lower-ttl': 'at least as long before the switch as the old time to live',
  switch: 'by `cutover switch`, all at once',
  tighten: 'once the old side is quiet',
  'raise-ttl': 'after that',
  retire: 'when the old system is gone',
}
const TITLES = { blocker: 'Must be solved first', warning: 'Look at this', note: 'Good to know' } as const

/** One domain: what was found, and each phase with its changes. */
export function printDomain(shell: Shell, plan: DnsDomainPlan, only: DnsPhase | null): void {
  const host = plan.host === null ? printable(plan.provider) : `${plan.host}, zone ${printable(plan.zone ?? '')}`
  for (const line of wrapped(`${printable(plan.domain)} (${host})${plan.isSwitched ? ': mail goes to the tenant' : ''}`, shell.columns))
    shell.print(line)
  printFound(shell, plan.findings)
  const phases = PHASES.filter((phase) => (only === null || phase === only) && plan.items.some((item) => item.phase === phase))
  for (const phase of phases) {
    shell.print()
    const held = plan.findings.some(({ holds, severity }) => severity === 'blocker' && holds.includes(phase))
    for (const line of wrapped(`${phase} (${WHEN[phase]})${held ? ' - held back' : ''}:`, shell.columns, '  ')) shell.print(line)
    for (const item of plan.items.filter((one) => one.phase === phase)) printItem(shell, item)
    for (const { after, before, seconds, why } of plan.waits)
      if (after === phase)
        for (const line of wrapped(`Then wait ${duration(seconds)} before ${before}: ${why}.`, shell.columns, '    ')) shell.print(line)
  }
  // What cannot be planned is not as wanted.
  if (phases.length > 0 || plan.findings.some(({ severity }) => severity === 'blocker')) return
  shell.print()
  shell.print(only === null ? '  All is as wanted.' : `  Nothing is to be done in the phase ${only}.`)
}

const SIGNS = { add: '+', delete: '-', replace: '~', merge: '~', ttl: '~' } as const

function printItem(shell: Shell, { op, name, type, before, after, reason, risk }: DnsItem): void {
  const [gone, come] = [without(before?.data, after?.data), without(after?.data, before?.data)]
  const ttl =
    after === null || before?.ttlSeconds === after.ttlSeconds
      ? ''
      : ` (TTL ${before === null ? '' : `${before.ttlSeconds} -> `}${after.ttlSeconds})`
  const lines = [
    `    ${SIGNS[op]} ${printable(name)} ${type}${ttl}`,
    ...gone.flatMap((one) => wrapped(`- ${printable(one)}`, shell.columns, '        ')),
    ...come.flatMap((one) => wrapped(`+ ${printable(one)}`, shell.columns, '        ')),
    ...(op === 'ttl' ? [] : wrapped(printable(reason), shell.columns, '      ')),
    ...(risk === null ? [] : wrapped(`Risk: ${printable(risk)}`, shell.columns, '      ')),
  ]
  for (const line of lines) shell.print(line)
}

function without(data: readonly string[] = [], other: readonly string[] = []): readonly string[] {
  return data.filter((one) => !other.includes(one))
}

/** What was found, most pressing first. */
export function printFound(shell: Shell, findings: readonly PlanFinding[]): void {
  for (const severity of ['blocker', 'warning', 'note'] as const) {
    const some = findings.filter((one) => one.severity === severity)
    if (some.length === 0) continue
    shell.print()
    shell.print(`  ${TITLES[severity]}:`)
    for (const { says, remedy, holds, severity: rank } of some) {
      const held = rank === 'blocker' && holds.length > 0 ? ` (holds: ${holds.join(', ')})` : ''
      for (const line of bullet(`${printable(says)}${held}`, shell.columns)) shell.print(line)
      // Text to be pasted keeps its lines.
      const [first = '', ...rest] = remedy.trimEnd().split('\n')
      if (first !== '') for (const line of bullet(`What to do: ${printable(first)}`, shell.columns, ' ')) shell.print(line)
      for (const line of rest) shell.print(`        ${printable(line)}`)
    }
  }
}

/** Domains that stay as they are, with the first reason of each. */
export function printHeld(shell: Shell, held: readonly { readonly domain: string; readonly why: readonly PlanFinding[] }[]): void {
  if (held.length === 0) return
  shell.print()
  shell.print(`${counted(held.length, 'domain')} held back:`)
  for (const { domain, why } of held) {
    for (const line of bullet(`${printable(domain)}: ${printable(why[0]?.says ?? '')}`, shell.columns)) shell.print(line)
    const remedy = why[0]?.remedy.split('\n')[0] ?? ''
    if (remedy !== '') for (const line of bullet(`What to do: ${printable(remedy)}`, shell.columns, ' ')) shell.print(line)
  }
}
