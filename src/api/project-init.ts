import { existsSync } from 'node:fs'
import { withValue } from '../definition/document.ts'
import { projectText } from '../definition/project-starter.ts'
import { Failure } from '../model/failure.ts'
import { writeWhole } from '../project/store-definitions.ts'

export type ProjectInitInput = {
  readonly file: string
  /** What stands in it already; null: an example. */
  readonly name: string | null
  readonly customer: string | null
  readonly timeZone: string | null
}

/** Writes a definition of a project to begin with; a file that is there is never written over. */
export async function projectInit({ file, name, customer, timeZone }: ProjectInitInput): Promise<{ readonly file: string }> {
  if (existsSync(file)) throw new Failure('bad-input', `"${file}" is there already and is not written over. Name another one with -f.`)
  const given = { name, customer, time_zone: timeZone }
  let text = projectText()
  for (const [key, value] of Object.entries(given)) if (value !== null) text = withValue(text, ['project', key], value)
  writeWhole(file, text)
  return { file }
}
