import { PROFILES } from '../source/profiles.ts'
import { Failure } from '../model/failure.ts'
import { parseAutoconfig } from './autoconfig.ts'
import type { Lookups } from './lookups.ts'
import type { Encryption, Target } from './target.ts'

/** A place where the IMAP server may be. */
export type Candidate = {
  readonly host: string
  readonly port: number
  readonly tls: Encryption
  /** How we came upon it: "named by SRV _imaps._tcp.example.org". */
  readonly because: string
}

export type Found = {
  /** Best first, each place once. */
  readonly candidates: readonly Candidate[]
  /** What was learnt on the way, in sentences. */
  readonly notes: readonly string[]
}

const MOST_CANDIDATES = 10
/** Services that only filter or forward mail. */
const FILTERS = /\.(?:pphosted\.com|ppe-hosted\.com|mimecast\.[a-z.]+|barracudanetworks\.com|messagelabs\.com|mx\.cloudflare\.net)$/

/** Where the IMAP server of the target may be, best first: DNS and the web are asked, no mail server yet. Throws host-unknown where DNS is silent. */
export async function candidatesFor(target: Target, lookups: Lookups, signal: AbortSignal): Promise<Found> {
  if (target.kind === 'server') {
    const because = 'given'
    return { candidates: places(target.host, target.port, target.tls, because), notes: [] }
  }
  const { domain, address, kind } = target
  const answers = await Promise.allSettled([
    bySrv(domain, lookups, signal),
    byAutoconfig(domain, address, lookups, signal),
    byExchangers(domain, lookups, signal),
    byNames(kind === 'name' ? [domain, `imap.${domain}`, `mail.${domain}`] : [`imap.${domain}`, `mail.${domain}`, domain], lookups, signal),
  ])
  signal.throwIfAborted()
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  const [srv, autoconfig, exchangers, names] = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.candidates : []))
  const itself = kind === 'name' && (names ?? []).some((one) => one.host === domain) && (exchangers ?? []).length === 0
  const order = itself && looksLikeHost(domain) ? [names, srv, autoconfig, exchangers] : [srv, autoconfig, exchangers, names]
  const candidates = once(order.flatMap((each) => each ?? [])).slice(0, MOST_CANDIDATES)
  const notes = [
    ...found.flatMap((each) => each.notes),
    ...answers.flatMap((answer) => (answer.status === 'rejected' ? [saysOf(answer.reason)] : [])),
  ]
  if (candidates.length > 0) return { candidates, notes }
  const silent = answers.find((answer) => answer.status === 'rejected')
  if (silent !== undefined) throw silent.reason
  const says = `No IMAP server of ${domain} was found: no SRV record, no autoconfig file, no exchanger that we know, and no host named imap.${domain}, mail.${domain} or ${domain}.`
  throw new Failure('host-unknown', [says, ...notes].join(' '))
}

async function bySrv(domain: string, lookups: Lookups, signal: AbortSignal): Promise<Found> {
  const notes: string[] = []
  const ask = async (service: string, tls: Encryption): Promise<readonly Candidate[]> => {
    const name = `${service}.${domain}`
    const records = [...(await lookups.services(name, signal))].sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    return records.flatMap(({ host, port }) => {
      // RFC 6186 §3.4: a target of "." says that there is no such service
      if (host === '' || host === '.') notes.push(`${name} says that there is no such service.`)
      return host === '' || host === '.' ? [] : [{ host, port, tls, because: `named by the SRV record ${name}` }]
    })
  }
  const [implicit, starttls] = await Promise.all([ask('_imaps._tcp', 'implicit'), ask('_imap._tcp', 'starttls')])
  return { candidates: [...implicit, ...starttls], notes }
}

async function byAutoconfig(domain: string, address: string | null, lookups: Lookups, signal: AbortSignal): Promise<Found> {
  const query = address === null ? '' : `?emailaddress=${encodeURIComponent(address)}`
  const urls = [`https://autoconfig.${domain}/mail/config-v1.1.xml`, `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`]
  const texts = await Promise.all(urls.map((url) => lookups.text(`${url}${query}`, signal)))
  const candidates = texts.flatMap((text, at) => {
    const because = `named by ${urls[at] ?? ''}`
    return text === null ? [] : parseAutoconfig(text, domain).map((server) => ({ ...server, because }))
  })
  return { candidates, notes: [] }
}

async function byExchangers(domain: string, lookups: Lookups, signal: AbortSignal): Promise<Found> {
  const exchangers = [...(await lookups.mailExchangers(domain, signal))].sort((a, b) => a.priority - b.priority)
  const [first] = exchangers
  if (first === undefined) return { candidates: [], notes: [] }
  if (first.host === '' || first.host === '.') return { candidates: [], notes: [`${domain} says that it takes no mail (MX ".").`] }
  for (const { mx, imap } of PROFILES.flatMap((profile) => profile.exchangers ?? [])) {
    const match = mx.exec(first.host)
    if (match === null) continue
    const host = imap.replace('$1', match[1] ?? '')
    return { candidates: [{ host, port: 993, tls: 'implicit', because: `usual for the mail exchanger ${first.host}` }], notes: [] }
  }
  if (FILTERS.test(first.host))
    return { candidates: [], notes: [`Its mail goes first to a filter (${first.host}); the server with the mailboxes is behind it.`] }
  return { candidates: [], notes: [`Its mail goes to ${first.host}, which tells nothing about its IMAP server.`] }
}

async function byNames(hosts: readonly string[], lookups: Lookups, signal: AbortSignal): Promise<Found> {
  const existing = await Promise.all(
    hosts.map(async (host) => ((await lookups.addresses(host, signal)).length > 0 ? places(host, null, null, 'a usual name') : [])),
  )
  return { candidates: existing.flat(), notes: [] }
}

/** Both usual ports, or all ways on the one that was given. */
function places(host: string, port: number | null, tls: Encryption | null, because: string): readonly Candidate[] {
  if (port === null) {
    const usual = [
      { host, port: 993, tls: 'implicit', because },
      { host, port: 143, tls: 'starttls', because },
    ] as const
    return tls === null ? usual : usual.filter((one) => one.tls === tls)
  }
  if (tls !== null) return [{ host, port, tls, because }]
  const ways: readonly Encryption[] = port === 993 ? ['implicit', 'starttls'] : port === 143 ? ['starttls'] : ['implicit', 'starttls']
  return ways.map((way) => ({ host, port, tls: way, because }))
}

function once(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Map<string, Candidate>()
  for (const one of candidates) {
    const key = `${one.host} ${one.port} ${one.tls}`
    if (!seen.has(key)) seen.set(key, one)
  }
  return [...seen.values()]
}

function looksLikeHost(name: string): boolean {
  return /^(?:imap|mail|mx|smtp|pop|webmail|server|srv|host|secure|ssl|outlook)[0-9-]*\./.test(name) || name.split('.').length > 2
}

function saysOf(reason: unknown): string {
  if (reason instanceof Failure) return reason.message
  throw reason
}
