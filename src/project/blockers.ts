import type { Blocker } from './gate.ts'
import type { PhaseName } from './phase-names.ts'
import type { ProjectState } from './state.ts'

type Rest = { readonly command?: string | null; readonly waivable?: boolean; readonly notBefore?: number | null }

/** `cutover run` takes care of it. */
export function byRun(id: string, says: string, { waivable = false, command = 'run' }: Rest = {}): Blocker {
  return { id, says, command, needs: 'work', notBefore: null, waivable }
}

/** It comes by itself. */
export function byTime(id: string, says: string, { notBefore = null, waivable = false, command = null }: Rest = {}): Blocker {
  return { id, says, command, needs: 'time', notBefore, waivable }
}

/** Somebody has to decide or do something. */
export function byPerson(id: string, says: string, { command = null, waivable = true }: Rest = {}): Blocker {
  return { id, says, command, needs: 'person', notBefore: null, waivable }
}

/** What belongs to a phase and has to be signed off. */
export function tasksOf(state: ProjectState, phase: PhaseName): readonly Blocker[] {
  return state.tasks
    .filter((task) => task.phase === phase && task.signedOff === null)
    .map(({ id, says, side, owner, dueAt }) => {
      const who = owner ?? { us: 'us', customer: 'the customer', vendor: 'the vendor' }[side]
      const late = dueAt !== null && dueAt < state.now ? ' It is overdue.' : ''
      return byPerson(`${phase}.task.${idOf(id)}`, `To be signed off, by ${who}: ${trimmed(says)}.${late}`, {
        command: `project sign-off ${id} --name NAME`,
      })
    })
}

/** Findings about the same thing are one blocker. */
export function found(
  prefix: string,
  troubles: readonly { readonly about: string; readonly says: string }[],
  command: string,
): readonly Blocker[] {
  return [...Map.groupBy(troubles, ({ about }) => about)].map(([about, all]) =>
    byPerson(`${prefix}.${idOf(about)}`, `${about}: ${all.map(({ says }) => says).join(' ')}`, { command }),
  )
}

/** A name as a part of an id: small letters, digits and what stands in addresses. */
export function idOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}@._-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return plain === '' ? 'other' : plain
}

/** "anna, ben and 3 more". */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length <= 3 ? shown : `${shown} and ${names.length - 3} more`
}

/** "1 mailbox", "4 mailboxes". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

function trimmed(text: string): string {
  return text.trim().replace(/\.$/, '')
}
