import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { Purpose } from '../api/purposes.ts'
import { PURPOSES } from '../api/purposes.ts'
import type { ConnectCheck, ConnectInput, ConnectResult } from '../api/tenant-connect.ts'
import { FAILURES } from '../model/failure-codes.ts'
import { printable, wrapped } from './printable.ts'
import type { Runner } from './run.ts'
import { tenantAddress, tenantOptions } from './tenant-address.ts'
import type { TenantFlags } from './tenant-address.ts'
import { exitCodeOf, stoppedLines } from './trouble.ts'
import { count, counted, duration, parseCount } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

type ConnectFlags = TenantFlags &
  CommonFlags & { readonly for?: readonly Purpose[]; readonly mailbox?: readonly string[]; readonly wait: number; readonly apply?: boolean }

const HELP = `
Examples:
  cutover tenant connect -f cutover.yaml
  cutover tenant connect --tenant contoso.onmicrosoft.com --client-id ID \\
      --client-secret env:SECRET --for copy --mailbox anna@example.org --wait 60

Signs in, looks at every permission, role and mailbox that cutover needs, and
says how to give what is missing. Changes nothing without --apply. What each is
needed for: \`cutover tenant permissions\`, or docs/guide/permissions.md.`

export function addTenantConnect(tenant: Command, run: Runner): void {
  tenantOptions(tenant.command('connect').description('check that the application is let in, and say what is missing'))
    .option('--for <what...>', 'what it is to do: copy, plan, apply (all of them)', parsePurposes)
    .option('--mailbox <address...>', 'open these over IMAP, instead of all of the list')
    .option('--wait <minutes>', 'look again for so long until all is there', parseCount, 0)
    .option('--apply', 'make the application known to Exchange where it is not')
    .addHelpText('after', HELP)
    .action((flags: ConnectFlags) => run(flags, (shell) => connect(shell, flags)))
}

export function parsePurposes(text: string, before: readonly Purpose[] = []): readonly Purpose[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const purposes = words.map((word) => PURPOSES.find((purpose) => purpose === word))
  if (purposes.some((one) => one === undefined)) throw new InvalidArgumentError(`There are ${PURPOSES.join(', ')}.`)
  return [...before, ...purposes.filter((one) => one !== undefined)]
}

async function connect(shell: Shell, flags: ConnectFlags): Promise<number> {
  let told = 0
  const input: ConnectInput = {
    ...tenantAddress(shell, flags),
    purposes: flags.for ?? [],
    mailboxes: flags.mailbox ?? [],
    waitMinutes: flags.wait,
    apply: flags.apply ?? false,
    stateDir: flags.state,
    signal: shell.signal,
    onLook: (result) => {
      if (told++ > 0) shell.print()
      print(shell, result)
    },
    onTried: progress(shell),
    onPause: (pause) => tellPause(shell, pause),
  }
  const result = await shell.world.operations.tenantConnect(input).finally(() => shell.screen.clear())
  shell.json(result)
  if (told === 0) print(shell, result)
  if (result.stopped) for (const line of stoppedLines(shell)) shell.screen.say(line)
  else if (flags.wait === 0 && result.checks.some(({ state }) => state === 'waiting')) {
    const text = 'What was granted works by itself after a while, mostly within an hour: --wait 60 looks until then.'
    shell.print()
    for (const line of wrapped(text, shell.columns)) shell.print(line)
  }
  return exitCode(result)
}

function exitCode({ checks, stopped }: ConnectResult): number {
  if (stopped) return EXIT.person
  const needed = checks.filter(({ isOptional }) => !isOptional)
  const failed = needed.some(({ failure }) => failure !== null && FAILURES[failure.code].next !== 'ask')
  if (failed) return EXIT.failed
  const codes = needed.flatMap(({ failure }) => (failure === null ? [] : [exitCodeOf(failure.code)]))
  return codes.length > 0 || needed.some(({ state }) => state === 'missing' || state === 'waiting') ? EXIT.person : EXIT.done
}

const SPOKEN_MS = 10_000

/** On a terminal one redrawn line, otherwise one every ten seconds. */
function progress(shell: Shell): ConnectInput['onTried'] {
  const { screen, world, flags } = shell
  let spokenAt = world.clock.now()
  return (tried, total) => {
    if (flags.quiet === true || total < 2) return
    const says = `${count(tried)} of ${counted(total, 'mailbox')} tried`
    if (screen.live) screen.redraw(says)
    else if (world.clock.now() - spokenAt >= SPOKEN_MS) {
      spokenAt = world.clock.now()
      screen.say(says)
    }
  }
}

function tellPause(shell: Shell, { pending, waitedMs, pauseMs }: Parameters<ConnectInput['onPause']>[0]): void {
  const { screen, flags } = shell
  if (flags.quiet === true) return
  const so = waitedMs < 1000 ? '' : `, waiting for ${duration(waitedMs / 1000)}`
  const says = `${counted(pending, 'thing')} not there yet${so}; looked at again in ${duration(pauseMs / 1000)}`
  if (screen.live) screen.redraw(says)
  else screen.say(says)
}

const GROUPS: Readonly<Record<ConnectCheck['group'], string>> = {
  tenant: 'Tenant',
  'sign-in': 'Sign-in',
  graph: 'Microsoft Graph',
  exchange: 'Exchange Online',
  mailbox: 'Mailboxes over IMAP',
}
const MARKS: Readonly<Record<ConnectCheck['state'], string>> = { ok: 'ok', missing: 'MISSING', waiting: 'waiting', unknown: 'unknown' }
const MARK_WIDTH = 9
/** Mailboxes that are well are told one by one up to so many. */
const MAILBOXES_SHOWN = 30
const LINES_SHOWN = 12

function print(shell: Shell, result: ConnectResult): void {
  shell.screen.clear()
  const groups = Object.entries(GROUPS).filter(([group]) => result.checks.some((one) => one.group === group))
  for (const [at, [group, title]] of groups.entries()) {
    const checks = result.checks.filter((one) => one.group === group)
    if (at > 0) shell.print()
    shell.print(title)
    const hidden = checks.length > MAILBOXES_SHOWN ? checks.filter(({ state }) => state === 'ok').length : 0
    for (const one of hidden > 0 ? checks.filter(({ state }) => state !== 'ok') : checks) printCheck(shell, one)
    if (hidden > 0) shell.print(`  (${count(hidden)} more, all well)`)
  }
  const shut = result.checks.some(({ group, state, isOptional }) =>
    group === 'tenant' || group === 'sign-in' ? state !== 'ok' && !isOptional : false,
  )
  if (shut) printText(shell, 'The rest is looked at once that works.')
  for (const says of result.applied) printText(shell, says)
  if (result.asPerson.length > 0) printPerson(shell, result.asPerson)
  if (result.steps.length > 0) printSteps(shell, result.steps)
}

function printCheck(shell: Shell, one: ConnectCheck): void {
  const mark = one.warns ? 'SOON' : one.state === 'missing' && one.isOptional ? 'without' : MARKS[one.state]
  const waited = one.pendingMs === null || one.pendingMs < 1000 ? '' : ` Seen so for ${duration(one.pendingMs / 1000)}.`
  const late =
    (one.pendingMs ?? 0) > LATE_MS
      ? ' That is longer than usual: take it away and grant it again, and see that no other program fills the connections.'
      : ''
  const optional = one.isOptional && one.state !== 'ok' && one.group === 'graph' ? ' (Optional.)' : ''
  const lines = wrapped(`${printable(one.title)}: ${printable(one.says)}${optional}${waited}${late}`, shell.columns - 2 - MARK_WIDTH)
  for (const [at, line] of lines.entries()) shell.print(`  ${(at === 0 ? mark : '').padEnd(MARK_WIDTH)}${line}`)
}

const LATE_MS = 90 * 60_000

function printPerson(shell: Shell, rows: ConnectResult['asPerson']): void {
  shell.print()
  shell.print('With a person who signs in instead of the application')
  for (const { works, says } of rows) {
    const [first = '', ...rest] = wrapped(printable(says), shell.columns - 4)
    shell.print(`  ${works ? '+' : '-'} ${first}`)
    for (const line of rest) shell.print(`    ${line}`)
  }
}

function printSteps(shell: Shell, steps: ConnectResult['steps']): void {
  shell.print()
  shell.print('To do')
  for (const [at, { says, portal, lines }] of steps.entries()) {
    const number = `${at + 1}. `
    const [first = '', ...rest] = wrapped(printable(says), shell.columns - 2 - number.length)
    shell.print(`  ${number}${first}`)
    for (const line of rest) shell.print(`     ${line}`)
    if (portal.length > 0) for (const line of wrapped(printable(portal.join(' > ')), shell.columns, '     ')) shell.print(line)
    const kinds = new Set(lines.map(({ kind }) => kind))
    if (kinds.has('graph')) shell.print('     or in Microsoft Graph PowerShell:')
    if (kinds.has('exchange')) shell.print(`     ${portal.length > 0 ? 'or in' : 'in'} Exchange Online PowerShell:`)
    // Lines to paste are never broken.
    for (const { text } of lines.slice(0, LINES_SHOWN)) shell.print(`       ${printable(text)}`)
    if (lines.length > LINES_SHOWN) shell.print(`       (${counted(lines.length - LINES_SHOWN, 'more line')}; all are in --json)`)
  }
}

function printText(shell: Shell, text: string): void {
  shell.print()
  for (const line of wrapped(printable(text), shell.columns)) shell.print(line)
}
