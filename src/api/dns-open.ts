import { dirname, join } from 'node:path'
import { openJournal, readJournal, type JournalOptions } from '../change/open-journal.ts'
import type { Journal } from '../change/journal.ts'
import { readDefinition, type Definition } from '../definition/definition.ts'
import { secretAt } from '../definition/secret-place.ts'
import { wantedDns } from '../definition/wanted-dns.ts'
import { asking } from '../dns/assess/outside.ts'
import { dnsServer } from '../dns/assess/system-outside.ts'
import { findZone } from '../dns/assess/zone.ts'
import type { DnsCall } from '../dns/plan/changes.ts'
import type { DnsSite } from '../dns/plan/hands.ts'
import { hostOf } from '../dns/plan/host-settings.ts'
import type { ZoneRef } from '../dns/provider.ts'
import { zoneFor } from '../dns/zone-choice.ts'
import type { Clock } from '../lib/clock.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { WantedDns } from '../model/wanted-dns.ts'
import type { TenantInput } from './tenant-open.ts'
import type { World } from './world.ts'

export type DnsInput = TenantInput & {
  /** The only domains wanted; empty: all of the definition. One that it does not have is `bad-input`. */
  readonly domains: readonly string[]
}

/** A domain with the host of its DNS; `failure`: its zone could not be opened. */
export type OpenDomain = { readonly wanted: WantedDns; readonly site: DnsSite } | { readonly wanted: WantedDns; readonly failure: Failure }

export type OpenDomains = {
  readonly definition: Definition
  readonly ctx: Context
  /** Those that were asked for. */
  readonly chosen: readonly OpenDomain[]
  /** Of all domains of the definition that could be opened: what an earlier run began may be about others. */
  readonly sites: readonly DnsSite[]
}

/** Reads the definition and opens the zones of its domains. All that is wrong with the file comes in one `Failure('bad-input')`. */
export async function openDomains(world: World, input: DnsInput, { secrets }: { readonly secrets: boolean }): Promise<OpenDomains> {
  const definition = await readDefinition(input.definitionFile, input.env, { secrets })
  const wanted = wantedDns(definition)
  const names = input.domains.map((one) => one.trim().toLowerCase().replace(/\.$/, ''))
  const strange = names.find((name) => !wanted.some(({ domain }) => domain === name))
  if (strange !== undefined)
    throw new Failure(
      'bad-input',
      `"${strange}" is not among the domains of ${definition.fileName}: ${wanted.map(({ domain }) => domain).join(', ')}.`,
    )
  const ctx: Context = { clock: world.clock, log: world.log, signal: input.signal }
  const places = { directory: dirname(input.definitionFile), env: input.env }
  const hosts = await Promise.all(wanted.map(async (one) => ({ one, ...(await hostOf(one, (place) => secretAt(place, places))) })))
  const open = await Promise.all(
    hosts.map(async ({ one, provider, settings }): Promise<OpenDomain> => {
      try {
        const zones = provider.open(settings, ctx)
        const zone = await zoneOf(one, await zones.list())
        return { wanted: one, site: { domain: one.domain, provider, zones, zone } }
      } catch (error) {
        input.signal.throwIfAborted()
        if (!(error instanceof Failure)) throw error
        return { wanted: one, failure: error }
      }
    }),
  )
  const asked = names.length === 0 ? open : open.filter((one) => names.includes(one.wanted.domain))
  return { definition, ctx, chosen: asked, sites: open.flatMap((one) => ('site' in one ? [one.site] : [])) }

  /** Of several zones with the same name the one that the domain is delegated to. */
  async function zoneOf(one: WantedDns, all: readonly ZoneRef[]): Promise<ZoneRef> {
    const isOnly = all.filter(({ name }) => one.domain === name || one.domain.endsWith(`.${name}`)).length < 2
    if (isOnly) return zoneFor(one.domain, all, [])
    const outside = await world.dnsOutside({ servers: serversIn(one), resolvers: [], dnsOnly: true, cloud: definition.tenant.cloud }, ctx)
    const found = await findZone(one.domain, outside, asking(outside, ctx.clock, ctx.signal))
    return zoneFor(one.domain, all, 'missing' in found ? [] : (found.parentNameServers ?? found.nameServers))
  }
}

/** The servers that a definition names by their addresses. */
export function serversIn({ nameServers, where, domain }: WantedDns): readonly NonNullable<ReturnType<typeof dnsServer>>[] {
  return nameServers.map((text) => {
    const server = dnsServer(text)
    if (server === null)
      throw new Failure(
        'bad-input',
        `${where}: name_servers of ${domain}: "${text}" is no address: write it like 192.0.2.53 or 192.0.2.53:5353.`,
      )
    return server
  })
}

/** What was kept of a state directory about DNS. */
export function dnsDirectory(stateDir: string): string {
  return join(stateDir, 'dns')
}

type JournalPlace = Pick<DnsInput, 'stateDir' | 'env'>

/** What was done to the records from this state directory, for this process alone. `tenant`: null for whichever it is. */
export function dnsJournal(clock: Clock, place: JournalPlace, tenant: string | null): Journal<DnsCall> {
  return openJournal<DnsCall>(journalOptions(clock, place, tenant))
}

/** The same to look into; null where nothing was ever done. */
export function dnsJournalToRead(clock: Clock, place: JournalPlace): Journal<DnsCall> | null {
  return readJournal<DnsCall>(journalOptions(clock, place, null))
}

function journalOptions(clock: Clock, { stateDir, env }: JournalPlace, system: string | null): JournalOptions {
  const key = env['CUTOVER_STATE_KEY']
  return {
    directory: dnsDirectory(stateDir),
    system,
    sealKey: key === undefined || key === '' ? null : new Secret(key),
    now: () => clock.now(),
  }
}
