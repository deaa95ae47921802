import { readDefinition, type Definition } from '../definition/definition.ts'
import { readPlan } from '../project/read-plan.ts'
import { openStore, type ProjectStore, type StoredProject } from '../project/store.ts'
import { definedSource } from './defined.ts'
import type { Addresses, Progress } from './operations.ts'
import { projectState, type OpenProject } from './project-state.ts'
import { identityIn, type TenantAddress } from './tenant-access.ts'
import type { ProjectState } from '../project/state.ts'
import type { World } from './world.ts'
import { Failure } from '../model/failure.ts'

/** Which project: a directory of projects, and a name; null: the only one there is. */
export type ProjectAddress = {
  readonly store: string
  readonly name: string | null
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What a person is shown and asked before something is changed. */
export type Question = {
  /** `tenant`, `switch-begin example.org`, `switch-decision example.org`: together with the digest the same for the same thing. */
  readonly what: string
  readonly digest: string
  /** A question. */
  readonly says: string
  /** What would be done, a line each. */
  readonly lines: readonly string[]
}

/** All that carrying out a piece of work needs. Made anew for each, as the definition may be another one by then. */
export type Scene = {
  /** The directory of projects. */
  readonly store: string
  readonly world: World
  readonly open: OpenProject
  readonly env: ProjectAddress['env']
  readonly show: (message: string) => void
  readonly signal: AbortSignal
  /** How long a change, or the switch, may be waited for at most, in minutes. */
  readonly waitMinutes: number
  readonly state: ProjectState
  /** The name of who agrees; null: nobody does. */
  readonly agreed: (question: Question) => Promise<string | null>
  readonly onDoing: (says: string) => void
  readonly onMailboxes: (names: readonly string[]) => void
  readonly onProgress: (progress: Progress) => void
}

/** Opens the project as its store has it now. The caller closes the store. */
export async function openProject(
  world: World,
  { store: directory, name, env }: ProjectAddress,
  { readOnly }: { readonly readOnly: boolean },
): Promise<{ readonly store: ProjectStore; readonly open: OpenProject; readonly state: ProjectState }> {
  const store = openStore(directory, { readOnly, now: () => world.clock.now() })
  try {
    const project = store.project(name)
    const open = { project, ...(await readPlan(project, env)) }
    return { store, open, state: await projectState(world, open) }
  } catch (error) {
    store.close()
    throw error
  }
}

/** Which tenant, and as whom, as the definition of the project says. */
export function tenantOf({ open, env, show }: Pick<Scene, 'open' | 'env' | 'show'>): TenantAddress & { readonly definitionFile: string } {
  const { definitionFile } = open.project
  return { definitionFile, identity: null, cloud: null, service: null, mailboxesFile: null, env, show }
}

/** Both ends of the mailboxes. Reads secrets. Throws `bad-input` where the definition does not name the old side or a list. */
export async function addressesOf(scene: Pick<Scene, 'open' | 'env' | 'show'>, only: readonly string[]): Promise<Addresses> {
  const { project } = scene.open
  const definition = await withSecrets(project, scene.env)
  const source = await definedSource(definition)
  const { mailboxesFile, tenant } = definition
  if (source === null || mailboxesFile === null)
    throw new Failure('bad-input', 'The definition does not name the old mailboxes (source.url) and their list (mailboxes).')
  return {
    ...source,
    destination: tenant.service === null ? 'exchange:' : `exchange:${tenant.service}`,
    mailboxesFile,
    stateDir: project.stateDir,
    only,
    env: scene.env,
    show: scene.show,
    identity: identityIn(tenant, scene.show),
    cloud: tenant.cloud,
  }
}

function withSecrets(project: StoredProject, env: Scene['env']): Promise<Definition> {
  return readDefinition(project.definitionFile, env)
}
