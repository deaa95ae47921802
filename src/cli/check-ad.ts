import type { Command } from 'commander'
import type { CheckAdResult } from '../api/check-ad.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { tenantAddress, tenantOptions } from './tenant-address.ts'
import type { TenantFlags } from './tenant-address.ts'
import { typedCommand } from './typed-command.ts'
import { count, counted } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type CheckAdFlags = TenantFlags &
  CommonFlags & { readonly domain?: readonly string[]; readonly csv?: string; readonly checklist?: boolean; readonly match?: boolean }

/** The CSV file has all. */
const SHOWN = 40
const MATCHES_SHOWN = 20

const HELP = `
Examples:
  ldifde -f ad.ldf -r "(|(objectClass=user)(objectClass=group)
      (objectClass=contact))"
  cutover tenant check-ad ad.ldf --domain example.org --csv to-do.csv
  cutover tenant check-ad ad.ldf -f cutover.yaml --match --checklist

Reads an export of Active Directory and says what Entra Connect, or Exchange
Online after it, would refuse or change, and what to write instead. Changes
nothing; only --match asks the tenant. Other forms of export:
docs/guide/directory-synchronisation.md.`

export function addCheckAd(tenant: Command, run: Runner): void {
  tenantOptions(tenant.command('check-ad <export>').description('check an export of Active Directory before it is synchronised'))
    .option('--domain <name...>', 'verified domains of the tenant, beside those of the definition')
    .option('--csv <file>', 'write what is to be put right as CSV')
    .option('--checklist', 'also print what to set in Entra Connect')
    .option('--match', 'look up whom of the tenant each user would be joined with')
    .addHelpText('after', HELP)
    .action((file: string, flags: CheckAdFlags) => run(flags, (shell) => checkAd(shell, file, flags)))
}

async function checkAd(shell: Shell, file: string, flags: CheckAdFlags): Promise<number> {
  const result = await shell.world.operations.checkAd({
    file,
    domains: flags.domain ?? [],
    definitionFile: flags.file ?? null,
    tenant: flags.match === true ? tenantAddress(shell, flags) : null,
    csvFile: flags.csv ?? null,
    signal: shell.signal,
  })
  shell.json(result)
  print(shell, result, flags)
  return result.refused > 0 || result.matches?.some(({ outcome }) => outcome === 'collides') === true ? EXIT.person : EXIT.done
}

function print(shell: Shell, result: CheckAdResult, flags: CheckAdFlags): void {
  const say = (text: string, indent = ''): void => {
    for (const line of wrapped(printable(text), shell.columns, indent)) shell.print(line)
  }
  say(
    `${counted(result.users, 'user')}, ${counted(result.groups, 'group')}, ${counted(result.contacts, 'contact')}` +
      `${result.leftOut === 0 ? '' : ` (and ${count(result.leftOut)} that Entra Connect leaves out by itself)`}.`,
  )
  if (result.domains.length === 0)
    say('No verified domains were given, so only names that no domain can have are told: --domain, or -f cutover.yaml.')
  for (const { line, says } of result.problems.slice(0, SHOWN)) say(`Line ${line}: ${says}.`)
  const { refused, changed, noted, objects } = result
  if (refused + changed + noted === 0) say('Nothing would be refused.')
  else say(`${count(refused)} to be refused, ${count(changed)} to be changed, ${count(noted)} to know, at ${counted(objects, 'object')}.`)
  const shown = flags.csv === undefined ? result.findings.slice(0, SHOWN) : result.findings.slice(0, 10)
  for (const [dn, findings] of Map.groupBy(shown, (one) => one.dn)) {
    shell.print()
    say(dn)
    for (const { attribute, value, severity, says, instead } of findings) {
      say(`${severity}: ${attribute}${value === '' || attribute === 'dn' ? '' : ` "${value}"`}: ${says}`, '  ')
      if (instead !== null) say(instead === '' ? 'Take it away.' : `Write: ${instead}`, '    ')
    }
  }
  if (result.findings.length > shown.length) {
    shell.print()
    const where = result.csvFile === null ? '--csv FILE writes all of them.' : `All are in ${result.csvFile}.`
    say(`And ${count(result.findings.length - shown.length)} more. ${where}`)
  } else if (result.csvFile !== null) say(`Written: ${result.csvFile}`)
  if (result.matches !== null) printMatches(shell, result.matches, say)
  if (flags.checklist === true) printChecklist(shell, result.checklist, say)
  else if (flags.quiet !== true) {
    shell.print()
    say(`What to set in Entra Connect: ${typedCommand(shell.world.program, ['tenant', 'check-ad', result.file, '--checklist'])}`)
  }
}

type Say = (text: string, indent?: string) => void

const OUTCOMES = {
  collides: 'would be refused, as the cloud has it otherwise',
  soft: 'would take over a user of the cloud (soft match)',
  hard: 'joined by the source anchor (hard match)',
  new: 'would become new users',
} as const

function printMatches(shell: Shell, matches: NonNullable<CheckAdResult['matches']>, say: Say): void {
  for (const outcome of ['collides', 'soft', 'hard', 'new'] as const) {
    const those = matches.filter((one) => one.outcome === outcome)
    if (those.length === 0) continue
    shell.print()
    say(`${count(those.length)} ${OUTCOMES[outcome]}${outcome === 'new' ? '.' : ':'}`)
    if (outcome === 'new') continue
    for (const { name, says } of those.slice(0, MATCHES_SHOWN)) say(`${name}: ${says}`, '  ')
    if (those.length > MATCHES_SHOWN) say(`and ${count(those.length - MATCHES_SHOWN)} more (--json tells all)`, '  ')
  }
}

function printChecklist(shell: Shell, checklist: CheckAdResult['checklist'], say: Say): void {
  shell.print()
  say('Before the first export of Entra Connect')
  for (const [at, { title, what, here }] of checklist.entries()) {
    shell.print()
    say(`[ ] ${at + 1}. ${title}`)
    say(what, '    ')
    if (here !== null) say(`Here: ${here}`, '    ')
  }
}
