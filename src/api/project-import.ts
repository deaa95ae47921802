import { existsSync, readFileSync } from 'node:fs'
import { inspectDefinition } from '../definition/inspect.ts'
import { Failure } from '../model/failure.ts'
import { cutoverChange, definitionChanges, type DefinitionState } from '../project/definition-diff.ts'
import { addDefinition, newestDefinition, writeFiles, writeWhole } from '../project/store-definitions.ts'
import { addEvent } from '../project/store-records.ts'
import { openStore, type ProjectStore, type StoredProject } from '../project/store.ts'
import { nameIn, projectToKeep, readProject, stateOfKept, type ProjectToKeep } from './project-definition.ts'
import type { ProjectAddress } from './project-scene.ts'
import { isStore, projectIn, summaryOf, type ProjectSummary } from './project-store.ts'
import type { World } from './world.ts'

export type ProjectImportInput = ProjectAddress & {
  readonly file: string
  /** Who brings it in, for the timeline; null: nobody says. */
  readonly who: string | null
  /** Only tells what would change. */
  readonly check: boolean
}

export type ProjectImportResult = {
  readonly project: ProjectSummary
  /** The project is new. */
  readonly made: boolean
  /** Of the definition in the store; null where nothing was kept of it. */
  readonly version: number | null
  /** Sentences without their full stop; [] where it means the same as before. */
  readonly changes: readonly string[]
  /** Only comments, the order of keys or the layout are others. */
  readonly onlyLayout: boolean
  /** Passwords that stood in the list and were not kept yet: each goes into a file of its own in the project's folder. */
  readonly passwords: number
  readonly checked: boolean
}

/**
 * Takes a definition and its list into the store. All mistakes come at once, and then nothing was kept. What was kept before stays as an
 * earlier version; the same again changes nothing.
 */
export async function projectImport(world: World, input: ProjectImportInput): Promise<ProjectImportResult> {
  const inspected = await inspectDefinition(input.file)
  const name = nameIn(inspected)
  if (name !== null && input.name !== null && input.name !== name)
    throw new Failure(
      'bad-input',
      `${inspected.fileName} is about the project "${name}", not about "${input.name}". Leave --project out, or change project.name.`,
    )
  // Nothing is made before all of it was found right.
  using there = isStore(input.store) ? openStore(input.store, { readOnly: input.check, now: () => world.clock.now() }) : null
  const known = name === null ? null : (there?.find(name) ?? null)
  const kept = known === null ? null : newestDefinition(known)
  const before = known === null || kept === null ? null : await stateOfKept(known, kept)
  const read = await readProject(inspected, { now: world.clock.now(), before: before?.plan ?? null })
  const place = known ?? projectIn(input.store, read.name)
  const toKeep = projectToKeep(read, place.folder)
  const after = await stateOfKept(place, toKeep)
  if (after === null) throw new Error('a definition without mistakes has mistakes once it is kept')
  const changedPasswords = toKeep.passwords.filter(({ path, content }) => contentAt(path) !== content)
  const changes = changesOf(before, after, known === null, changedPasswords)
  const isSame = kept !== null && kept.yaml === toKeep.yaml && kept.list === toKeep.list
  const keeping = { toKeep, changedPasswords, changes, before, after, isSame, who: input.who }
  const version = input.check ? null : keepIn(world, input.store, there, read.name, keeping)
  return {
    project: summaryOf(place, after.plan, null),
    made: known === null,
    version,
    changes,
    onlyLayout: known !== null && changes.length === 0 && !isSame,
    passwords: changedPasswords.length,
    checked: input.check,
  }
}

function keepIn(world: World, directory: string, there: ProjectStore | null, name: string, keeping: Keeping): number {
  if (there !== null) return keep(there, name, keeping)
  using made = openStore(directory, { now: () => world.clock.now() })
  return keep(made, name, keeping)
}

function changesOf(
  before: DefinitionState | null,
  after: DefinitionState,
  isNew: boolean,
  passwords: ProjectToKeep['passwords'],
): readonly string[] {
  if (isNew) return []
  const secret = passwords.map(({ target }) => `password of ${target} changed`)
  if (before === null) return ['taken over anew: what was kept before cannot be compared by this version', ...secret]
  return [...definitionChanges(before, after), ...secret]
}

type Keeping = {
  readonly toKeep: ProjectToKeep
  readonly changedPasswords: ProjectToKeep['passwords']
  readonly changes: readonly string[]
  readonly before: DefinitionState | null
  readonly after: DefinitionState
  readonly isSame: boolean
  readonly who: string | null
}

function keep(store: ProjectStore, name: string, { toKeep, changedPasswords, changes, before, after, isSame, who }: Keeping): number {
  // Before the list that names them: nothing may point to a file that is not there.
  for (const { path, content } of changedPasswords) writeWhole(path, content)
  const project = store.db.transaction((): StoredProject => {
    const known = store.find(name)
    const mine = known ?? store.add(name)
    if (!isSame) addDefinition(mine, { ...toKeep, who })
    if (known === null) addEvent(mine, { kind: 'project-made', says: `Project ${name} for ${after.plan.customer} was made`, who })
    if (known === null || changes.length > 0) {
      const data = { version: newestDefinition(mine)?.version ?? 1, changes }
      addEvent(mine, { kind: 'definition-imported', says: importedSays(known === null, changes), who, data })
    }
    const cutover = before === null ? null : cutoverChange(before.plan, after.plan)
    if (cutover !== null && before !== null)
      addEvent(mine, {
        kind: 'cutover-postponed',
        says: capital(cutover),
        who,
        data: { from: before.plan.cutoverAt, to: after.plan.cutoverAt },
      })
    return mine
  })
  writeFiles(project)
  return newestDefinition(project)?.version ?? 1
}

function importedSays(made: boolean, changes: readonly string[]): string {
  if (made) return 'The definition was brought in'
  const first = changes.slice(0, 2).join('; ')
  return `The definition was changed: ${first}${changes.length > 2 ? ` and ${changes.length - 2} more` : ''}`
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function contentAt(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
