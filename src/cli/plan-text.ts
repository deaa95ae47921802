import type { ChangeView, Finding, TenantPlanResult } from '../api/tenant-results.ts'
import { printable, wrapped } from './printable.ts'
import { count, counted } from './units.ts'
import type { Shell } from './world.ts'

const NAMES_SHOWN = 3
const OBJECTS_SHOWN = 10

/** Everything that was found and is planned; long plans are cut short unless `all`, and say so. */
export function printPlan(shell: Shell, plan: Pick<TenantPlanResult, 'changes' | 'held' | 'findings'>, all: boolean): void {
  printFindings(shell, plan.findings, all)
  printChanges(shell, plan.changes, all)
  if (plan.held.length > 0) {
    shell.print()
    const says = `${counted(plan.held.length, 'more change')} ${plan.held.length === 1 ? 'is' : 'are'} left out until what is under "Must be solved first" is solved.`
    for (const line of wrapped(says, shell.columns)) shell.print(line)
  }
}

const TITLES = { blocker: 'Must be solved first', warning: 'Look at this', note: 'Good to know' } as const

/** What was found, a block for each kind of it: the same thing about fifty people is told once. */
export function printFindings(shell: Shell, findings: readonly Finding[], all: boolean): void {
  for (const severity of ['blocker', 'warning', 'note'] as const) {
    const blocks = Object.values(
      Object.groupBy(
        findings.filter((one) => one.severity === severity),
        ({ code }) => code,
      ),
    )
    if (blocks.length === 0) continue
    shell.print()
    shell.print(`${TITLES[severity]}:`)
    for (const block of blocks) if (block !== undefined) printBlock(shell, block, all)
  }
}

function printBlock(shell: Shell, block: readonly Finding[], all: boolean): void {
  const [first] = block
  if (first === undefined) return
  const say = (text: string, sign: '-' | ' '): void => {
    for (const line of bullet(printable(text), shell.columns, sign)) shell.print(line)
  }
  const shown = all || block.length <= NAMES_SHOWN ? block : block.slice(0, 1)
  for (const { says, where } of shown) say(where === null ? says : `${says} (${where})`, '-')
  if (shown.length < block.length) {
    const others = block.slice(1, 1 + NAMES_SHOWN).map(({ about }) => about)
    const rest = block.length - 1 - others.length
    say(`The same of ${others.join(', ')}${rest > 0 ? ` and ${count(rest)} more` : ''}.`, ' ')
  }
  const remedies = new Set(shown.map(({ remedy }) => remedy))
  for (const remedy of remedies) if (remedy !== '') say(`What to do: ${remedy}`, ' ')
}

/** Grouped by what they are about, in the order of the plan. */
export function printChanges(shell: Shell, changes: readonly ChangeView[], all: boolean): void {
  if (changes.length === 0) return
  const groups = [...Map.groupBy(changes, ({ about }) => about)]
  shell.print()
  shell.print(`${counted(changes.length, 'change')}, by kind:`)
  const kinds = Object.entries(Object.groupBy(changes, ({ kind }) => kind)).map(([kind, some]) => `${kind} ${count(some?.length ?? 0)}`)
  for (const line of wrapped(kinds.join(', '), shell.columns, '  ')) shell.print(line)
  for (const [about, some] of groups.slice(0, all ? groups.length : OBJECTS_SHOWN)) {
    shell.print()
    shell.print(about === '' ? 'The organisation' : printable(about))
    for (const change of some) for (const line of bullet(`${printable(change.says)}${marks(change)}`, shell.columns)) shell.print(line)
  }
  if (!all && groups.length > OBJECTS_SHOWN) {
    shell.print()
    shell.print(`... and ${count(groups.length - OBJECTS_SHOWN)} more; --all shows everything.`)
  }
}

/** An item of a list, its further lines under its first word. */
export function bullet(text: string, columns: number, sign: '-' | ' ' = '-'): readonly string[] {
  return wrapped(text, columns, '    ').map((line, at) => (at === 0 ? `  ${sign} ${line.trimStart()}` : line))
}

function marks({ takes, waits, cannotUndo }: ChangeView): string {
  const notes = [
    ...(takes === 'hours' && !waits ? ['can take hours'] : []),
    ...(cannotUndo === null ? [] : [`cannot be taken back: ${printable(cannotUndo)}`]),
  ]
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}
