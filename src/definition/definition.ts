import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { fieldName, issueProblems } from './issues.ts'
import { secretAt, whyUnreadable } from './secret-place.ts'
import { SCHEMA } from './sections.ts'
import type { Sections } from './sections.ts'
import { yamlFile } from './yaml-file.ts'
import type { Path, YamlFile, YamlProblem } from './yaml-file.ts'

/** What stands in cutover.yaml, checked for itself. What it wants of the tenant: `wantedTenant`. */
export type Definition = {
  /** Name of the file without its directory, as messages call it. */
  readonly fileName: string
  readonly tenant: TenantAccess
  /** The list of mailboxes, which is the definition itself where they stand in it; null: there is none. */
  readonly mailboxesFile: string | null
  readonly sections: Sections
  /** `cutover.yaml line 40`. */
  where(path: Path): string
  /** `cutover.yaml line 12, column 5`. */
  position(path: Path, key?: 'key'): string
  /** A file that it names, which stands beside it where it is not whole. */
  file(name: string): string
  /** What `env:NAME` or `file:PATH` at this path stands for; read only now. Throws `bad-input` that says where it stands. */
  secret(path: Path, place: string): Promise<Secret>
}

/** Which tenant, and as whom. */
export type TenantAccess = {
  readonly tenant: string
  readonly cloud: 'global' | 'gcc-high' | 'dod' | 'china'
  readonly clientId: string
  readonly signIn:
    | { readonly kind: 'secret'; readonly clientSecret: Secret }
    | { readonly kind: 'certificate'; readonly privateKeyPem: Secret; readonly certificatePem: string }
    | { readonly kind: 'device' }
  /** Base URL of a simulator on this machine; null: Microsoft 365. */
  readonly service: string | null
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads cutover.yaml. All its mistakes come at once, each with line and column, in one `Failure('bad-input')` of several lines, in which
 * no secret stands. Files that it names are relative to it. Secrets are read here; with `secrets: false`, where somebody signs in in
 * another way, they are not looked for and are empty.
 */
export async function readDefinition(path: string, env: Env, { secrets = true }: { readonly secrets?: boolean } = {}): Promise<Definition> {
  const fileName = basename(path)
  const file = yamlFile(await bytesOf(path))
  if (file.problems.length > 0) throw failure(fileName, file.problems)
  if (file.value === null || file.value === undefined)
    throw new Failure('bad-input', `The definition ${fileName} is empty: \`cutover tenant init\` writes one to begin with.`)
  const parsed = SCHEMA.safeParse(file.value)
  const problems: YamlProblem[] = parsed.success
    ? []
    : issueProblems(parsed.error.issues, file.value).map(({ path, key, says }) => ({ ...file.at(path, key ? 'key' : undefined), says }))
  // Where the secrets are can be told also of a definition with other mistakes.
  const tenant = SCHEMA.shape.tenant.safeParse(Reflect.get(Object(file.value), 'tenant'))
  const access = tenant.success ? await accessOf(tenant.data, { directory: dirname(path), env, file, problems, secrets }) : null
  if (!parsed.success || access === null || problems.length > 0) throw failure(fileName, problems)
  const { list, entries } = parsed.data.mailboxes ?? {}
  return {
    fileName,
    tenant: access,
    mailboxesFile: entries !== undefined ? resolve(path) : list === undefined ? null : resolve(dirname(path), list),
    sections: parsed.data,
    where: (path) => `${fileName} line ${file.at(path).line}`,
    position: (path, key) => positioned(fileName, file.at(path, key)),
    file: (name) => resolve(dirname(path), name),
    async secret(at, place) {
      const found = await secretAt(place, { directory: dirname(path), env })
      if (found !== null && 'secret' in found) return found.secret
      throw failure(fileName, [{ ...file.at(at), says: `${fieldName(at)} ${found?.says ?? 'is nowhere'}` }])
    },
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const why = whyUnreadable(cause)
    const advice = why === 'does not exist' ? ' `cutover tenant init` writes one to begin with.' : ''
    throw new Failure('bad-input', `The definition cannot be read: "${path}" ${why}.${advice}`, { cause })
  }
}

type Reading = {
  readonly directory: string
  readonly env: Env
  readonly file: YamlFile
  readonly problems: YamlProblem[]
  readonly secrets: boolean
}

async function accessOf(given: Sections['tenant'], reading: Reading): Promise<TenantAccess | null> {
  const { id: tenant, cloud, client_id: clientId, service = null } = given
  const signIn = await signInOf(given, reading)
  return signIn === null ? null : { tenant, cloud, clientId, signIn, service }
}

async function signInOf(given: Sections['tenant'], reading: Reading): Promise<TenantAccess['signIn'] | null> {
  if (given.sign_in === 'device') return { kind: 'device' }
  if (given.secret !== undefined) {
    const clientSecret = await secretOf('secret', given.secret, reading)
    return clientSecret === null ? null : { kind: 'secret', clientSecret }
  }
  const certificate = await secretOf('certificate', `file:${given.certificate ?? ''}`, reading)
  const privateKeyPem = await secretOf('key', `file:${given.key ?? ''}`, reading)
  if (certificate === null || privateKeyPem === null) return null
  return { kind: 'certificate', privateKeyPem, certificatePem: certificate.reveal() }
}

async function secretOf(field: 'secret' | 'certificate' | 'key', place: string, reading: Reading): Promise<Secret | null> {
  if (!reading.secrets) return new Secret('')
  const found = await secretAt(place, reading)
  if (found !== null && 'secret' in found) return found.secret
  const path = ['tenant', field]
  reading.problems.push({ ...reading.file.at(path), says: `${fieldName(path)} ${found?.says ?? 'is nowhere'}` })
  return null
}

export function positioned(fileName: string, { line, column }: { readonly line: number; readonly column: number }): string {
  return `${fileName} line ${line}, column ${column}`
}

function failure(fileName: string, problems: readonly YamlProblem[]): Failure {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
  return definitionFailure(
    fileName,
    sorted.map((problem) => `${positioned(fileName, problem)}: ${problem.says}`),
  )
}

/** Nobody reads more at once, and something is wrong with the file as a whole. */
const MOST_TOLD = 200

/** All mistakes of a definition. */
export function definitionFailure(fileName: string, lines: readonly string[]): Failure {
  const count = lines.length === 1 ? 'a mistake' : `${lines.length} mistakes`
  const more = lines.length > MOST_TOLD ? [`and ${lines.length - MOST_TOLD} more`] : []
  return new Failure('bad-input', [`The definition ${fileName} has ${count}:`, ...lines.slice(0, MOST_TOLD), ...more].join('\n'))
}
