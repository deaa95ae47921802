import { isIP } from 'node:net'
import type { Exchanger, MailIn } from './assessment.ts'
import { MAIL_HOSTS } from './mail-hosts.ts'
import type { Found, Names } from './names.ts'
import { ownerOf } from './owners.ts'
import { isWithin } from './zone.ts'

/** Who receives mail for the domain (RFC 5321 §5.1, RFC 7505 for "nobody"). */
export async function mailIn(domain: string, names: Names): Promise<MailIn> {
  const { status, set } = await names.find(domain, 'MX')
  if (set === null) {
    if (status !== 'no-data' && status !== 'no-name') return { kind: 'unknown', ttlSeconds: null, exchangers: [] }
    const addresses = await addressesAt(domain, names)
    if (addresses.all.length === 0) return { kind: 'none', ttlSeconds: null, exchangers: [] }
    return { kind: 'implicit', ttlSeconds: addresses.ttlSeconds, exchangers: [await exchanger(domain, 0, domain, names)] }
  }
  const entries = set.data.map((one) => one.split(' ')).map(([preference, host]) => ({ preference: Number(preference), host: host ?? '.' }))
  if (entries.every(({ host }) => host === '.')) return { kind: 'null', ttlSeconds: set.ttlSeconds, exchangers: [] }
  const real = entries.filter(({ host }) => host !== '.').toSorted((a, b) => a.preference - b.preference)
  const exchangers = await Promise.all(real.map(({ host, preference }) => exchanger(host, preference, domain, names)))
  return { kind: 'mx', ttlSeconds: set.ttlSeconds, exchangers }
}

export async function addressesAt(
  name: string,
  names: Names,
): Promise<{ readonly all: readonly string[]; readonly found: readonly Found[]; readonly ttlSeconds: number | null }> {
  const found = await Promise.all((['A', 'AAAA'] as const).map((type) => names.find(name, type)))
  return {
    all: found.flatMap(({ set }) => set?.data ?? []),
    found,
    ttlSeconds: found.map(({ set }) => set?.ttlSeconds ?? null).find((ttl) => ttl !== null) ?? null,
  }
}

async function exchanger(host: string, preference: number, domain: string, names: Names): Promise<Exchanger> {
  const plain = { host, preference, inside: isWithin(host, domain), owner: ownerOf(host, MAIL_HOSTS)?.name ?? null }
  if (isIP(host) !== 0) return { ...plain, addresses: [], reverse: [], tlsa: [], problem: 'address' }
  const [{ all, found }, tlsa] = await Promise.all([addressesAt(host, names), names.find(`_25._tcp.${host}`, 'TLSA')])
  const reverse = await Promise.all(
    all.map(async (address) => (await names.find(reverseName(address), 'PTR')).others.map(({ data }) => String(JSON.parse(data)))),
  )
  const alias = found.some(({ aliases }) => aliases.length > 0)
  const answered = found.every(({ status }) => status === 'answer' || status === 'no-data' || status === 'no-name')
  return {
    ...plain,
    addresses: all,
    reverse: [...new Set(reverse.flat())],
    tlsa: tlsa.set?.data ?? [],
    problem: alias ? 'alias' : all.length > 0 ? null : answered ? 'no-address' : 'unanswered',
  }
}

/** The name under which an address is looked up backwards (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseName(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').toReversed().join('.')}.in-addr.arpa`
  const [head = '', tail] = address.split('::')
  const groups = (text: string): readonly string[] => (text === '' ? [] : text.split(':'))
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail ?? '')]
  const digits = all.map((group) => group.padStart(4, '0')).join('')
  return `${digits.split('').toReversed().join('.')}.ip6.arpa`
}
