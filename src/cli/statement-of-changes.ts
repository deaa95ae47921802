import type { ChangeStatement } from '../api/tenant-results.ts'
import { bullet } from './plan-text.ts'
import { printable, wrapped } from './printable.ts'
import { count, counted } from './units.ts'
import type { Shell } from './world.ts'

const WORDS: readonly (readonly [keyof ChangeStatement['counts'], string])[] = [
  ['done', 'done'],
  ['already', 'were so already'],
  ['undone', 'taken back'],
  ['waiting', 'waiting to be seen'],
  ['planned', 'not begun'],
  ['failed', 'failed'],
  ['in-doubt', 'in doubt'],
  ['doing', 'begun'],
  ['undoing', 'being taken back'],
  ['left', 'left as they are'],
  ['dropped', 'no longer wanted'],
]
const OPEN_SHOWN = 20

/** The books of a run, and what is open with its reason and what to do. Held back ones are told by number. */
export function printStatement(shell: Shell, { total, counts, open }: ChangeStatement): void {
  const parts = WORDS.flatMap(([state, word]) => (counts[state] === 0 ? [] : [`${count(counts[state])} ${word}`]))
  shell.print()
  for (const line of wrapped(`${counted(total, 'change')} = ${parts.join(' + ') || 'nothing'}`, shell.columns)) shell.print(line)
  const told = open.filter(({ heldBackBy }) => heldBackBy.length === 0)
  if (told.length > 0) {
    shell.print()
    shell.print('Open:')
  }
  for (const { says, failure, why, remedy } of told.slice(0, OPEN_SHOWN)) {
    for (const line of bullet(printable(says), shell.columns)) shell.print(line)
    const reason = failure?.text ?? why
    if (reason !== null) for (const line of wrapped(printable(reason), shell.columns, '    ')) shell.print(line)
    for (const line of wrapped(`What to do: ${printable(remedy)}`, shell.columns, '    ')) shell.print(line)
  }
  if (told.length > OPEN_SHOWN) shell.print(`  ... and ${count(told.length - OPEN_SHOWN)} more: \`cutover tenant status\``)
  const held = open.length - told.length
  if (held > 0) shell.print(`  ${count(held)} more come after these.`)
}
