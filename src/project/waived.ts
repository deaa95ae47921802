import type { Blocker } from './gate.ts'
import type { ProjectState } from './state.ts'

/** Those that nobody lets pass. What must never be passed over counts whatever was said. */
export function unwaived(state: ProjectState, blockers: readonly Blocker[]): readonly Blocker[] {
  const passed = new Set(state.waivers.map(({ blocker }) => blocker))
  return blockers.filter(({ id, waivable }) => !waivable || !passed.has(id))
}
