import { join } from 'node:path'
import { readDefinition } from '../definition/definition.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { systemReading } from '../switch/clocks.ts'
import type { LogOptions } from '../switch/open-log.ts'
import type { SwitchSettings } from '../switch/settings.ts'
import { definedSettings } from './defined.ts'
import { openDomains, type OpenDomain } from './dns-open.ts'
import type { DnsSite } from '../dns/plan/hands.ts'
import type { MailAccount } from './mailflow.ts'
import type { Addresses, CloudName, ExchangeIdentity, SourceAddresses } from './operations.ts'
import { identityIn } from './tenant-access.ts'
import type { TenantInput } from './tenant-open.ts'
import { withDefined } from './switch-defined.ts'
import { domainPeople, type DomainPeople } from './switch-people.ts'
import type { TenantDoor, World } from './world.ts'

/** Which domain, by which definition, and what the looks need to know that stands in no definition. */
export type SwitchInput = Omit<TenantInput, 'onRead'> & {
  readonly domain: string
  /** The old mailboxes, as for `copy`; null: they are not known, and nothing can be copied. */
  readonly source: Pick<SourceAddresses, 'source' | 'access' | 'trees'> | null
  /** How those are opened that the definition names; absent or null: as it says. */
  readonly access?: SourceAddresses['access']
  readonly mail: {
    /** A mailbox of the tenant that test messages go to and come from. */
    readonly user: string | null
    readonly reflector: MailAccount | null
    /** `mx.old.example`, or `mx.old.example=192.0.2.1`; null: the host that MX names before the switch. */
    readonly oldMx: string | null
    /** As a person has set it there. */
    readonly oldRouting: 'local' | 'auto' | 'elsewhere' | 'unknown'
    readonly sender: string | null
    readonly helo: string | null
    readonly ports: readonly string[]
    /** [] for three well-known ones. */
    readonly resolvers: readonly string[]
    readonly caFile: string | null
  }
}

/** A switch with all that its hands reach for; opened once for each run. */
export type OpenSwitch = {
  readonly world: World
  readonly input: SwitchInput
  readonly ctx: Context
  readonly wanted: OpenDomain['wanted']
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
  readonly service: string | null
  readonly mailboxesFile: string | null
  readonly settings: SwitchSettings
  /** Throws where the host of DNS cannot be reached. */
  site(): Promise<DnsSite>
  door(): Promise<TenantDoor>
  /** Throws `bad-input` where the old mailboxes or the list are not named. */
  addresses(): Promise<Addresses>
  /** Who has an address in the domain; read again each time, as a list grows. */
  people(): Promise<DomainPeople>
}

/** Reads the definition. Asks nobody yet. */
export async function openSwitch(world: World, given: SwitchInput): Promise<OpenSwitch> {
  const definition = await readDefinition(given.definitionFile, given.env, { secrets: given.identity === null })
  const input = await withDefined(given, definition)
  const dns = { ...input, domains: [input.domain] }
  const zones = (): ReturnType<typeof openDomains> =>
    openDomains({ ...world, clock: world.signingClock ?? world.clock }, dns, { secrets: input.identity === null })
  const { chosen } = await zones()
  const ctx: Context = { clock: world.clock, log: world.log, signal: input.signal }
  const [first] = chosen
  if (first === undefined) throw new Failure('bad-input', `${definition.fileName} has no domain ${input.domain}.`)
  const identity = input.identity ?? identityIn(definition.tenant, input.show)
  const cloud = input.cloud ?? definition.tenant.cloud
  const service = input.service ?? definition.tenant.service
  const mailboxesFile = input.mailboxesFile ?? definition.mailboxesFile
  let door: Promise<TenantDoor> | null = null
  let opened: OpenDomain = first
  const people = (): Promise<DomainPeople> => domainPeople(definition, { mailboxesFile, env: input.env, domain: first.wanted.domain })
  return {
    world,
    input,
    ctx,
    wanted: first.wanted,
    identity,
    cloud,
    service,
    mailboxesFile,
    settings: definedSettings(definition),
    async site() {
      // One that could not be opened is tried again: the run may be days long.
      if ('failure' in opened) opened = (await zones()).chosen[0] ?? opened
      if ('failure' in opened) throw opened.failure
      return opened.site
    },
    door: () => {
      door ??= world.tenant(identity, cloud, service, ctx)
      const current = door
      current.catch(() => {
        door = null
      })
      return current
    },
    async addresses() {
      const { source, env, stateDir, show } = input
      if (source === null || mailboxesFile === null)
        throw new Failure(
          'bad-input',
          source === null
            ? `Where are the old mailboxes? Give --source, or source: url in ${definition.fileName}.`
            : 'Whose mailboxes move? Give --mailboxes, or name the list in the definition.',
          { notDone: true },
        )
      const { moving } = await people()
      if (moving?.length === 0) throw new Failure('bad-input', 'Nobody moves: all of the list stay at the old side.', { notDone: true })
      const destination = service === null ? 'exchange:' : `exchange:${service}`
      return { ...source, destination, mailboxesFile, stateDir, caFile: input.mail.caFile, only: moving ?? [], env, show, identity, cloud }
    },
    people,
  }
}

/** Where the log of a domain is kept. */
export function logOptions(world: World, { stateDir, domain }: Pick<SwitchInput, 'stateDir' | 'domain'>): LogOptions {
  const name = domain.trim().toLowerCase().replace(/\.$/, '')
  if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(name))
    throw new Failure('bad-input', `"${domain}" is no domain: write it like example.org, names with umlauts as xn--….`)
  return { directory: join(stateDir, 'switch', name), domain: name, reading: world.reading ?? systemReading }
}
