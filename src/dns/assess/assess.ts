import { randomBytes } from 'node:crypto'
import type { Context } from '../../lib/context.ts'
import { canonicalName, type RecordSet } from '../record-set.ts'
import { spfSteps } from '../spf/tree.ts'
import type { Assessment, Dnssec } from './assessment.ts'
import { clientsOf, distinct } from './clients.ts'
import type { Seen } from './finding.ts'
import { findingsOf } from './findings.ts'
import { isName } from './is-name.ts'
import { hostsOf, sendersOf } from './hosts.ts'
import { mailIn } from './mail-in.ts'
import { mtaStsOf } from './mta-sts.ts'
import { namesOf, type Found, type Names } from './names.ts'
import { organisationalDomain } from './organisational-domain.ts'
import { asking, type Asking, type Outside } from './outside.ts'
import { selectorsToTry } from './selectors.ts'
import { dkimOf, dmarcOf, sameAnswer, spfOf } from './sending.ts'
import { disagreementsAt, recordsIn } from './records.ts'
import { findZone, isWithin } from './zone.ts'

export type AssessOptions = {
  /** Selectors of DKIM that are known from mail, beside those that are guessed. */
  readonly selectors: readonly string[]
  /** Names below the domain whose MX is looked at, too. */
  readonly names: readonly string[]
  /** The tenant that the domain is to be in; null where it is not known. */
  readonly tenantId: string | null
}

/**
 * Everything about the mail of one domain, from the servers that are responsible for it. Changes nothing, and asks no resolver for a
 * name that may be made later: it would remember for a while that there is none. Throws `bad-input` for what is no domain.
 */
export async function assess(domainText: string, outside: Outside, options: AssessOptions, ctx: Context): Promise<Assessment> {
  const domain = canonicalName(domainText)
  const asks = asking(outside, ctx.clock, ctx.signal)
  const zone = await findZone(domain, outside, asks)
  const zones = 'apex' in zone ? [zone] : []
  const registered = organisationalDomain(domain)
  if ('apex' in zone && !isWithin(registered, zone.apex) && outside.given.length === 0) {
    const upper = await findZone(registered, outside, asks)
    if ('apex' in upper) zones.push(upper)
  }
  if (zones.length === 0) return judged({ ...NOTHING, domain, atMs: ctx.clock.now(), zone }, options, asks)
  const names = namesOf(zones, outside, asks)
  const random = [1, 2].map(() => `x${randomBytes(8).toString('hex')}`)
  const wild = await wildcards(domain, random, names)
  const txt = await names.find(domain, 'TXT')
  const [mail, spf, dmarc, dkim, mtaSts, clients, apex, tenant, dnssec] = await Promise.all([
    mailIn(domain, names),
    spfOf(domain, txt, names),
    dmarcOf(domain, names),
    dkimOf(domain, selectorsToTry(ctx.clock.now(), options.selectors), random[0] ?? 'x', names),
    mtaStsOf(domain, names, outside, ctx.signal),
    clientsOf(domain, wild.found, names, outside, ctx.signal),
    names.find(domain, 'A'),
    outside.tenantOf?.(domain, ctx.signal) ?? null,
    dnssecOf(zone, asks, names),
    ...OTHERS.map(([label, type]) => names.find(`${label}${domain}`, type)),
  ])
  const subdomainMail = await belowMail(domain, [...options.names, ...named(clients.services, spf.trees)], wild.found, names)
  const disagreements = await disagreementsAt(domain, names)
  const records = recordsIn(domain, asks.evidence, wild.sets, zones, random)
  const alias = apex.aliases[0]
  const apexAlias = alias?.name === domain ? (alias.data[0] ?? null) : null
  const seen = { domain, atMs: ctx.clock.now(), zone, cuts: names.cuts, dnssec, mail, spf, dmarc, dkim, mtaSts, clients, tenant }
  return judged({ ...seen, wildcard: wild.sets, apexAlias, subdomainMail, records, disagreements }, options, asks)
}

function judged(seen: Seen, options: AssessOptions, asks: Asking): Assessment {
  const known = { ...seen, hosts: hostsOf(seen), senders: sendersOf(seen) }
  return { ...known, findings: findingsOf(known, options), evidence: asks.evidence }
}

/** What is told beside all that has a place of its own. */
const OTHERS = [
  ['', 'CAA'],
  ['', 'AAAA'],
  ['_smtp._tls.', 'TXT'],
  ['default._bimi.', 'TXT'],
] as const

const NOTHING: Omit<Seen, 'domain' | 'atMs' | 'zone'> = {
  cuts: [],
  dnssec: { state: 'unknown', validated: false },
  mail: { kind: 'unknown', ttlSeconds: null, exchangers: [] },
  spf: { records: [], trees: [], oldType: false },
  dmarc: { at: null, records: [], policy: null, alias: false, reportsTo: [], withoutConsent: [] },
  dkim: [],
  mtaSts: { record: null, alias: null, policy: null, problem: null },
  clients: { autodiscover: [], autoconfig: [], services: [], hosts: [], pages: [] },
  wildcard: [],
  apexAlias: null,
  subdomainMail: [],
  tenant: null,
  records: [],
  disagreements: [],
}
/** What names answer that nobody made: two, as one might exist. */
async function wildcards(
  domain: string,
  random: readonly string[],
  names: Names,
): Promise<{ readonly found: readonly Found[]; readonly sets: readonly RecordSet[] }> {
  const types = ['A', 'AAAA', 'MX', 'TXT'] as const
  const each = await Promise.all(types.map((type) => Promise.all(random.map((label) => names.find(`${label}.${domain}`, type)))))
  const both = each.filter((pair) => pair.every((one) => one.set !== null || one.aliases.length > 0))
  const sets = both
    .flatMap(([one]) => (one === undefined ? [] : [one.aliases[0] ?? one.set]))
    .filter((set) => set !== null && set !== undefined)
  return { found: each.flat(), sets: distinct(sets.map((set) => ({ ...set, name: `*.${domain}` }))) }
}

async function dnssecOf(zone: Assessment['zone'], asks: Asking, names: Names): Promise<Dnssec> {
  if (!('apex' in zone)) return { state: 'unknown', validated: false }
  const [keys, seen] = await Promise.all([names.find(zone.apex, 'DNSKEY'), asks.resolve(zone.apex, 'SOA')])
  const signed = keys.others.length > 0
  const delegated = zone.ds === null ? seen.authenticated : zone.ds.length > 0
  const serves = zone.servers.some(({ state }) => state === 'serves')
  if (delegated && serves && (!signed || seen.status === 'server-failed')) return { state: 'broken', validated: false }
  if (!signed) return { state: delegated ? 'unknown' : 'unsigned', validated: false }
  return { state: delegated ? 'signed' : zone.ds === null ? 'unknown' : 'island', validated: seen.authenticated }
}

async function belowMail(
  domain: string,
  wanted: readonly string[],
  nothing: readonly Found[],
  names: Names,
): Promise<readonly RecordSet[]> {
  const below = [...new Set(wanted.filter(isName).map(canonicalName))].filter((name) => name !== domain && isWithin(name, domain))
  const each = await Promise.all(below.map((name) => names.find(name, 'MX')))
  return distinct(each.filter((one) => !nothing.some((other) => sameAnswer(one, other))).flatMap(({ set }) => (set === null ? [] : [set])))
}

/** Names that SRV and SPF mention. */
function named(services: readonly RecordSet[], trees: Assessment['spf']['trees']): readonly string[] {
  const targets = services.flatMap(({ data }) => data.map((one) => one.split(' ')[3] ?? '.'))
  const senders = trees.flatMap(({ root }) => spfSteps(root).flatMap(({ target }) => target ?? []))
  return [...targets, ...senders].filter((name) => /^[a-z0-9_.-]+[a-z0-9]$/.test(name))
}
