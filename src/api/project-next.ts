import { existsSync } from 'node:fs'
import { nextView, type NextView } from '../project/next.ts'
import { openProject, type ProjectAddress } from './project-scene.ts'
import type { World } from './world.ts'

export type ProjectNext = NextView & {
  readonly customer: string
  /** What commands beside `run` and `next` take as `-f` and `--state`. */
  readonly definitionFile: string
  readonly stateDir: string
  /** Where its reports are; null: none were written there. */
  readonly reportsDir: string | null
  /** There are other projects in the store: commands have to name this one. */
  readonly hasOthers: boolean
}

/** Where a project stands, what is in its way, and the one thing to do about it. Opens no socket. */
export async function projectNext(world: World, address: ProjectAddress): Promise<ProjectNext> {
  const { store, open, state } = await openProject(world, address, { readOnly: true })
  using _ = store
  const { definitionFile, stateDir, reportsDir } = open.project
  return {
    ...nextView(state),
    customer: open.plan.customer,
    definitionFile,
    stateDir,
    reportsDir: existsSync(reportsDir) ? reportsDir : null,
    hasOthers: store.projects().length > 1,
  }
}
