import type { Context } from '../../lib/context.ts'
import { Failure } from '../../model/failure.ts'
import { ask, type Answer, type QuestionType } from '../ask.ts'
import { SELECTOR_OWNERS } from '../assess/selectors.ts'
import type { DnsServer } from '../dns-tcp.ts'
import type { ZoneRef } from '../provider.ts'
import { presented, RECORD_TYPES, sameSet, type RecordSet } from '../record-set.ts'
import { unknownAt } from '../unknown-types.ts'
import { ANSWERED_AS, hostName, namecheapView, type NamecheapList } from './namecheap-hosts.ts'

/** Names that zones have, beside those that are known: what stands there and is not listed would be deleted. */
const USUAL = `www mail smtp imap pop webmail ftp autodiscover autoconfig _dmarc _mta-sts mta-sts _smtp._tls lyncdiscover sip
  enterpriseregistration enterpriseenrollment _sip._tls _sipfederationtls._tcp _autodiscover._tcp _imaps._tcp _imap._tcp _pop3s._tcp
  _submission._tcp _submissions._tcp default._bimi _acme-challenge _github-challenge _atproto vpn remote blog shop dev test api cpanel`
const AT_ONCE = 16

/**
 * What name servers serve of this zone and the list has not, each as a sentence: the list is not the whole zone then, and must not be
 * sent back. `own`: sets that a change of ours explains, as servers may still tell what was before, or already what comes.
 */
export async function servedButNotListed(
  zone: ZoneRef,
  list: NamecheapList,
  own: readonly RecordSet[],
  servers: readonly DnsServer[],
  ctx: Context,
): Promise<readonly string[]> {
  const server = await firstAnswering(zone, servers, ctx)
  const asks = (name: string, type: QuestionType): Promise<Answer> => answered(server, name, type, ctx)
  const explains = explainer(zone, list, own)
  const listed = new Set(list.hosts.map((host) => `${hostName(host, zone)} ${host.type}`))
  const signed = (await asks(zone.name, 'DNSKEY')).others.length > 0
  const found = signed ? [`${zone.name} DNSKEY: the zone is signed (DNSSEC)`] : []
  const under = (await asks(`_domainkey.${zone.name}`, 'TXT')).status !== 'no-name'
  const selectors = under ? SELECTOR_OWNERS.flatMap(({ names }) => names).map((one) => `${one}._domainkey`) : []
  const names = new Set([
    zone.name,
    ...list.hosts.map((host) => hostName(host, zone)),
    ...own.map(({ name }) => name),
    ...[...USUAL.split(/\s+/), ...selectors].map((one) => `${one}.${zone.name}`),
  ])
  const servedAt = (name: string): Promise<readonly string[]> => unexplainedAt(name, zone, server, asks, explains, ctx)
  const open = [...names].filter((name) => !name.startsWith('*.'))
  while (open.length > 0)
    found.push(...(await Promise.all(open.splice(0, AT_ONCE).map((name) => servedAt(name)))).flat().filter((one) => !listed.has(one)))
  return found
}

type Explains = (set: RecordSet) => readonly string[]

async function unexplainedAt(
  name: string,
  zone: ZoneRef,
  server: DnsServer,
  asks: (name: string, type: QuestionType) => Promise<Answer>,
  explains: Explains,
  ctx: Context,
): Promise<readonly string[]> {
  const first = await asks(name, 'TXT')
  if (first.status === 'no-name') return []
  const rest = RECORD_TYPES.filter((type) => type !== 'TXT' && !(type === 'NS' && name === zone.name))
  const answers = [first, ...(await Promise.all(rest.map((type) => asks(name, type))))]
  const sets = answers.flatMap((answer) => [...answer.sets, ...answer.referral.filter(({ type }) => type === 'NS')])
  const here = new Map(sets.filter((set) => set.name === name).map((set) => [set.type, set]))
  const unknown = await unknownAt(name, zone.name, server, ctx.signal)
  return [
    ...[...here.values()].flatMap((set) => explains(set).map((data) => `${name} ${set.type} ${presented(set.type, data)}`)),
    ...unknown.map(({ type }) => `${name} ${type}`),
  ]
}

/** The data of a set that nothing in the list explains. */
function explainer(zone: ZoneRef, list: NamecheapList, own: readonly RecordSet[]): Explains {
  const { sets } = namecheapView(list, zone)
  const known = [...sets, ...own]
  const listed = new Set(list.hosts.map((host) => hostName(host, zone)))
  const standsFor = new Set(list.hosts.flatMap((host) => (ANSWERED_AS[host.type] ?? []).map((type) => `${hostName(host, zone)} ${type}`)))
  return (set) => {
    const above = listed.has(set.name) ? [] : ancestors(set.name, zone.name).map((parent) => `*.${parent}`)
    const places = [set.name, ...above]
    if (places.some((name) => standsFor.has(`${name} ${set.type}`))) return []
    return set.data.filter(
      (data) =>
        !places.some((name) =>
          known.some((one) => one.name === name && one.type === set.type && one.data.some((each) => same(set, data, each))),
        ),
    )
  }
}

function same({ name, type, ttlSeconds }: RecordSet, one: string, other: string): boolean {
  return sameSet({ name, type, ttlSeconds, data: [one] }, { name, type, ttlSeconds, data: [other] })
}

function ancestors(name: string, zone: string): readonly string[] {
  const labels = name.split('.')
  return labels.flatMap((_, index) => {
    const parent = labels.slice(index + 1).join('.')
    return parent === zone || parent.endsWith(`.${zone}`) ? [parent] : []
  })
}

async function firstAnswering(zone: ZoneRef, servers: readonly DnsServer[], ctx: Context): Promise<DnsServer> {
  for (const server of servers) {
    const { status } = await ask(server, zone.name, 'TXT', { signal: ctx.signal })
    if (status === 'answer' || status === 'no-data') return server
  }
  const says = `No name server of ${zone.name} says what it serves, so that the list of Namecheap cannot be compared with it. Nothing was sent.`
  throw new Failure('server-unavailable', says, { notDone: true })
}

/** A question without an answer proves nothing. */
async function answered(server: DnsServer, name: string, type: QuestionType, ctx: Context): Promise<Answer> {
  const answer = await ask(server, name, type, { signal: ctx.signal })
  if (answer.status !== 'silent' && answer.status !== 'server-failed' && answer.status !== 'refused') return answer
  const says = `The name server ${server.address} gives no answer about ${name} ${type}. Nothing was sent to Namecheap.`
  throw new Failure('server-unavailable', says, { notDone: true })
}
