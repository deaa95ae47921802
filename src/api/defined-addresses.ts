import { readDefinition, type Definition } from '../definition/definition.ts'
import { readMailboxList } from '../definition/mailbox-list.ts'
import { stayingNames, stays } from '../definition/staying.ts'
import { Failure } from '../model/failure.ts'
import type { AccessChoice } from '../source/access/method.ts'
import { definedSource } from './defined.ts'
import type { CloudName, ExchangeIdentity } from './operations.ts'
import { identityIn } from './tenant-access.ts'

export type DefinedAddressesInput = {
  readonly definitionFile: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Tells a person what to do to sign in. */
  readonly show: (message: string) => void
  /** What is given beside it. Secrets that are then not needed are not looked for. */
  readonly given: {
    readonly source: string | null
    readonly mailboxes?: string | null
    readonly access: boolean
    readonly identity: boolean
  }
}

/** Both ends as a definition names them; null where it does not. */
export type DefinedAddresses = {
  readonly fileName: string
  readonly source: string | null
  readonly access: AccessChoice | null
  readonly trees: { readonly others: boolean; readonly public: boolean; readonly folders: readonly string[] }
  readonly caFile: string | null
  readonly mailboxesFile: string | null
  /** The only mailboxes that move now, by their names in the list; []: all of it. */
  readonly only: readonly string[]
  /** Exchange Online, or the simulator that stands in for it. */
  readonly destination: string
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
}

/** Reads the definition. Its access is never told for another server than the one it stands beside. Throws `bad-input`. */
export async function definedAddresses({ definitionFile, env, show, given }: DefinedAddressesInput): Promise<DefinedAddresses> {
  const definition = await readDefinition(definitionFile, env, { secrets: !given.identity })
  const mailboxesFile = given.mailboxes ?? definition.mailboxesFile
  const { url = null } = definition.sections.source ?? {}
  const isItsOwn = given.source === null || given.source === url
  const source = await definedSource(definition, { access: isItsOwn && !given.access })
  const { service, cloud } = definition.tenant
  const { others = false, public: isPublic = false, folders = [] } = source?.trees ?? {}
  return {
    fileName: definition.fileName,
    source: url,
    access: source?.access ?? null,
    trees: { others, public: isPublic, folders },
    caFile: source?.caFile ?? null,
    mailboxesFile,
    only: await movingOf(definition, mailboxesFile, env),
    destination: service === null ? 'exchange:' : `exchange:${service}`,
    identity: given.identity ? null : identityIn(definition.tenant, show),
    cloud,
  }
}

async function movingOf(definition: Definition, list: string | null, env: DefinedAddressesInput['env']): Promise<readonly string[]> {
  if (list === null || stayingNames(definition).size === 0) return []
  const lines = await readMailboxList(list, env, { source: false, target: false, tenantOnly: true })
  const isStaying = stays(definition)
  const names = lines.filter((line) => !isStaying(line)).map(({ name }) => name)
  if (names.length === 0)
    throw new Failure('bad-input', `Nobody moves: all of the list stay at the old side (${definition.fileName}, switch: staying).`)
  return names.length === lines.length ? [] : names
}
