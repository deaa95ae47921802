import type { Command } from 'commander'
import { Option } from 'commander'
import { PHASES, type DnsApplyResult, type DnsApproval, type DnsPhase } from '../api/dns-results.ts'
import { printByHand } from './by-hand.ts'
import { changeWatch } from './change-progress.ts'
import { confirmed } from './confirm.ts'
import { dnsInput, type DnsFlags } from './dns-plan.ts'
import { printFound, printHeld } from './dns-plan-text.ts'
import { printChanges } from './plan-text.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { printStatement } from './statement-of-changes.ts'
import { tenantOptions } from './tenant-address.ts'
import { exitCodeOf, troubleLines } from './trouble.ts'
import { counted, duration, parseCount } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type ApplyFlags = DnsFlags & { readonly phase: DnsPhase; readonly yes?: boolean; readonly wait: number; readonly all?: boolean }

const HELP = `
Examples:
  cutover dns apply --phase prepare
  cutover dns apply example.org --phase lower-ttl --yes

Shows the changes of one phase, asks, and carries them out. How everything was
is kept in the state directory before the first write; a set that somebody else
has changed meanwhile is left. Where the host is "manual", what a person is to
do is shown and looked for. The switch itself is done by \`cutover switch\`.
\`cutover dns undo\` puts back what was there.`

export function addDnsApply(dns: Command, run: Runner): void {
  tenantOptions(dns.command('apply').argument('[domain...]', 'only these domains').description('carry one phase out, once you have agreed'))
    .addOption(new Option('--phase <phase>', 'which phase').choices(PHASES).makeOptionMandatory())
    .option('--yes', 'do not ask')
    .option('--wait <minutes>', 'wait so long for what a person does', parseCount, 60)
    .option('--all', 'show every change, however many')
    .addHelpText('after', HELP)
    .action((domains: readonly string[], flags: ApplyFlags) => run(flags, (shell) => apply(shell, domains, flags)))
}

async function apply(shell: Shell, domains: readonly string[], flags: ApplyFlags): Promise<number> {
  const watch = changeWatch(shell)
  const shown = new Map<string, string>()
  const approve = async (approval: DnsApproval): Promise<boolean> => {
    watch.pause()
    printFound(
      shell,
      approval.findings.filter(({ severity }) => severity === 'warning'),
    )
    printChanges(shell, approval.changes, flags.all ?? false)
    printHeld(shell, approval.held)
    for (const { domain, says } of approval.byHand) {
      shown.set(domain, says)
      printByHand(shell, domain, says)
    }
    if (approval.changes.length === 0) return true
    shell.print()
    return confirmed(shell, `Carry out ${counted(approval.changes.length, 'change')} (${approval.phase})?`, flags.yes ?? false)
  }
  watch.say('Reading the tenant and the records ...')
  const result = await shell.world.operations.dnsApply({
    ...dnsInput(shell, domains, flags),
    phase: flags.phase,
    approve,
    waitMinutes: flags.wait,
    onProgress: watch.onProgress,
    // Shown before it was asked; later only what is not right yet.
    onByHand: (domain, says) => {
      watch.pause()
      if (shown.get(domain) !== says) printByHand(shell, domain, says)
      shown.set(domain, says)
    },
  })
  watch.end()
  shell.json(result)
  return told(shell, result)
}

function told(shell: Shell, { approved, statement, held, keptIn, waits, failure, phase }: DnsApplyResult): number {
  if (!approved) {
    shell.print('Nothing was changed.')
    return EXIT.done
  }
  if (statement === null) {
    shell.print(held.length === 0 ? `Nothing is to be done in the phase ${phase}.` : `Nothing was done in the phase ${phase}.`)
    printHeld(shell, held)
  } else {
    printStatement(shell, statement)
    for (const line of wrapped(`How everything was before stands in ${printable(keptIn)}.`, shell.columns)) shell.print(line)
    for (const { domain, before, seconds, why } of waits)
      for (const line of wrapped(`${printable(domain)}: wait ${duration(seconds)} before ${before}: ${why}.`, shell.columns))
        shell.print(line)
  }
  if (failure !== null) {
    shell.print()
    for (const line of troubleLines(failure, shell.columns)) shell.print(line)
    return exitCodeOf(failure.code)
  }
  const open = statement?.open ?? []
  if (open.some(({ state }) => state === 'failed' || state === 'in-doubt')) return EXIT.failed
  return open.length > 0 || held.length > 0 ? EXIT.person : EXIT.done
}
