import type { Definition } from '../definition/definition.ts'
import { readFile } from 'node:fs/promises'
import { Failure } from '../model/failure.ts'
import type { AccessChoice } from '../source/access/method.ts'
import { USUAL, type SwitchSettings } from '../switch/settings.ts'
import type { MailflowInput } from './mailflow.ts'
import type { SourceAddresses } from './operations.ts'
import type { SwitchInput } from './switch-open.ts'

export type DefinedSource = Pick<SourceAddresses, 'source' | 'access' | 'trees' | 'caFile'>

/** The old mailboxes that a definition names; null: it names none. Reads the secret and the certificate of its access, unless they are not wanted; throws `bad-input`. */
export async function definedSource(
  definition: Definition,
  { access = true }: { readonly access?: boolean } = {},
): Promise<DefinedSource | null> {
  const { source, switch: also } = definition.sections
  if (source?.url === undefined) return null
  const { others = false, public: isPublic = false, folders = [] } = source.trees ?? {}
  return {
    source: source.url,
    access: access ? await accessIn(definition) : null,
    trees: { others, public: isPublic, folders },
    caFile: fileIn(definition, source.ca_file ?? also?.ca_file),
  }
}

async function accessIn(definition: Definition): Promise<AccessChoice | null> {
  const access = definition.sections.source?.access
  if (access === undefined) return null
  return {
    kind: access.method,
    login: access.login ?? null,
    secret: access.secret === undefined ? null : await definition.secret(['source', 'access', 'secret'], access.secret),
    template: access.template ?? null,
    tenant: access.tenant ?? null,
    clientId: access.client_id ?? null,
    certificatePem:
      access.certificate === undefined ? null : await textOf(definition, ['source', 'access', 'certificate'], access.certificate),
    way: access.mechanism ?? null,
  }
}

async function textOf(definition: Definition, path: readonly string[], name: string): Promise<string> {
  try {
    return await readFile(definition.file(name), 'utf8')
  } catch (cause) {
    throw new Failure('bad-input', `${definition.position(path)}: ${path.join('.')}: the file "${name}" cannot be read.`, { cause })
  }
}

export type DefinedMail = SwitchInput['mail'] & Pick<MailflowInput, 'second' | 'unmoved' | 'aliases' | 'groups'>

/** What is known of mail hosts and of test mailboxes; what the definition does not name is null, [] or `unknown`. Reads the password of the mailbox outside, unless it is not wanted. */
export async function definedMail(
  definition: Definition,
  { reflector = true }: { readonly reflector?: boolean } = {},
): Promise<DefinedMail> {
  const { source, switch: named } = definition.sections
  return {
    user: named?.user ?? null,
    second: named?.second ?? null,
    unmoved: named?.unmoved ?? null,
    aliases: (named?.aliases ?? []).map(({ address, mailbox }) => `${address}=${mailbox}`),
    groups: (named?.groups ?? []).map(({ address, member }) => `${address}=${member}`),
    reflector: reflector ? await reflectorIn(definition) : null,
    oldMx: source?.old_mx ?? null,
    oldRouting: source?.old_routing ?? 'unknown',
    sender: named?.sender ?? null,
    helo: named?.helo ?? null,
    ports: named?.ports ?? [],
    resolvers: named?.resolvers ?? [],
    caFile: fileIn(definition, named?.ca_file ?? source?.ca_file),
  }
}

async function reflectorIn(definition: Definition): Promise<SwitchInput['mail']['reflector']> {
  const { reflector } = definition.sections.switch ?? {}
  if (reflector === undefined) return null
  const { address, login = address, imap = null, smtp = null, secret } = reflector
  return { address, login, password: await definition.secret(['switch', 'reflector', 'secret'], secret), imapUrl: imap, smtpUrl: smtp }
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]

/** How long is waited for what; the usual where the definition says nothing. */
export function definedSettings(definition: Definition): SwitchSettings {
  const named = definition.sections.switch
  if (named === undefined) return USUAL
  return {
    ...USUAL,
    marginMs: named.margin_hours * HOUR,
    quietMs: named.quiet_hours * HOUR,
    tailMs: named.tail_days * DAY,
    lagMs: named.lag_minutes * MINUTE,
  }
}

function fileIn(definition: Definition, name: string | undefined): string | null {
  return name === undefined ? null : definition.file(name)
}
