import { ANY_TYPE } from '../provider.ts'
import type { RecordSet } from '../record-set.ts'
import type { DomainFacts } from './facts.ts'
import { FROM_SWITCH, PHASES, type DnsItem, type PlanFinding } from './item.ts'
import { complete, type Said } from './planning.ts'
import type { TenantRecords } from './tenant-records.ts'

/** Ends of the names of Microsoft's hosts; others are told, as they come and go. */
const KNOWN_HOSTS = [
  'mail.protection.outlook.com',
  'mx.microsoft',
  'mail.eo.outlook.com',
  'mail.protection.outlook.us',
  'mail.protection.partner.outlook.cn',
  'mail.protection.outlook.cn',
]

/** MX as the tenant wants it: those for `Email`, else those for mail that is relayed inside only. */
export function mxOf({ domain, records }: TenantRecords): readonly string[] {
  const mx = records.filter(({ type, name }) => type === 'MX' && name === domain)
  const own = mx.filter(({ service }) => service.toLowerCase() === 'email')
  const relay = mx.filter(({ service }) => service.toLowerCase() === 'emailinternalrelayonly')
  return [...new Set((own.length > 0 ? own : relay).map(({ data }) => data))]
}

/** What must be known before anything is planned for this domain, and what makes it impossible. */
export function conflictFindings(facts: DomainFacts, targetMx: readonly string[]): readonly PlanFinding[] {
  return [...aboutTenant(facts, targetMx), ...aboutZone(facts)]
}

function aboutTenant({ tenant, wishes }: DomainFacts, targetMx: readonly string[]): readonly PlanFinding[] {
  const { domain } = wishes
  const said: Said[] = []
  if (!tenant.isInTenant)
    said.push({
      code: 'domain-not-in-tenant',
      severity: 'blocker',
      says: `The tenant does not have the domain ${domain} yet, so that it tells no records for it.`,
      remedy: 'Name it under domains: in cutover.yaml and run `cutover tenant apply`, then plan again.',
      holds: PHASES,
    })
  else if (!tenant.isVerified)
    said.push({
      code: 'domain-unverified',
      says: `${domain} is not verified yet: the phase prepare publishes the record that proves it, and Microsoft tells the others after that.`,
      remedy: 'Run `cutover dns apply --phase prepare` while `cutover tenant apply` waits, or before it; then plan again.',
      holds: FROM_SWITCH,
    })
  else if (targetMx.length === 0)
    said.push({
      code: 'tenant-mx-missing',
      severity: 'blocker',
      says: `The tenant names no MX record for ${domain}.${tenant.unavailable.length === 0 ? '' : ` It says: ${tenant.unavailable.join(' ')}`}`,
      remedy: 'It comes some time after the domain is used for mail (`cutover tenant apply`): plan again later. It is never guessed.',
      holds: FROM_SWITCH,
    })
  else if (tenant.unavailable.length > 0)
    said.push({
      code: 'tenant-records-missing',
      says: `The tenant cannot tell all records of ${domain} yet: ${tenant.unavailable.join(' ')}`,
      remedy: 'Plan again later.',
    })
  if (targetMx.length > 1)
    said.push({
      code: 'tenant-mx-several',
      severity: 'blocker',
      says: `The tenant names ${targetMx.length} MX records for ${domain} (${targetMx.join(', ')}), and exactly one is supported.`,
      remedy: 'Look in the admin centre which one is right, and ask Microsoft.',
      holds: FROM_SWITCH,
    })
  const mx = tenant.records.filter(({ type }) => type === 'MX')
  if (targetMx.length > 0 && !mx.some(({ service }) => service.toLowerCase() === 'email'))
    said.push({
      code: 'tenant-mx-relay',
      says: `The tenant names an MX record for ${domain} only for mail that is relayed inside.`,
      remedy: 'Let the domain be used for mail (`cutover tenant apply`), and plan again.',
    })
  for (const one of targetMx.map((each) => each.split(' ')[1] ?? ''))
    if (!KNOWN_HOSTS.some((end) => one.endsWith(`.${end}`)))
      said.push({
        code: 'mx-suffix',
        says: `The tenant's mail host for ${domain} is ${one}, which looks like none of Microsoft's that are known here.`,
        remedy: 'Compare it with the admin centre before the switch: it is asked for there once more.',
      })
  for (const strange of tenant.strange)
    said.push({ code: 'tenant-record-strange', severity: 'note', says: `The tenant tells ${strange}, which is left aside.`, remedy: '' })
  return said.map((one) => complete(one, wishes))
}

function aboutZone({ now, wishes }: DomainFacts): readonly PlanFinding[] {
  const { domain } = wishes
  const said: Said[] = []
  const has = (name: string, type: string) => now.find((set) => set.name === name && set.type === type)
  const mx = has(domain, 'MX')
  if (has(domain, 'CNAME') !== undefined)
    said.push({
      code: 'apex-cname',
      severity: 'blocker',
      says: `${domain} itself is a CNAME: no other record can have that name, so neither MX nor SPF.`,
      remedy: 'Replace it by its addresses, or by what its host calls ALIAS, ANAME or flattening.',
      holds: PHASES,
    })
  else if (mx?.data.some((one) => one.endsWith(' .')) === true)
    said.push({
      code: 'null-mx',
      severity: 'blocker',
      says: `${domain} says that it takes no mail at all (MX 0 .).`,
      remedy: 'If it is to have mail, remove that record by hand first, and plan again.',
      holds: PHASES,
    })
  else if (mx === undefined && (has(domain, 'A') ?? has(domain, 'AAAA')) !== undefined)
    said.push({
      code: 'mx-implicit',
      says: `${domain} has no MX record: its mail goes to the address of ${domain} itself, often a web server.`,
      remedy: 'Make sure that this host goes on taking mail until all caches have turned.',
    })
  if (wishes.keep.includes(domain))
    said.push({
      code: 'kept-domain',
      severity: 'blocker',
      says: `${domain} itself stands under keep:, so that neither MX nor SPF may be changed.`,
      remedy: 'Take it out of keep: in cutover.yaml.',
      holds: PHASES,
    })
  for (const set of now.filter(({ name, type }) => name === `*.${domain}` && !['A', 'AAAA'].includes(type)))
    said.push({
      code: 'wildcard',
      severity: 'note',
      says: `*.${domain} ${set.type} answers for every name that has no record of its own; names that are made here are no longer among them.`,
      remedy: '',
    })
  if (has(`msoid.${domain}`, 'CNAME') !== undefined)
    said.push({
      code: 'msoid',
      says: `msoid.${domain} is a CNAME: outside of China it keeps Office from being activated.`,
      remedy: 'Remove it.',
    })
  return said.map((one) => complete(one, wishes))
}

/** What the host cannot hold, or manages itself, is left out and told. */
export function withoutOpaque(
  all: readonly DnsItem[],
  { now, opaque, host, wishes }: DomainFacts,
): { readonly items: readonly DnsItem[]; readonly findings: readonly PlanFinding[] } {
  const findings: PlanFinding[] = []
  const told = new Set<string>()
  const isIn = (item: DnsItem): string | null => {
    const found = opaque.find(
      ({ name, type }) =>
        name === item.name &&
        (type === item.type || type === ANY_TYPE || type === 'CNAME' || (item.type === 'CNAME' && item.after !== null)),
    )
    if (found !== undefined) return `there is a record (${found.type}) that must not be touched: ${found.says}`
    const beside = besideAlias(item, all, now)
    if (beside !== null) return `a record of type ${beside} stands there, and a CNAME has nothing beside it`
    const { can, title } = host
    if (item.after !== null && !can.types.includes(item.type)) return `${title} has no records of type ${item.type}`
    const longest = item.type === 'TXT' ? Math.max(0, ...(item.after?.data ?? []).map((text) => text.length)) : 0
    return can.longestTxtBytes !== null && longest > can.longestTxtBytes
      ? `${title} takes texts of at most ${can.longestTxtBytes} bytes, and this one has ${longest}`
      : null
  }
  const impossible = new Map(all.map((item) => [item, isIn(item)]))
  // What would make room for an alias that cannot come stays.
  const noRoom = (item: DnsItem): boolean =>
    item.after === null &&
    all.some((one) => one.type === 'CNAME' && one.after !== null && one.name === item.name && impossible.get(one) !== null)
  const items = all.filter((item) => {
    if (noRoom(item)) return false
    const why = impossible.get(item) ?? null
    if (why === null) return true
    const holds = item.phase === 'switch' ? FROM_SWITCH : item.type === 'TXT' && item.name === wishes.domain ? FROM_SWITCH : []
    // Once is enough, and once more where it holds something up: a later phase changes the same set again.
    const key = `${item.name} ${item.type}`
    if (told.has(`${key} holds`) || (holds.length === 0 && told.has(key))) return false
    told.add(holds.length === 0 ? key : `${key} holds`)
    const says = `${item.name} ${item.type} cannot be changed (${item.phase}): ${why}.`
    const remedy =
      item.type === 'CNAME'
        ? `Have what is in the way taken away at its host, or name ${item.name} under keep: in cutover.yaml; then plan again.`
        : 'Change it at its host by hand, or use the provider "manual".'
    findings.push(complete({ code: 'record-opaque', severity: 'blocker', says, remedy, holds }, wishes))
    return false
  })
  return { items, findings }
}

/** The type that stands at the name of an alias that comes, or the alias at the name of what comes; null: nothing does. */
function besideAlias({ name, type, after }: DnsItem, all: readonly DnsItem[], now: readonly RecordSet[]): string | null {
  if (after === null) return null
  const goes = (set: RecordSet): boolean => all.some((one) => one.name === name && one.type === set.type && one.after === null)
  const left = now.find((set) => set.name === name && (set.type === 'CNAME') !== (type === 'CNAME') && !goes(set))
  return left?.type ?? null
}
