import { lookup, resolveNs } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { ask } from './ask.ts'
import type { DnsServer } from './dns-tcp.ts'
import type { Settings } from './provider.ts'
import type { RecordSet } from './record-set.ts'
import { optional } from './settings.ts'

/** What this server itself says; null: it has no such set. Throws `server-unavailable` where it says nothing. */
export async function servedSet(server: DnsServer, name: string, type: RecordSet['type'], ctx: Context): Promise<RecordSet | null> {
  const answer = await ask(server, name, type, { signal: ctx.signal })
  if (answer.status === 'silent' || answer.status === 'server-failed' || answer.status === 'refused')
    throw new Failure('server-unavailable', `The name server ${server.address} gives no answer about ${name} ${type}.`, { notDone: true })
  return answer.sets.find((set) => set.name === name && set.type === type) ?? null
}

/** These places, else the name servers of the delegation as this machine's resolver tells them; each by its first address. */
export async function serversOf(zone: string, places: readonly DnsServer[]): Promise<readonly DnsServer[]> {
  try {
    const given = places.length > 0 ? places : (await resolveNs(zone)).map((address) => ({ address, port: 53 }))
    return await Promise.all(given.map(located))
  } catch (cause) {
    throw new Failure('host-unknown', `The name servers of ${zone} cannot be found.`, { cause, notDone: true })
  }
}

export async function located({ address, port }: DnsServer): Promise<DnsServer> {
  return { address: isIP(address) === 0 ? (await lookup(address)).address : address, port }
}

/** Name servers in a setting: `ns1.example.org, 192.0.2.53:53`. Throws `bad-input`. */
export function placesIn(settings: Settings, key: string): readonly DnsServer[] {
  return optional(settings, key)
    .split(/[\s,;]+/)
    .filter((one) => one !== '')
    .map(placeOf)
}

function placeOf(given: string): DnsServer {
  if (isIP(given) !== 0) return { address: given, port: 53 }
  const [, bracketed, plain, port = '53'] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(given) ?? []
  const address = bracketed ?? plain
  if (address === undefined || Number(port) > 65_535)
    throw new Failure('bad-input', `"${given}" is no name server: write ns1.example.org or 192.0.2.53:53.`)
  return { address, port: Number(port) }
}
