import { printable } from './printable.ts'
import type { Shell } from './world.ts'

/** Lines to be followed one by one: as they stand. */
export function printByHand(shell: Shell, domain: string, says: string): void {
  shell.print()
  shell.print(`By hand, for ${printable(domain)}:`)
  for (const line of says.split('\n')) shell.print(line === '' ? '' : `  ${printable(line)}`)
}
