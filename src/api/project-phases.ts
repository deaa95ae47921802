import { projectAcceptance, waiveCriterion, type AcceptanceInput, type AcceptanceResult } from './project-acceptance.ts'
import { projectNext, type ProjectNext } from './project-next.ts'
import { projectRun, type ProjectRunInput, type ProjectRunResult } from './project-run.ts'
import type { ProjectAddress } from './project-scene.ts'
import type { World } from './world.ts'

/** What carries a project on, and what tells where it stands. */
export type PhaseOperations = {
  /** Where a project stands, what is in its way, and the one command to run now. Opens no socket. */
  next(address: ProjectAddress): Promise<ProjectNext>
  /** Does everything that needs no person, phase by phase, and asks before anything is changed. */
  run(input: ProjectRunInput): Promise<ProjectRunResult>
  acceptance(input: AcceptanceInput): Promise<AcceptanceResult>
  waiveCriterion(input: Parameters<typeof waiveCriterion>[1]): Promise<AcceptanceResult>
}

export function phaseOperations(world: World): PhaseOperations {
  return {
    next: (address) => projectNext(world, address),
    run: (input) => projectRun(world, input),
    acceptance: (input) => projectAcceptance(world, input),
    waiveCriterion: (input) => waiveCriterion(world, input),
  }
}
