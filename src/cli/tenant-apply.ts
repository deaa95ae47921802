import type { Command } from 'commander'
import type { TenantApplyResult, TenantPlanResult } from '../api/tenant-results.ts'
import { changeWatch } from './change-progress.ts'
import { confirmed } from './confirm.ts'
import { printFindings, printPlan } from './plan-text.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { printStatement } from './statement-of-changes.ts'
import { tenantAddress, tenantOptions, type TenantFlags } from './tenant-address.ts'
import { DEFAULT_DEFINITION } from './tenant-plan.ts'
import { exitCodeOf, troubleLines } from './trouble.ts'
import { counted, parseCount } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type ApplyFlags = TenantFlags & CommonFlags & { readonly yes?: boolean; readonly wait: number; readonly all?: boolean }

const HELP = `
Examples:
  cutover tenant apply
  cutover tenant apply --yes --wait 240

Shows the plan, asks, and carries it out; every step is written down before and
after. It can be stopped or killed at any time: the same command goes on there
and does nothing twice. New mailboxes take minutes to hours; what is not there
within --wait is looked for by the next run. At the end the tenant is compared
once more. \`cutover tenant undo\` takes back what was done.`

export function addTenantApply(tenant: Command, run: Runner): void {
  tenantOptions(tenant.command('apply').description('carry the plan out, once you have agreed'))
    .option('--yes', 'do not ask')
    .option('--wait <minutes>', 'wait so long for what takes its time', parseCount, 60)
    .option('--all', 'show every change, however many')
    .addHelpText('after', HELP)
    .action((flags: ApplyFlags) => run(flags, (shell) => apply(shell, flags)))
}

async function apply(shell: Shell, flags: ApplyFlags): Promise<number> {
  const watch = changeWatch(shell)
  let asked = 0
  const approve = async (plan: TenantPlanResult): Promise<boolean> => {
    watch.pause()
    if (asked++ > 0) shell.print(`\nNow that this is done, ${counted(plan.changes.length, 'more change')} can be seen.`)
    if (flags.yes !== true || asked > 1) printPlan(shell, plan, flags.all ?? false)
    else printFindings(shell, plan.findings, flags.all ?? false)
    if (plan.changes.length === 0) return true
    shell.print()
    return await confirmed(
      shell,
      `Carry out ${counted(plan.changes.length, 'change')} in tenant ${printable(plan.tenantId)}?`,
      flags.yes ?? false,
    )
  }
  watch.say('Reading the tenant ...')
  const result = await shell.world.operations.tenantApply({
    ...tenantAddress(shell, flags),
    definitionFile: flags.file ?? DEFAULT_DEFINITION,
    stateDir: flags.state,
    signal: shell.signal,
    approve,
    waitMinutes: flags.wait,
    onProgress: watch.onProgress,
    onRead: watch.onRead,
    onReading: () => watch.say('Comparing the tenant once more ...'),
  })
  watch.end()
  shell.json(result)
  return told(shell, result, asked)
}

function told(shell: Shell, result: TenantApplyResult, asked: number): number {
  const say = (text: string): void => {
    for (const line of wrapped(text, shell.columns)) shell.print(line)
  }
  const { approved, statement, plan, failure, passwordsWaiting } = result
  if (!approved) {
    say('Nothing was changed.')
    return EXIT.done
  }
  if (statement !== null) printStatement(shell, statement)
  const blockers = plan?.findings.filter(({ severity }) => severity === 'blocker') ?? []
  if (plan !== null) {
    // Where nothing was asked, what was found was not shown yet.
    if (asked === 0) printFindings(shell, plan.findings, false)
    shell.print()
    if (plan.changes.length === 0 && plan.held.length === 0) say('The tenant was compared once more: all is as wanted.')
    else if (plan.changes.length === 0)
      say(
        `The tenant was compared once more: nothing is left that can be done now. ${counted(plan.held.length, 'change')} wait for what must be solved first.`,
      )
    else say(`The tenant was compared once more: ${counted(plan.changes.length, 'change')} are not there yet. Run the same command again.`)
  }
  if (passwordsWaiting > 0)
    say(`${counted(passwordsWaiting, 'temporary password')} wait to be handed out, once: \`cutover tenant passwords --out FILE.csv\`.`)
  if (failure !== null) {
    shell.print()
    for (const line of troubleLines(failure, shell.columns)) shell.print(line)
    return exitCodeOf(failure.code)
  }
  const open = statement?.open ?? []
  if (open.some(({ state }) => state === 'failed' || state === 'in-doubt')) return EXIT.failed
  return open.length > 0 || blockers.length > 0 || (plan?.changes.length ?? 0) > 0 ? EXIT.person : EXIT.done
}
