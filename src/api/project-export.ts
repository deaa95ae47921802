import { existsSync } from 'node:fs'
import { withEntries } from '../definition/document.ts'
import { listRecords } from '../definition/list-table.ts'
import { csvRows } from '../lib/csv-rows.ts'
import { Failure } from '../model/failure.ts'
import { newestDefinition, settleFiles, writeWhole } from '../project/store-definitions.ts'
import { openStore } from '../project/store.ts'
import type { ProjectAddress } from './project-scene.ts'
import type { World } from './world.ts'

export type ProjectExportInput = ProjectAddress & {
  /** null: the text alone. */
  readonly file: string | null
  /** A file that is there is written over. */
  readonly force: boolean
}

export type ProjectExportResult = { readonly name: string; readonly file: string | null; readonly text: string; readonly version: number }

/** The whole project as one YAML file, which imports to the same. Secrets stand in it as `env:NAME` and `file:PATH` alone. */
export async function projectExport(
  world: World,
  { store: directory, name, file, force }: ProjectExportInput,
): Promise<ProjectExportResult> {
  using store = openStore(directory, { readOnly: true, now: () => world.clock.now() })
  const project = store.project(name)
  settleFiles(project)
  const kept = newestDefinition(project)
  if (kept === null)
    throw new Failure('bad-input', `The project ${project.name} has no definition yet: \`cutover project import\` brings it in.`)
  const text = kept.list === '' ? kept.yaml : withEntries(kept.yaml, listRecords(csvRows(Buffer.from(kept.list))))
  if (file !== null) {
    if (!force && existsSync(file))
      throw new Failure('bad-input', `"${file}" is there already and is not written over. Name another file, or say --force.`)
    writeWhole(file, text)
  }
  return { name: project.name, file, text, version: kept.version }
}
