import type { Command } from 'commander'
import type { Purpose } from '../api/purposes.ts'
import type { Need } from '../api/tenant-access.ts'
import { commonOptions } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { parsePurposes } from './tenant-connect.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

const HELP = `
Examples:
  cutover tenant permissions
  cutover tenant permissions --for copy

Asks nobody and changes nothing. docs/guide/permissions.md is the same, with
the steps; \`cutover tenant connect\` looks at a tenant.`

export function addTenantPermissions(tenant: Command, run: Runner): void {
  commonOptions(tenant.command('permissions').description('what the application needs, for what, and until when'))
    .option('--for <what...>', 'what it is to do: copy, plan, apply (all of them)', parsePurposes)
    .addHelpText('after', HELP)
    .action((flags: CommonFlags & { readonly for?: readonly Purpose[] }) => run(flags, (shell) => permissions(shell, flags.for ?? [])))
}

const KINDS: Readonly<Record<Need['kind'], string>> = {
  graph: 'Application permissions of Microsoft Graph',
  exchange: 'Application permissions of Office 365 Exchange Online',
  role: 'Role in the directory',
  principal: 'In Exchange Online',
  mailbox: 'For each mailbox',
}

async function permissions(shell: Shell, purposes: readonly Purpose[]): Promise<number> {
  const needs = await shell.world.operations.tenantPermissions({ purposes })
  shell.json({ permissions: needs })
  for (const [at, [kind, title]] of Object.entries(KINDS).entries()) {
    const ofKind = needs.filter((need) => need.kind === kind)
    if (ofKind.length === 0) continue
    if (at > 0) shell.print()
    shell.print(title)
    for (const need of ofKind) printNeed(shell, need)
  }
  return EXIT.done
}

function printNeed(shell: Shell, need: Need): void {
  const say = (text: string): void => {
    for (const line of wrapped(printable(text), shell.columns, '      ')) shell.print(line)
  }
  shell.print(`  ${need.name}${need.isOptional ? ' (optional)' : ''}`)
  say(`${capital(need.why)}. For ${need.commands.join(', ')}.`)
  say(`Without it ${need.without}.`)
  if (need.orElse.length > 0) say(`Also enough: ${need.orElse.join(', ')}.`)
  say(`May be taken away ${need.until}.`)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
