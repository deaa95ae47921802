import { ask } from '../dns/ask.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import { readTenantRecords, type TenantRecord } from '../dns/plan/tenant-records.ts'
import { serverText } from '../dns/assess/outside.ts'
import type { RecordType } from '../dns/record-set.ts'
import { isSpf } from '../dns/spf/record.ts'
import { isExchangeOnline, PROTOCOLS } from '../microsoft/autodiscover.ts'
import type { FlowRun, Told } from './flow-run.ts'
import { addressesOf } from './policies.ts'
import { worst, type Outcome } from './route-result.ts'

/** A1: Exchange Online is asked where the mailbox is, and Outlook's own way by the domain is looked at. */
export async function programsFind(flow: FlowRun): Promise<Told> {
  const { autodiscover, user } = flow.setup
  if (autodiscover === null) return { outcome: 'not-run', says: ['No tenant is given.'] }
  const each = await Promise.all(
    PROTOCOLS.map(async (protocol): Promise<Told> => {
      const { status, url, says } = await autodiscover(user, protocol)
      if (status === 200 && url !== null && isExchangeOnline(url)) return { outcome: 'passed', says: [`${protocol}: ${url}`] }
      const why = url === null ? `it answers ${status} ${says}`.trim() : `it sends programs to ${url}`
      return { outcome: 'failed', says: [`${protocol}: Exchange Online does not have this mailbox: ${why}.`] }
    }),
  )
  const hijacked = await rootAnswers(flow)
  const outcome = worst(each.map((one) => one.outcome))
  return {
    outcome: hijacked === null ? outcome : worst([outcome, 'warning']),
    says: [...each.flatMap(({ says }) => says), ...(hijacked === null ? [] : [hijacked])],
  }
}

/** The web server of the domain is asked first by some programs, and what it says counts there. */
async function rootAnswers({ setup, ctx }: FlowRun): Promise<string | null> {
  const { domain, page, resolvers } = setup
  const [resolver] = resolvers
  if (page === null || resolver === undefined) return null
  const addresses = await addressesOf(domain, resolver, ctx.signal)
  if (addresses.length === 0) return null
  const answer = await page(`https://${domain}/autodiscover/autodiscover.xml`, addresses, ctx.signal)
  if (answer.status === null) return null
  const isIts = answer.status === 401 || (answer.status === 200 && /<Autodiscover[\s>]/i.test(answer.body))
  return isIts ? `The web server of ${domain} answers Outlook's first question: have autodiscover switched off there.` : null
}

/** A5: what each resolver says of the domain, against what the tenant wants. */
export async function recordsHold(flow: FlowRun): Promise<Told> {
  const { admin, domain, graph, resolvers } = flow.setup
  if (graph === null || admin === null) return { outcome: 'not-run', says: ['No tenant is given.'] }
  if (resolvers.length === 0) return { outcome: 'not-run', says: ['No resolver is given.'] }
  const [tenant] = await readTenantRecords({ graph, admin }, [domain])
  if (tenant === undefined || tenant.records.length === 0)
    return { outcome: 'not-run', says: [`The tenant tells no records of ${domain}.`, ...(tenant?.unavailable ?? [])] }
  const wanted = [...tenant.records.filter(({ service }) => /^email/i.test(service)), ...tenant.dkim]
  const each = await Promise.all(resolvers.map((resolver) => heldBy(flow, resolver, wanted)))
  const bad = each.flat()
  const says = Map.groupBy(bad, ({ text }) => text)
  if (says.size === 0) return { outcome: 'passed', says: ['MX, autodiscover, SPF, DKIM and DMARC are as the tenant wants them.'] }
  const all = resolvers.length
  return {
    outcome: worst(bad.map(({ outcome }) => outcome)),
    says: [...says].map(([text, some]) => (some.length === all ? text : `${text} (${some.map(({ by }) => by).join(', ')})`)),
  }
}

type Bad = { readonly outcome: Outcome; readonly text: string; readonly by: string }

async function heldBy({ setup, ctx }: FlowRun, resolver: DnsServer, wanted: readonly TenantRecord[]): Promise<readonly Bad[]> {
  const { domain } = setup
  const bad: Bad[] = []
  const add = (outcome: Outcome, text: string): void => void bad.push({ outcome, text, by: serverText(resolver) })
  const at = async (name: string, type: RecordType): Promise<readonly string[] | null> => {
    const { sets, status } = await ask(resolver, name, type, { signal: ctx.signal, recursion: true })
    if (!['answer', 'no-data', 'no-name'].includes(status)) return null
    return sets.filter((set) => set.type === type && (type !== 'CNAME' || set.name === name)).flatMap(({ data }) => data)
  }
  for (const { name, type, data } of wanted) {
    const there = await at(name, type)
    const last = (text: string): string => text.split(' ').at(-1) ?? ''
    if (there === null) add('warning', `${name} ${type}: no answer.`)
    else if (type === 'MX' && !(there.length === 1 && last(there[0] ?? '') === last(data)))
      add('failed', `MX names ${there.length === 0 ? 'nobody' : there.map(last).join(', ')} instead of ${last(data)} alone.`)
    else if (type === 'CNAME' && !there.includes(data))
      add(
        there.length > 0 && name.startsWith('autodiscover.') ? 'failed' : 'warning',
        `${name} ${there.length === 0 ? 'has no CNAME: it should lead' : `leads to ${there.join(', ')} instead of`} ${there.length === 0 ? `to ${data}` : data}.`,
      )
    else if (type === 'TXT') {
      const records = there.filter(isSpf)
      const include = /include:\S+/i.exec(data)?.[0]?.toLowerCase() ?? ''
      if (records.length > 1) add('failed', `${name} has ${records.length} SPF records, so that receivers go by none.`)
      else if (include !== '' && !records.some((text) => text.toLowerCase().split(/\s+/).includes(include)))
        add('warning', `The SPF record of ${name} does not have ${include} itself.`)
    }
  }
  const dmarc = (await at(`_dmarc.${domain}`, 'TXT'))?.filter((text) => /^v=DMARC1/i.test(text)) ?? []
  if (dmarc.length !== 1)
    add(
      'warning',
      dmarc.length === 0 ? `${domain} has no DMARC record.` : `${domain} has ${dmarc.length} DMARC records, so that none counts.`,
    )
  const old = [
    ...((await at(`_imaps._tcp.${domain}`, 'SRV')) ?? []).map((one) => one.split(' ').at(-1) ?? ''),
    ...((await at(`autoconfig.${domain}`, 'CNAME')) ?? []),
  ].filter((host) => host !== '.' && host !== '' && !isExchangeOnline(host))
  if (old.length > 0)
    add(
      'passed',
      `Mail programs such as Thunderbird still find ${[...new Set(old)].join(', ')} (autoconfig, SRV): it may stay until the old side is quiet.`,
    )
  return bad
}
