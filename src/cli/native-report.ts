import type { NativeRunResult, NativeStartInput } from '../api/native-input.ts'
import { confirmed } from './confirm.ts'
import { printable, wrapped } from './printable.ts'
import { exitCodeOf, troubleLines } from './trouble.ts'
import { count } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type Findings = NativeRunResult['findings']

const SHOWN = 30
const WORDS = { blocker: 'BLOCKER', warning: 'Warning', note: 'Note' } as const

/** The most pressing first; of very many of a kind some. */
export function printFindings(shell: Shell, findings: Findings): void {
  for (const severity of ['blocker', 'warning', 'note'] as const) {
    const of = findings.filter((one) => one.severity === severity)
    for (const { says, remedy } of of.slice(0, SHOWN)) {
      for (const line of wrapped(`${WORDS[severity]}: ${printable(says)}`, shell.columns)) shell.print(line)
      for (const line of wrapped(printable(remedy), shell.columns, '  ')) shell.print(line)
    }
    if (of.length > SHOWN) shell.print(`(and ${count(of.length - SHOWN)} more; --json tells all)`)
  }
  if (findings.length > 0) shell.print()
}

/** Shows what is about to be done, and asks. With --json only --yes will do. */
export function approver(shell: Shell, yes: boolean): NativeStartInput['approve'] {
  return async ({ says, findings }) => {
    printFindings(shell, findings)
    for (const sentence of says) for (const line of wrapped(printable(sentence), shell.columns)) shell.print(line)
    return await confirmed(shell, 'Do this?', yes)
  }
}

/** One line for each reason to wait; on a terminal the one at work is redrawn. */
export function changeWatch(shell: Shell): NativeStartInput['onChange'] {
  const told = new Map<string, string>()
  return (says, state, why) => {
    if (shell.flags.quiet === true || shell.flags.json === true) return
    const line = `${state}: ${printable(says)}${why === null ? '' : ` (${printable(why)})`}`
    if (shell.screen.live) shell.screen.redraw(line)
    else if (told.get(says) !== line && why !== null) for (const part of wrapped(line, shell.columns)) shell.screen.say(part)
    told.set(says, line)
  }
}

/** What became of each change. 3 where a person must look. */
export function printRun(shell: Shell, result: NativeRunResult): number {
  if (!result.approved) {
    shell.print('Nothing was done.')
    return EXIT.person
  }
  if (result.changes.length === 0) {
    const isBlocked = result.findings.some(({ severity }) => severity === 'blocker')
    shell.print(isBlocked ? 'Nothing was started.' : 'There is nothing to do.')
    return EXIT.done
  }
  let code: number = EXIT.done
  for (const { says, state, failure } of result.changes) {
    for (const line of wrapped(`${state}: ${printable(says)}`, shell.columns)) shell.print(line)
    if (failure === null || state === 'done' || state === 'already') continue
    for (const line of troubleLines(failure, shell.columns)) shell.print(line)
    code = Math.max(code, exitCodeOf(failure.code))
  }
  const { halted } = result
  if (halted === null)
    return result.changes.every(({ state }) => state === 'done' || state === 'already') ? code : Math.max(code, EXIT.person)
  for (const line of troubleLines(halted, shell.columns)) shell.print(line)
  return exitCodeOf(halted.code)
}
