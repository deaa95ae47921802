import type { Command } from 'commander'
import { Option } from 'commander'
import type { DnsPlanInput } from '../api/operations.ts'
import { PHASES, type DnsPhase } from '../api/dns-results.ts'
import { printDomain } from './dns-plan-text.ts'
import type { Runner } from './run.ts'
import { tenantAddress, tenantOptions, type TenantFlags } from './tenant-address.ts'
import { DEFAULT_DEFINITION } from './tenant-plan.ts'
import { counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

export type DnsFlags = TenantFlags & CommonFlags
type PlanFlags = DnsFlags & { readonly phase?: DnsPhase }

const HELP = `
Examples:
  cutover dns plan
  cutover dns plan example.org --phase prepare

Shows which records change, in which phase and why: what the tenant wants,
merged with what stands there now at the host of DNS and what must stay by the
section dns: of cutover.yaml. Changes nothing. docs/guide/dns-plan.md explains
the phases. Exit code 3: something must be solved first.`

export function addDnsPlan(dns: Command, run: Runner): void {
  tenantOptions(dns.command('plan').argument('[domain...]', 'only these domains').description('show which records change, when and why'))
    .addOption(new Option('--phase <phase>', 'only this phase').choices(PHASES))
    .addHelpText('after', HELP)
    .action((domains: readonly string[], flags: PlanFlags) => run(flags, (shell) => plan(shell, domains, flags)))
}

/** What all words about the plan of DNS take. */
export function dnsInput(shell: Shell, domains: readonly string[], flags: DnsFlags): DnsPlanInput {
  return {
    ...tenantAddress(shell, flags),
    definitionFile: flags.file ?? DEFAULT_DEFINITION,
    stateDir: flags.state,
    signal: shell.signal,
    domains,
  }
}

async function plan(shell: Shell, domains: readonly string[], flags: PlanFlags): Promise<number> {
  if (flags.quiet !== true && shell.screen.live) shell.screen.redraw('Reading the tenant and the records ...')
  const result = await shell.world.operations.dnsPlan(dnsInput(shell, domains, flags)).finally(() => shell.screen.clear())
  const phase = flags.phase ?? null
  const shown = result.domains.map((one) => (phase === null ? one : { ...one, items: one.items.filter((item) => item.phase === phase) }))
  shell.json({ ...result, domains: shown })
  for (const [at, one] of shown.entries()) {
    if (at > 0) shell.print()
    printDomain(shell, one, phase)
  }
  const blocked = result.domains.filter(({ findings }) => findings.some(({ severity }) => severity === 'blocker'))
  if (result.domains.length > 1) {
    shell.print()
    const items = shown.reduce((sum, one) => sum + one.items.length, 0)
    shell.print(
      `${counted(result.domains.length, 'domain')}, ${counted(items, 'change')} planned, something must be solved at ${blocked.length}.`,
    )
  }
  const isHeld = (one: (typeof shown)[number]): boolean =>
    one.findings.some(({ severity, holds }) => severity === 'blocker' && holds.includes('prepare'))
  if (shown.some((one) => !isHeld(one) && one.items.some((item) => item.phase === 'prepare'))) {
    shell.print()
    shell.print('`cutover dns apply --phase prepare` shows the first phase again, and asks.')
  }
  return blocked.length > 0 ? EXIT.person : EXIT.done
}
