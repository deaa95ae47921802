import type { Decision, GuardView, SwitchResult, SwitchView } from '../api/switch-results.ts'
import { printByHand } from './by-hand.ts'
import { printable, wrapped } from './printable.ts'
import { duration } from './units.ts'
import type { Shell } from './world.ts'

/** Where it stands, every guard of the next move with its evidence and age, and what to look at. */
export function printSwitch(shell: Shell, view: SwitchView): void {
  const { domain, phase, says, since, next, guards, attention, paused, turnedBack, servers } = view
  const { columns } = shell
  const say = (text: string, indent = ''): void => {
    for (const line of wrapped(printable(text), columns, indent)) shell.print(line)
  }
  shell.print()
  say(`${domain}: ${phase}${since === null ? '' : ` since ${short(since)}`}: ${says}.`)
  if (paused !== null) say(`Paused by ${paused.name}: ${paused.reason}`)
  if (turnedBack !== null) say(`Turned back by ${turnedBack.name}: ${turnedBack.reason}`)
  if (servers.all > 0 && phase.includes('switch')) say(`${servers.done} of ${servers.all} name servers have the new records.`)
  for (const { severity, says: text } of attention) say(`${severity === 'red' ? 'LOOK NOW' : 'look'}: ${text}`)
  if (attention.some(({ code }) => code === 'drift')) say(MAY_GO, '  ')
  if (next === null) return
  shell.print()
  say(`Before "${next}":`)
  for (const guard of guards) printGuard(shell, say, guard)
  if (view.byHand !== null) printByHand(shell, domain, view.byHand)
}

function printGuard(shell: Shell, say: (text: string, indent?: string) => void, guard: GuardView): void {
  const { title, holds, overridden, reasons, ageSeconds, notBefore, evidence } = guard
  const mark = holds ? 'ok  ' : overridden === null ? 'NO  ' : 'PASS'
  const events = evidence.length === 0 ? '' : `, event${evidence.length === 1 ? '' : 's'} ${evidence.join(', ')}`
  const seen = ageSeconds === null ? '' : ` (seen ${duration(ageSeconds)} ago${events})`
  for (const [at, line] of wrapped(`${guard.guard}: ${title}${seen}`, shell.columns, '       ').entries())
    shell.print(at === 0 ? `  ${mark} ${line.trimStart()}` : line)
  for (const reason of reasons) say(reason, '         ')
  if (notBefore !== null) say(`not before ${short(notBefore)}`, '         ')
  if (overridden !== null) say(`${overridden.name} lets it pass: ${overridden.reason}`, '         ')
}

/** The records. `what`: only those that are decided on; null: all. */
export function printSwitchPlan(shell: Shell, { steps }: SwitchView, what: 'begin' | Decision | null): void {
  for (const { step, lines, doneAt } of steps) {
    if (lines.length === 0 || what === 'decommission') continue
    if ((what === 'switch' && step !== 'switch') || (what === 'finish' && step !== 'finish')) continue
    shell.print()
    shell.print(`${TITLES[step]}${doneAt === null ? '' : ` (done ${short(doneAt)})`}:`)
    for (const line of lines)
      for (const [at, part] of wrapped(printable(line), shell.columns, '    ').entries()) shell.print(at === 0 ? part.slice(2) : part)
  }
  shell.print()
}

const MAY_GO = 'Put it back, or let it go: --overwrite-foreign "NAME TYPE", --reason, --name.'

const TITLES = {
  prepare: 'Prepare: beside what is there',
  lower: 'Shorter times to live',
  switch: 'The switch',
  finish: 'At the end',
} as const

/** What it came to, and what to do. */
export function switchEnd({ ended, again, view }: SwitchResult, columns: number): readonly string[] {
  return wrapped(
    `${ENDS[ended]}${ended === 'refused' && view.guards.some((one) => one.overridable && !one.passes) ? OVERRIDE : ''}${later(ended, again, view)}`,
    columns,
  )
}

/** When to come back. Where days are waited for, something is to be looked at in between. */
function later(ended: SwitchResult['ended'], again: string | null, { guards }: SwitchView): string {
  if (again === null || ended === 'by-hand') return ''
  const until = guards
    .flatMap(({ passes, notBefore }) => (passes || notBefore === null ? [] : [notBefore]))
    .toSorted()
    .at(-1)
  if (ended !== 'waits' || until === undefined || until <= again)
    return ` It is worth while to run it again from ${exact(again)} on, or with --wait.`
  return ` It goes on from ${short(until)} at the earliest. Run it again then, and now and then before, as both sides are watched by it; or let it stay with --wait.`
}

const OVERRIDE = ' Who answers for a guard lets it pass with --override, --reason and --name.'

const ENDS = {
  waits: 'Only time is missing.',
  refused: 'It does not go on: what is marked NO above does not hold.',
  'by-hand': 'The records above have to be changed by hand. Run it again afterwards; with --wait it looks for them.',
  asked: 'Only the word of a person is missing.',
  declined: 'Nothing was changed: nobody agreed.',
  paused: 'It is paused: --resume goes on.',
  stopped: 'Stopped. Run the same command again to go on.',
  over: 'Done: nothing is left to be carried out.',
  elsewhere: 'Another process carries it out. What was said is written down, and it hears it.',
} as const

/** To the second: what is a moment away must not look like now. */
function exact(instant: string): string {
  return instant.replace(/\.\d{3}Z$/, 'Z')
}

function short(instant: string): string {
  return instant.replace(/:\d\d\.\d{3}Z$/, 'Z')
}
