import { readFile } from 'node:fs/promises'
import type { Context } from '../lib/context.ts'
import type { Destination } from '../destination/port.ts'
import { Failure } from '../model/failure.ts'
import { accessMethod, OWN_ACCESS, SIMULATED_ACCESS } from '../source/access.ts'
import type { AccessChoice } from '../source/access/method.ts'
import type { Source } from '../source/port.ts'
import { parseEndpointUrl, type EndpointUrl } from './endpoint-url.ts'
import { readMailboxList, type MailboxLine } from '../definition/mailbox-list.ts'
import type { Addresses, LoginsInput, SourceAddresses } from './operations.ts'
import type { DestinationOptions, MailboxLogin, SourceOptions, World } from './world.ts'

/** One mailbox of a run, with both of its ends. */
export type OpenMailbox = {
  readonly name: string
  readonly sourceLogin: string
  readonly target: string
  readonly batch: string | null
  readonly source: Source
  readonly destination: Destination
  /** What the ledger knows it by. */
  readonly identity: { readonly source: string; readonly destination: string; readonly name: string }
}

/** The sources alone, by the key that the ledger knows them by. */
export async function openSources(
  world: World,
  input: SourceAddresses,
  ctx: Context,
): Promise<readonly { readonly key: string; readonly name: string; readonly login: string; readonly source: Source }[]> {
  const from = parseEndpointUrl(input.source)
  const access = accessOf(input, from)
  const needs = { source: accessMethod(access).needsPasswords, target: false }
  const lines = only(await readMailboxList(input.mailboxesFile, input.env, needs), input.only)
  const sourceOf = await sources(world, from, input, ctx)
  return lines.map((line) => ({
    key: sourceKey(from, line),
    name: line.name,
    login: line.sourceLogin,
    source: sourceOf({ user: line.sourceLogin, password: line.sourcePassword, alias: line.alias, root: line.sourceRoot }),
  }))
}

/** The mailboxes of the list with the keys that the ledger knows their sources by, and how they are opened. Opens nothing. */
export async function listedMailboxes(
  input: SourceAddresses,
  needsPasswords: boolean,
  needsTargets = false,
): Promise<{
  readonly from: EndpointUrl
  readonly access: AccessChoice
  readonly mailboxes: readonly (MailboxLine & { readonly sourceKey: string })[]
}> {
  const from = parseEndpointUrl(input.source)
  const access = accessOf(input, from)
  const needs = { source: needsPasswords && accessMethod(access).needsPasswords, target: needsTargets }
  const lines = only(await readMailboxList(input.mailboxesFile, input.env, needs), input.only)
  return { from, access, mailboxes: lines.map((line) => ({ ...line, sourceKey: sourceKey(from, line) })) }
}

/** What the ledger knows a destination by. */
export function destinationKey(to: EndpointUrl, target: string): string {
  return `${keyOf(to)} ${target.toLowerCase()}`
}

/** One end of a mailbox, to be tried. */
export type Tried = {
  readonly login: string
  /** A password is at stake, of which servers count the wrong tries. */
  readonly byPassword: boolean
  look(ctx: Context): Promise<{ readonly messages: number }>
}

/** Both ends of each mailbox, or the source alone, to be tried. */
export async function openLogins(
  world: World,
  input: LoginsInput,
  ctx: Context,
): Promise<readonly { readonly name: string; readonly source: Tried; readonly destination: Tried | null }[]> {
  const byPassword = !accessMethod(accessOf(input, parseEndpointUrl(input.source))).usesTokens
  const { destination } = input
  if (destination === null)
    return (await openSources(world, input, ctx)).map(({ name, login, source }) => ({
      name,
      source: { login, byPassword, look: (ctx) => source.look(ctx) },
      destination: null,
    }))
  const toImap = parseEndpointUrl(destination).kind === 'imap'
  return (await openMailboxes(world, { ...input, destination }, ctx)).map((mailbox) => ({
    name: mailbox.name,
    source: { login: mailbox.sourceLogin, byPassword, look: (ctx) => mailbox.source.look(ctx) },
    destination: { login: mailbox.target, byPassword: toImap, look: (ctx) => mailbox.destination.look(ctx) },
  }))
}

/** Where nothing is said: Exchange Online takes no passwords, and the simulator's lets its own application in. */
function accessOf(input: SourceAddresses, from: EndpointUrl): AccessChoice {
  if (input.access !== undefined && input.access !== null) return input.access
  if (from.kind === 'imap') return OWN_ACCESS
  if (from.simulator !== null) return SIMULATED_ACCESS
  const how = '--access microsoft-app with --access-tenant, --access-client-id and --access-secret'
  throw new Failure('bad-input', `Exchange Online as a source takes no passwords: give ${how}, or --access oauth.`)
}

async function sources(world: World, from: EndpointUrl, input: SourceAddresses, ctx: Context): Promise<(login: MailboxLogin) => Source> {
  return world.sources(from, await sourceOptions(from, input), ctx)
}

/** How the mailboxes at a source are opened. */
export async function sourceOptions(from: EndpointUrl, input: SourceAddresses): Promise<SourceOptions> {
  const { stateDir, env, show } = input
  const nobody = (): void => {
    throw new Failure('bad-input', 'A person must sign in, and nobody is there to be asked.')
  }
  const caFile = from.kind === 'imap' ? (from.options.caFile ?? input.caFile) : input.caFile
  const cloud = from.kind === 'exchange' ? from.cloud : 'global'
  const options = { ca: await readCa(caFile), access: accessOf(input, from), cloud }
  return { ...options, stateDir, env, show: show ?? nobody, trees: input.trees ?? { others: false, public: false } }
}

/** What the ledger knows a source by. */
export function sourceKey(from: EndpointUrl, line: Pick<MailboxLine, 'sourceLogin' | 'sourceRoot'>): string {
  const tree = line.sourceRoot === null ? '' : ` ${line.sourceRoot}`
  return `${keyOf(from)} ${line.sourceLogin.toLowerCase()}${tree}`
}

/** Reads who moves from where to where. Everything that is wrong with the input is said before any server is asked. */
export async function openMailboxes(world: World, input: Addresses, ctx: Context): Promise<readonly OpenMailbox[]> {
  const from = parseEndpointUrl(input.source)
  const to = parseEndpointUrl(input.destination)
  const needs = { source: accessMethod(accessOf(input, from)).needsPasswords, target: to.kind === 'imap' }
  const lines = only(await readMailboxList(input.mailboxesFile, input.env, needs), input.only)
  const sourceOf = await sources(world, from, input, ctx)
  const destinationOf = await world.destinations(to, await destinationOptions(to, input), ctx)
  return lines.map((line) => ({
    name: line.name,
    sourceLogin: line.sourceLogin,
    target: line.target,
    batch: line.batch,
    source: sourceOf({ user: line.sourceLogin, password: line.sourcePassword, alias: line.alias, root: line.sourceRoot }),
    destination: destinationOf({ user: line.target, password: line.targetPassword }),
    identity: {
      source: sourceKey(from, line),
      destination: destinationKey(to, line.target),
      name: line.name,
    },
  }))
}

/** How the mailboxes at a destination are opened. */
export async function destinationOptions(to: EndpointUrl, input: Addresses): Promise<DestinationOptions> {
  const ca = to.kind === 'imap' && to.options.caFile !== null ? await readCa(to.options.caFile) : await readCa(input.caFile)
  const cloud = to.kind === 'exchange' && to.cloud !== 'global' ? to.cloud : input.cloud
  return { ca, identity: input.identity, cloud }
}

/** The part of an endpoint that makes it another place: the same server by another port or another way of TLS is the same. */
function keyOf(endpoint: EndpointUrl): string {
  if (endpoint.kind === 'imap') return `imap ${endpoint.host.toLowerCase()}${isLoopback(endpoint.host) ? `:${endpoint.port}` : ''}`
  return `exchange ${endpoint.simulator ?? endpoint.cloud}`
}

/** Several servers on one machine are told apart by their ports. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function only(lines: readonly MailboxLine[], wanted: readonly string[]): readonly MailboxLine[] {
  if (wanted.length === 0) return lines
  const matches = (line: MailboxLine, word: string): boolean =>
    [line.name, line.sourceLogin, line.target].some((value) => value.toLowerCase() === word.toLowerCase())
  const strangers = wanted.filter((word) => !lines.some((line) => matches(line, word)))
  if (strangers.length > 0) throw new Failure('bad-input', `No mailbox in the list is called ${strangers.join(', ')}.`)
  return lines.filter((line) => wanted.some((word) => matches(line, word)))
}

export async function readCa(file: string | null): Promise<string | null> {
  if (file === null) return null
  try {
    const text = await readFile(file, 'utf8')
    if (!text.includes('BEGIN CERTIFICATE'))
      throw new Failure('bad-input', `${file} holds no PEM certificate ("-----BEGIN CERTIFICATE-----").`)
    return text
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('bad-input', `The CA file ${file} cannot be read.`, { cause: error })
  }
}
