import { isIP } from 'node:net'
import type { Context } from '../../lib/context.ts'
import { Failure } from '../../model/failure.ts'
import type { DnsServer } from '../dns-tcp.ts'
import { called, hidden, inDoubt, type HttpLine } from '../http.ts'
import { manualTask, taskText } from '../manual/steps.ts'
import { placesIn, serversOf } from '../name-servers.ts'
import type { DnsProvider, ZoneRef, Zones } from '../provider.ts'
import { canonicalName, type RecordSet } from '../record-set.ts'
import { required, serviceBase } from '../settings.ts'
import { mustBeUnchanged } from '../unchanged.ts'
import type { Swap } from '../update-message.ts'
import { at, textAt, xmlIn, type Element } from '../xml.ts'
import { servedButNotListed } from './namecheap-guard.ts'
import { hostsAfter, hostsIn, namecheapForm, namecheapLines, NAMECHEAP_TYPES, namecheapView } from './namecheap-hosts.ts'
import type { NamecheapHost, NamecheapList } from './namecheap-hosts.ts'

const TITLE = 'Namecheap'
const PAGE = 100
/** Of looks at a zone that somebody else is changing. */
const ATTEMPTS = 3
const SHOWN_WITHIN_MS = 60_000
const MANUAL = 'Use the provider "manual" instead: it shows what to change in the panel and waits until it is seen.'

/** Namecheap: only the whole zone can be written, so that it is compared with what is served before, and with what was sent after. */
export const namecheap: DnsProvider = {
  name: 'namecheap',
  title: TITLE,
  nameServers: ['registrar-servers.com'],
  settings: [
    { key: 'user', label: 'User', secret: false, required: true, hint: 'the one that signs in to Namecheap' },
    { key: 'key', label: 'API key', secret: true, required: true, hint: 'Profile, Tools, API Access' },
    {
      key: 'clientIp',
      label: 'Address of this machine',
      secret: false,
      required: true,
      hint: 'as the Internet sees it, and whitelisted there',
    },
    {
      key: 'servers',
      label: 'Name servers',
      secret: false,
      required: false,
      hint: 'only where others than those of the delegation are to be asked: ns1.example.org, 192.0.2.53:53',
    },
  ],
  can: {
    automatic: true,
    atomic: 'zone',
    compareAndSet: 'verified',
    lowestTtlSeconds: 60,
    highestTtlSeconds: 60_000,
    types: NAMECHEAP_TYPES,
    longestTxtBytes: null,
    textsWithout: '"',
    replacesZone: true,
  },
  about: {
    rights: 'API access switched on, and the address of this machine whitelisted. Namecheap knows no lesser rights.',
    notes: [
      'Namecheap gives its API only to accounts with 20 domains, or 50 dollars of balance or of purchases: others use `manual`.',
      'Its API takes the whole zone, and deletes what is not sent. So the list is compared with what the name servers serve at its own and at many usual names; where one serves what the list has not (SRV, DNSSEC and others), nothing is sent and the change is done by hand.',
      'Let nobody else edit the zone in the minute of a change: what is changed in the instant between the last look and the writing is lost, and nobody can tell.',
      'URL redirects, frames and whatever we do not know are sent back to the letter, and the mail settings stay; where Namecheap makes the MX itself, choose "Custom MX" first.',
      'Name servers may show a change only after up to an hour; a record that was just deleted and is still served holds the next change up until then.',
    ],
    tested: 'stand-in',
  },
  open(settings, ctx) {
    const [user, key, clientIp] = [
      required(settings, 'user', TITLE),
      required(settings, 'key', TITLE),
      required(settings, 'clientIp', TITLE),
    ]
    if (isIP(clientIp) === 0) throw new Failure('bad-input', `"${clientIp}" is no address of this machine: write it like 192.0.2.1.`)
    const line: HttpLine = {
      title: TITLE,
      base: serviceBase(settings, 'https://api.namecheap.com/'),
      ctx,
      sign: () => Promise.resolve({ accept: 'application/xml' }),
      // Its way to say that there were too many calls.
      meaning: ({ status }) => (status === 405 ? 'busy' : null),
      secrets: [key],
    }
    const identity = { ApiUser: user, ApiKey: key, UserName: user, ClientIp: clientIp }
    return zonesOf({ line, identity }, placesIn(settings, 'servers'))
  },
}

type Account = { readonly line: HttpLine; readonly identity: Readonly<Record<string, string>> }

function zonesOf(account: Account, places: readonly DnsServer[]): Zones {
  const { ctx } = account.line
  // What we deleted is served for a while.
  const gone: RecordSet[] = []
  return {
    unseen: 'Namecheap may take up to an hour.',
    async list() {
      const found: ZoneRef[] = []
      for (let page = 1, seen = 0; ; page++) {
        const answer = await asked(account, 'domains.getList', { Page: String(page), PageSize: String(PAGE) })
        const domains = at(answer.response, 'DomainGetListResult', 'Domain')
        for (const { attributes: of } of domains)
          if (of['IsOurDNS'] !== 'false' && of['Name'] !== undefined) found.push({ id: of['Name'], name: canonicalName(of['Name']) })
        seen += domains.length
        if (domains.length === 0 || seen >= Number(textAt(answer.response, 'Paging', 'TotalItems'))) return found
      }
    },
    async read(zone, wanted) {
      const view = namecheapView(await listOf(account, zone), zone)
      return {
        sets: view.sets.filter((set) => wanted.some(({ name, type }) => name === set.name && type === set.type)),
        opaque: view.opaque.filter((one) => wanted.some(({ name }) => name === one.name)),
      }
    },
    async write(zone, swaps) {
      const servers = await serversOf(zone.name, places)
      const before = await checked(account, zone, swaps, (list) => servedButNotListed(zone, list, [...ownOf(swaps), ...gone], servers, ctx))
      const sent = hostsAfter(before.hosts, swaps, zone)
      mustBeTaken(sent, swaps)
      await replace(account, zone, sent, before.emailType)
      gone.push(...swaps.flatMap((swap) => swap.before ?? []))
      await untilAsSent(account, zone, before, sent)
    },
    backup: async (zone) => (await listOf(account, zone)).text,
  }
}

function ownOf(swaps: readonly Swap[]): readonly RecordSet[] {
  return swaps.flatMap(({ before, after }) => [before, after].flatMap((set) => set ?? []))
}

/** The list as it was a moment ago, which is the whole zone as far as can be known and has the sets as the swaps expect them. */
async function checked(
  account: Account,
  zone: ZoneRef,
  swaps: readonly Swap[],
  missing: (list: NamecheapList) => Promise<readonly string[]>,
): Promise<NamecheapList> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const list = await listOf(account, zone)
    mustBeUnchanged(namecheapView(list, zone).sets, swaps)
    const special = list.hosts.filter((host) => host.special !== null)
    if (special.length > 0)
      throw byHand(
        zone,
        swaps,
        'The zone has records that may not survive being sent back (switched off, or dynamic addresses)',
        linesOf(special, zone),
      )
    if (list.emailType === '') throw byHand(zone, swaps, 'Its API does not tell the mail settings of the domain, which would be reset', [])
    const lost = await missing(list)
    if (lost.length > 0)
      throw byHand(zone, swaps, 'Its name servers serve what its list of the zone has not, and what would be deleted', lost)
    if (sameList(list, await listOf(account, zone), zone)) return list
  }
  throw new Failure('record-changed', `Somebody else is changing the zone ${zone.name} right now. Nothing was sent.`, { notDone: true })
}

function byHand(zone: ZoneRef, swaps: readonly Swap[], why: string, lines: readonly string[]): Failure {
  const head = [`${TITLE} takes only whole zones. ${why}${lines.length > 0 ? ':' : '.'}`, ...lines.map((one) => `- ${one}`)]
  const says =
    'So nothing was sent, and this change is for a person in its panel. What was deleted only now goes by waiting: run again in an hour.'
  return new Failure('by-hand', [...head, says, '', taskText(manualTask(zone.name, swaps))].join('\n'), { notDone: true })
}

function mustBeTaken(sent: readonly NamecheapHost[], swaps: readonly Swap[]): void {
  const none = swaps.some(({ type, after }) => type === 'MX' && after?.data.some((one) => one.endsWith(' .')) === true)
  if (none) throw new Failure('record-refused', `${TITLE} does not take the MX that means "no mail here".`, { notDone: true })
  // It makes records of its own then.
  if (sent.length === 0) throw new Failure('record-refused', `${TITLE} does not take a zone without any record.`, { notDone: true })
}

async function replace(account: Account, zone: ZoneRef, hosts: readonly NamecheapHost[], emailType: string): Promise<void> {
  const { response } = await api(account, 'domains.dns.setHosts', { ...partsOf(zone), ...namecheapForm(hosts, emailType) })
  if (at(response, 'DomainDNSSetHostsResult')[0]?.attributes['IsSuccess'] !== 'true')
    throw new Failure('answer-unreadable', `${TITLE} does not say whether it took the zone.`)
}

/** Everything is there as it was sent; else a person is told what is not, with the records to put back. */
async function untilAsSent(account: Account, zone: ZoneRef, before: NamecheapList, sent: readonly NamecheapHost[]): Promise<void> {
  const { clock, signal } = account.line.ctx
  const wanted = { ...before, hosts: sent }
  const giveUpAtMs = clock.now() + SHOWN_WITHIN_MS
  for (let waitMs = 1000; ; waitMs *= 2) {
    const now = await listOf(account, zone).catch((error: unknown) => {
      throw error instanceof Failure ? inDoubt(error) : error
    })
    if (sameList(wanted, now, zone)) return
    if (clock.now() >= giveUpAtMs) {
      if (sameList(before, now, zone)) throw new Failure('not-visible-yet', `${TITLE} took the zone ${zone.name} and does not show it.`)
      const there = linesOf(now.hosts, zone)
      const lines = linesOf(sent, zone).filter((one) => !there.includes(one))
      const mail = now.emailType === before.emailType ? [] : [`mail settings ${before.emailType}, and not ${now.emailType}`]
      const says = `${TITLE} took the zone ${zone.name} and made something else of it. Put this back in its panel, if nobody else changed it:`
      // Both lists whole, for whoever has to find out.
      const serverText = `${before.text}\n${now.text}`
      throw new Failure('by-hand', [says, ...[...lines, ...mail].map((one) => `- ${one}`)].join('\n'), { serverText })
    }
    await clock.sleep(waitMs, signal)
  }
}

const linesOf = namecheapLines

function sameList(one: NamecheapList, other: NamecheapList, zone: ZoneRef): boolean {
  return one.emailType === other.emailType && linesOf(one.hosts, zone).join('\n') === linesOf(other.hosts, zone).join('\n')
}

async function listOf(account: Account, zone: ZoneRef): Promise<NamecheapList> {
  const { response, text } = await asked(account, 'domains.dns.getHosts', partsOf(zone))
  const [result] = at(response, 'DomainDNSGetHostsResult')
  if (result === undefined) throw new Failure('answer-unreadable', `${TITLE} does not list the zone ${zone.name}.`, { notDone: true })
  if (result.attributes['IsUsingOurDNS'] === 'false')
    throw new Failure('zone-refused', `${zone.name} does not use the name servers of ${TITLE}: what is changed there is not served.`, {
      notDone: true,
    })
  return { hosts: hostsIn(result), emailType: result.attributes['EmailType'] ?? '', text }
}

/** A domain at Namecheap is one label below what it sells, however many labels that has. */
function partsOf({ id }: ZoneRef): Readonly<Record<string, string>> {
  const dot = id.indexOf('.')
  return { SLD: id.slice(0, dot), TLD: id.slice(dot + 1) }
}

type Answer = { readonly response: Element; readonly text: string }

/** What changes nothing, though everything is a POST. */
async function asked(account: Account, command: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
  try {
    return await api(account, command, fields)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { code, message, cause, retryAfterMs } = error
    throw new Failure(code, message, { cause, notDone: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
  }
}

/** Namecheap says in the answer, not by its status, whether it was done. The key goes in the body, as addresses are kept in logs. */
async function api({ line, identity }: Account, command: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
  const body = new URLSearchParams({ ...identity, Command: `namecheap.${command}`, ...fields }).toString()
  const { text } = await called(line, { method: 'POST', path: 'xml.response', body, contentType: 'application/x-www-form-urlencoded' })
  const root = read(text)
  if (root.attributes['Status'] === 'OK') return { response: at(root, 'CommandResponse')[0] ?? root, text }
  const [error] = at(root, 'Errors', 'Error')
  if (error === undefined) throw new Failure('answer-unreadable', `${TITLE} answered something that cannot be read.`)
  throw refusal(error.attributes['Number'] ?? '', hidden(error.text, line), line.ctx)
}

function read(text: string): Element {
  try {
    return xmlIn(text, TITLE)
  } catch (error) {
    throw error instanceof Failure ? inDoubt(error) : error
  }
}

function refusal(number: string, said: string, ctx: Context): Failure {
  const words = `${said} (${number})`
  ctx.log.debug('refused', { host: TITLE, number })
  const isKey = /^101[01]\d{3}$/.test(number)
  if (number === '1011150')
    return new Failure('zone-refused', `${TITLE} takes calls only from addresses that are whitelisted, and not from this one: ${words}.`, {
      notDone: true,
    })
  if (isKey)
    return new Failure('zone-refused', `${TITLE} does not take this key, or gives its API not to this account: ${words}. ${MANUAL}`, {
      notDone: true,
    })
  if (/^(?:1017\d{3}|2019166|2016166|2030166|2030288)$/.test(number))
    return new Failure('zone-refused', `${TITLE} does not let this key do that: ${words}.`, { notDone: true })
  return new Failure('record-refused', `${TITLE} refused what was asked for: ${words}.`, { notDone: true })
}
