import { readFile } from 'node:fs/promises'
import { readDefinition } from '../definition/definition.ts'
import type { AdFinding } from '../directory/ad-object.ts'
import { usersIn } from '../directory/ad-users.ts'
import { checkExport } from '../directory/check-export.ts'
import { connectChecklist, type ChecklistItem } from '../directory/connect-checklist.ts'
import { readExport, type AdExport } from '../directory/read-export.ts'
import { Failure } from '../model/failure.ts'
import { csv } from '../report/csv.ts'
import { writeWhole } from '../report/write-whole.ts'
import { readDirectory } from '../tenant/directory-read.ts'
import { matches } from '../tenant/people/synced.ts'
import type { TenantAddress } from './tenant-access.ts'
import { openAddress } from './tenant-access.ts'
import type { World } from './world.ts'

export type CheckAdInput = {
  /** LDIF, or a table of csvde or PowerShell. */
  readonly file: string
  /** Verified domains of the tenant; with a definition or a look at the tenant theirs besides. */
  readonly domains: readonly string[]
  /** The definition alone is read for its domains; nobody is asked. */
  readonly definitionFile: string | null
  /** Whom the users would be joined with in this tenant is looked up; null: nobody is asked. */
  readonly tenant: TenantAddress | null
  /** Where the list of what is to be put right is written. */
  readonly csvFile: string | null
  readonly signal: AbortSignal
}

export type CheckAdResult = {
  readonly file: string
  readonly users: number
  readonly groups: number
  readonly contacts: number
  /** Built-in and system objects, which Entra Connect leaves out by itself. */
  readonly leftOut: number
  /** The domains that counted as verified; [] where none were known. */
  readonly domains: readonly string[]
  readonly findings: readonly AdFinding[]
  readonly refused: number
  readonly changed: number
  readonly noted: number
  /** Objects with a finding that is no mere note. */
  readonly objects: number
  /** Lines of the file that could not be read. */
  readonly problems: AdExport['problems']
  /** null where the tenant was not asked. */
  readonly matches: readonly AdMatchResult[] | null
  readonly checklist: readonly ChecklistItem[]
  readonly csvFile: string | null
}

export type AdMatchResult = {
  readonly name: string
  readonly outcome: 'hard' | 'soft' | 'new' | 'collides'
  /** The user of the cloud; null where there is none. */
  readonly user: string | null
  readonly says: string
}

/** What Entra Connect would refuse of an Active Directory, from an export of it. Changes nothing, and asks nobody without `tenant`. */
export async function checkAd(world: World, input: CheckAdInput): Promise<CheckAdResult> {
  const read = readExport(await bytesOf(input.file))
  const { objects, leftOut, problems } = read
  if (objects.length === 0) {
    const [first] = problems
    const why = first === undefined ? 'no user, group or contact stands in it' : `line ${first.line}: ${first.says}`
    throw new Failure('bad-input', `${input.file} is no export of an Active Directory that can be checked: ${why}.`)
  }
  const defined =
    input.definitionFile === null ? [] : ((await readDefinition(input.definitionFile, input.tenant?.env ?? {})).sections.domains ?? [])
  const seen = input.tenant === null ? null : await lookAt(world, input.tenant, read, input.signal)
  const domains = [
    ...new Set([...input.domains, ...defined.map(({ name }) => name), ...(seen?.domains ?? [])].map((one) => one.toLowerCase())),
  ]
  const findings = checkExport(objects, domains)
  const of = (severity: AdFinding['severity']): number => findings.filter((one) => one.severity === severity).length
  if (input.csvFile !== null) await writeWhole(input.csvFile, csv(COLUMNS, findings.map(row)))
  const count = (kind: string): number => objects.filter((object) => object.kind === kind).length
  return {
    file: input.file,
    users: count('user'),
    groups: count('group'),
    contacts: count('contact'),
    leftOut,
    domains,
    findings,
    refused: of('refused'),
    changed: of('changed'),
    noted: of('note'),
    objects: new Set(findings.filter(({ severity }) => severity !== 'note').map(({ dn }) => dn)).size,
    problems,
    matches: seen?.matches ?? null,
    checklist: connectChecklist(read),
    csvFile: input.csvFile,
  }
}

async function lookAt(
  world: World,
  tenant: TenantAddress,
  { objects }: AdExport,
  signal: AbortSignal,
): Promise<{ readonly domains: readonly string[]; readonly matches: readonly AdMatchResult[] }> {
  const ctx = { clock: world.clock, log: world.log, signal }
  const { identity, cloud, service } = await openAddress(tenant)
  const door = await world.tenant(identity, cloud, service, ctx)
  const directory = await readDirectory(door.graph, ctx)
  return {
    domains: directory.domains.filter(({ isVerified }) => isVerified).map(({ name }) => name),
    matches: matches(directory, usersIn(objects)).map(({ ad, outcome, user, says }) => ({
      name: ad.name,
      outcome,
      user: user?.userPrincipalName ?? null,
      says,
    })),
  }
}

const COLUMNS = ['dn', 'kind', 'attribute', 'value', 'severity', 'code', 'what_is_wrong', 'write_instead'] as const

function row({ dn, kind, attribute, value, severity, code, says, instead }: AdFinding): readonly string[] {
  return [dn, kind, attribute, value, severity, code, says, instead === '' ? '(take it away)' : (instead ?? '')]
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new Failure('bad-input', `The export ${file} cannot be read.`, { cause: error })
  }
}
