import { Failure } from '../../model/failure.ts'
import { absoluteName, relativeName, utf8Bytes, utf8Text } from '../presentation.ts'
import type { Opaque, ZoneRef, ZoneView } from '../provider.ts'
import { canonicalData, canonicalSet, type RecordSet, type RecordType } from '../record-set.ts'
import type { Swap } from '../update-message.ts'
import { at, type Element } from '../xml.ts'

/** One record as Namecheap lists it, to the letter. */
export type NamecheapHost = {
  readonly name: string
  readonly type: string
  readonly address: string
  readonly mxPref: string
  readonly ttl: string
  /** Switched off, or an address that a program keeps up to date: what becomes of that when the list is sent back nobody says. */
  readonly special: 'inactive' | 'dynamic' | null
}
/** The whole zone. `emailType`: '' where it was not told. */
export type NamecheapList = { readonly hosts: readonly NamecheapHost[]; readonly emailType: string; readonly text: string }

export const NAMECHEAP_TYPES: readonly RecordType[] = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'CAA']
/** Types that name servers answer as others. */
export const ANSWERED_AS: Readonly<Record<string, readonly RecordType[]>> = {
  URL: ['A', 'AAAA'],
  URL301: ['A', 'AAAA'],
  FRAME: ['A', 'AAAA'],
  ALIAS: ['A', 'AAAA'],
  MXE: ['MX'],
}

export function hostsIn(result: Element): readonly NamecheapHost[] {
  return [...at(result, 'host'), ...at(result, 'Host')].map(({ attributes: of }) => ({
    name: of['Name'] ?? '',
    type: of['Type'] ?? '',
    address: of['Address'] ?? '',
    mxPref: of['MXPref'] ?? '',
    ttl: of['TTL'] ?? '',
    special: of['IsActive'] === 'false' ? 'inactive' : of['IsDDNSEnabled'] === 'true' ? 'dynamic' : null,
  }))
}

/** The apex comes as `@`, and in some lists by its whole name. */
export function hostName({ name }: Pick<NamecheapHost, 'name'>, zone: ZoneRef): string {
  return name.toLowerCase() === zone.name ? zone.name : absoluteName(name, zone.name)
}

export function namecheapView({ hosts, emailType }: NamecheapList, zone: ZoneRef): ZoneView {
  const sets = new Map<string, RecordSet>()
  const opaque: Opaque[] = []
  if (emailType !== 'MX')
    opaque.push({
      name: zone.name,
      type: 'MX',
      says: `Namecheap makes the MX itself (mail settings ${emailType || 'unknown'}): choose "Custom MX" in the panel first, with the present MX`,
    })
  for (const host of hosts) {
    const name = hostName(host, zone)
    const type = NAMECHEAP_TYPES.find((one) => one === host.type)
    if (type === undefined) {
      const as = ANSWERED_AS[host.type] ?? [host.type]
      opaque.push(...as.map((each) => ({ name, type: each, says: `it is a record of the type ${host.type}, which only Namecheap knows` })))
      continue
    }
    const key = `${name} ${type}`
    const same = sets.get(key)
    const ttlSeconds = Math.min(Number(host.ttl), same?.ttlSeconds ?? Infinity)
    sets.set(key, canonicalSet({ name, type, ttlSeconds, data: [...(same?.data ?? []), dataOf(type, host)] }))
  }
  return { sets: [...sets.values()], opaque }
}

function dataOf(type: RecordType, { name, address, mxPref }: NamecheapHost): string {
  if (type === 'TXT') return utf8Bytes(address)
  try {
    return canonicalData(type, type === 'MX' ? `${mxPref} ${address}` : address)
  } catch (cause) {
    throw new Failure('answer-unreadable', `Namecheap has a record at ${name} (${type}) that cannot be read.`, { cause, notDone: true })
  }
}

/** The list with the swaps done: what no swap names stays where it is, to the letter. */
export function hostsAfter(hosts: readonly NamecheapHost[], swaps: readonly Swap[], zone: ZoneRef): readonly NamecheapHost[] {
  const done = new Set<string>()
  const kept = hosts.flatMap((host) => {
    const swap = swaps.find(({ name, type }) => host.type === type && hostName(host, zone) === name)
    if (swap === undefined) return [host]
    const data = dataOf(swap.type, host)
    const key = `${swap.name} ${swap.type} ${data}`
    if (swap.after?.data.includes(data) !== true || done.has(key)) return []
    done.add(key)
    return [{ ...host, ttl: String(swap.after.ttlSeconds) }]
  })
  const made = swaps.flatMap(({ name, type, after }) =>
    after === null ? [] : after.data.filter((data) => !done.has(`${name} ${type} ${data}`)).map((data) => hostOf(after, data, zone)),
  )
  return [...kept, ...made]
}

function hostOf({ name, type, ttlSeconds }: RecordSet, data: string, zone: ZoneRef): NamecheapHost {
  const rest = { name: relativeName(name, zone.name), type, ttl: String(ttlSeconds), special: null }
  const [preference = '10', exchange = ''] = data.split(' ')
  if (type === 'MX') return { ...rest, address: `${exchange}.`, mxPref: preference }
  return { ...rest, address: type === 'TXT' ? utf8Text(data) : type === 'CNAME' ? `${data}.` : data, mxPref: '10' }
}

/** What is sent: every record, since what is not sent is deleted; and the mail settings, which are reset otherwise. */
export function namecheapForm(hosts: readonly NamecheapHost[], emailType: string): Readonly<Record<string, string>> {
  const fields = hosts.flatMap(({ name, type, address, mxPref, ttl }, index): [string, string][] => {
    const number = index + 1
    return [
      [`HostName${number}`, name],
      [`RecordType${number}`, type],
      [`Address${number}`, address],
      [`MXPref${number}`, mxPref],
      [`TTL${number}`, ttl],
    ]
  })
  return { ...Object.fromEntries(fields), EmailType: emailType }
}

/** Every record as one line, in a fixed order, however it was written: to compare two lists by. */
export function namecheapLines(hosts: readonly NamecheapHost[], zone: ZoneRef): readonly string[] {
  return hosts
    .map((host) => {
      const type = NAMECHEAP_TYPES.find((one) => one === host.type)
      return `${hostName(host, zone)}. ${host.ttl} ${host.type} ${type === undefined ? host.address : dataOf(type, host)}`
    })
    .toSorted()
}
