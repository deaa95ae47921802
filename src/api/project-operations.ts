import type { ProjectExportInput, ProjectExportResult } from './project-export.ts'
import type { ProjectImportInput, ProjectImportResult } from './project-import.ts'
import type { ProjectInitInput } from './project-init.ts'
import type { ListedProject, ProjectDetails, ProjectTasks } from './project-list.ts'
import type { ProjectAddress } from './project-scene.ts'
import type { PostponeInput, PostponeResult, SignOffInput, SignOffResult, WaiveInput, WaiveResult } from './project-words.ts'
import type { World } from './world.ts'

/** Projects in their store: what they are, and what people say about them. None of it opens a socket. */
export type ProjectOperations = {
  /** Writes a definition of a project to begin with. */
  init(input: ProjectInitInput): Promise<{ readonly file: string }>
  /** Takes a definition and its list into the store, or tells what would change. */
  import(input: ProjectImportInput): Promise<ProjectImportResult>
  /** The whole project as one YAML file. */
  export(input: ProjectExportInput): Promise<ProjectExportResult>
  list(input: Omit<ProjectAddress, 'name'>): Promise<{ readonly projects: readonly ListedProject[] }>
  show(input: ProjectAddress): Promise<ProjectDetails>
  /** The responsibilities of both sides. */
  tasks(input: ProjectAddress): Promise<ProjectTasks>
  signOff(input: SignOffInput): Promise<SignOffResult>
  waive(input: WaiveInput): Promise<WaiveResult>
  postpone(input: PostponeInput): Promise<PostponeResult>
}

/** Loaded only by who wants it. */
export function projectOperations(world: World): ProjectOperations {
  return {
    init: async (input) => (await import('./project-init.ts')).projectInit(input),
    import: async (input) => (await import('./project-import.ts')).projectImport(world, input),
    export: async (input) => (await import('./project-export.ts')).projectExport(world, input),
    list: async (input) => (await import('./project-list.ts')).projectList(world, input),
    show: async (input) => (await import('./project-list.ts')).projectShow(world, input),
    tasks: async (input) => (await import('./project-list.ts')).projectTasks(world, input),
    signOff: async (input) => (await import('./project-words.ts')).projectSignOff(world, input),
    waive: async (input) => (await import('./project-words.ts')).projectWaive(world, input),
    postpone: async (input) => (await import('./project-words.ts')).projectPostpone(world, input),
  }
}
