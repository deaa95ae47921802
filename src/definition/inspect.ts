import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { Failure } from '../model/failure.ts'
import { issueProblems } from './issues.ts'
import { whyUnreadable } from './secret-place.ts'
import { SCHEMA } from './sections.ts'
import type { Sections } from './sections.ts'
import { yamlFile } from './yaml-file.ts'
import type { Path, Position, YamlProblem } from './yaml-file.ts'

/** What can be told of a definition that may be wrong in places. */
export type Inspected = {
  readonly fileName: string
  readonly directory: string
  readonly text: string
  /** All that is right in it. */
  readonly sections: Partial<Sections>
  /** Sections of which something was left out because it is wrong, and what (`project.name`): what they lack may stand there. */
  readonly damaged: ReadonlySet<string>
  readonly problems: readonly YamlProblem[]
  /** Where the list of mailboxes is, or the definition itself; null: it names none. */
  readonly mailboxesFile: string | null
  at(path: Path, key?: 'key'): Position
}

const PARTS = SCHEMA.partial()

/**
 * Reads a definition and goes on where something is wrong, so that mistakes between its parts can be told along with those in them. Reads
 * no secret. Throws `bad-input` only where there is no file, or it is of a newer version.
 */
export async function inspectDefinition(path: string): Promise<Inspected> {
  return inspectBytes(await bytesOf(path), path)
}

/** The same of what stands, or is to stand, in a file. */
export function inspectBytes(bytes: Buffer, path: string): Inspected {
  const fileName = basename(path)
  const file = yamlFile(bytes)
  refuseNewer(fileName, file.value)
  const parsed = file.problems.length > 0 ? null : SCHEMA.safeParse(file.value)
  const problems = parsed === null ? file.problems : []
  const issues = parsed?.success === false ? issueProblems(parsed.error.issues, file.value) : []
  const { sections, damaged } = parsed?.success === true ? { sections: parsed.data, damaged: new Set<string>() } : salvaged(file.value)
  const { list, entries } = sections.mailboxes ?? {}
  const directory = dirname(resolve(path))
  return {
    fileName,
    directory,
    text: bytes.toString('utf8').replace(/^\uFEFF/, ''),
    sections,
    damaged,
    problems: [...problems, ...issues.map((each) => ({ ...file.at(each.path, each.key ? 'key' : undefined), says: each.says }))],
    mailboxesFile: entries !== undefined ? resolve(path) : list === undefined ? null : resolve(directory, list),
    at: (where, key) => file.at(where, key),
  }
}

function refuseNewer(fileName: string, value: unknown): void {
  const version: unknown = Reflect.get(Object(value), 'version')
  if (typeof version === 'number' && version > 1)
    throw new Failure(
      'bad-input',
      `A newer version of cutover wrote ${fileName} (version ${version}; this one knows 1). Use that version, or a later one.`,
    )
}

/** What is left when everything is taken out that the schema complains about. */
function salvaged(value: unknown): Pick<Inspected, 'sections' | 'damaged'> {
  const left: unknown = structuredClone(value)
  const damaged = new Set<string>()
  // Each round takes something away; a hostile file does not get many.
  for (let round = 0; round < 10; round += 1) {
    const parsed = PARTS.safeParse(left)
    if (parsed.success) return { sections: parsed.data as Partial<Sections>, damaged }
    const gone = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
    )
    for (const path of gone.toSorted((a, b) => b.length - a.length)) {
      if (path.length === 0) return { sections: {}, damaged: new Set(['']) }
      damaged.add(String(path[0]))
      damaged.add(path.join('.'))
      takeOut(left, path)
    }
  }
  return { sections: {}, damaged: new Set(['']) }
}

/** For what a project cannot be without: its other parts are looked at although one of these is wrong. */
const STAND_INS: Readonly<Record<string, string>> = { name: 'project', customer: '-', time_zone: 'UTC' }

/** A field; what lacks it where it is missing; a whole list rather than one of its entries, as the others would move up. */
function takeOut(from: unknown, path: readonly PropertyKey[]): void {
  const owner = path.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(Object(at), step), from)
  const last = path.at(-1)
  if (last === undefined) return
  const standIn = path.length === 2 && path[0] === 'project' ? STAND_INS[String(last)] : undefined
  if (standIn !== undefined && typeof owner === 'object' && owner !== null) {
    Reflect.set(owner, last, standIn)
    return
  }
  const isThere = typeof owner === 'object' && owner !== null && !Array.isArray(owner) && Object.hasOwn(owner, last)
  if (isThere) Reflect.deleteProperty(owner, last)
  else if (path.length > 1) takeOut(from, path.slice(0, -1))
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new Failure('bad-input', `The definition cannot be read: "${path}" ${whyUnreadable(cause)}.`, { cause })
  }
}
