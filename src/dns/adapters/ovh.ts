import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Context } from '../../lib/context.ts'
import { Failure } from '../../model/failure.ts'
import type { DnsServer } from '../dns-tcp.ts'
import { called, inDoubt, type HttpCall, type HttpLine, type Meaning, type Reply, type SignedPart } from '../http.ts'
import { located, placesIn, servedSet } from '../name-servers.ts'
import { relativeName } from '../presentation.ts'
import type { DnsProvider, SetName, ZoneRef, Zones } from '../provider.ts'
import { canonicalName, sameSet, type RecordSet } from '../record-set.ts'
import { optional, required, serviceBase } from '../settings.ts'
import { setFor } from '../unchanged.ts'
import type { Swap } from '../update-message.ts'
import { looksWild } from '../wildcards.ts'
import { hasZoneTime, heldTime, OVH_RECORD, OVH_TYPES, ovhEdits, ovhName, ovhView, type OvhRecord } from './ovh-records.ts'

const TITLE = 'OVH'
const REGIONS = ['eu', 'ca', 'us']
/** How often what is refused is looked at once more: the answer to an earlier attempt may have been lost. */
const ROUNDS = 3
const UNSEEN =
  'OVH serves nothing before the zone is published ("refresh"): run this again, which publishes it once more. If that was done, its name servers take some minutes.'

const ERROR = z.object({ message: z.string(), errorCode: z.string().nullish() })

/** OVH: record by record, none of which is served before the zone is published. What counts is what its name servers say. */
export const ovh: DnsProvider = {
  name: 'ovh',
  title: TITLE,
  nameServers: ['ovh.net', 'ovh.ca', 'anycast.me'],
  settings: [
    { key: 'applicationKey', label: 'Application key', secret: false, required: true, hint: 'from eu.api.ovh.com/createToken' },
    { key: 'applicationSecret', label: 'Application secret', secret: true, required: true, hint: 'shown once, with the key' },
    { key: 'consumerKey', label: 'Consumer key', secret: true, required: true, hint: 'made together with the application key' },
    { key: 'region', label: 'Region', secret: false, required: false, hint: `${REGIONS.join(', ')}; eu without it` },
    {
      key: 'servers',
      label: 'Name servers',
      secret: false,
      required: false,
      hint: 'only where others than those that OVH names for the zone are to be asked: ns1.example.org, 192.0.2.53:53',
    },
  ],
  can: {
    automatic: true,
    atomic: 'zone',
    compareAndSet: 'verified',
    lowestTtlSeconds: 60,
    highestTtlSeconds: 2_147_483_647,
    types: OVH_TYPES,
    longestTxtBytes: null,
  },
  about: {
    rights: 'GET, POST, PUT and DELETE on /domain/zone and /domain/zone/*.',
    notes: [
      'OVH stages every edit and serves none before the zone is published; so the name servers are asked what counts, over UDP and TCP port 53.',
      'Publishing takes along what others edited in the same zone and have not published: finish or drop such edits first.',
      'Records of the types SPF, DKIM and DMARC of OVH are TXT to the world; they are edited as what they are and keep their type.',
      'The clock of OVH is used for signatures: that of this machine may be wrong.',
    ],
    tested: 'stand-in',
  },
  open(settings, ctx) {
    const region = optional(settings, 'region') || 'eu'
    if (!REGIONS.includes(region)) throw new Failure('bad-input', `${TITLE} has no region "${region}". Known: ${REGIONS.join(', ')}.`)
    const application = required(settings, 'applicationKey', TITLE)
    const [secret, consumer] = [required(settings, 'applicationSecret', TITLE), required(settings, 'consumerKey', TITLE)]
    const places = placesIn(settings, 'servers')
    const plain: HttpLine = {
      title: TITLE,
      base: serviceBase(settings, `https://${region}.api.ovh.com/1.0/`),
      ctx,
      sign: () => Promise.resolve({ 'x-ovh-application': application }),
      meaning: (reply) => meaning(reply, ctx),
      secrets: [secret, consumer],
    }
    let ahead: number | null = null
    const sign = async ({ method, url, body }: SignedPart): Promise<Readonly<Record<string, string>>> => {
      ahead ??= await aheadSeconds(plain)
      const time = String(Math.floor(ctx.clock.now() / 1000) + ahead)
      const signed = [secret, consumer, method, url.href, body ?? '', time].join('+')
      return {
        'x-ovh-application': application,
        'x-ovh-consumer': consumer,
        'x-ovh-timestamp': time,
        'x-ovh-signature': `$1$${createHash('sha1').update(signed).digest('hex')}`,
      }
    }
    return zonesOf({ ...plain, sign }, places)
  },
}

/** How far the clock of OVH is before ours. */
async function aheadSeconds(plain: HttpLine): Promise<number> {
  const told = await asked(plain, 'auth/time', z.number())
  return told - Math.floor(plain.ctx.clock.now() / 1000)
}

function zonesOf(line: HttpLine, places: readonly DnsServer[]): Zones {
  const known = new Map<string, Promise<readonly DnsServer[]>>()
  const serversAt = (zone: ZoneRef): Promise<readonly DnsServer[]> => {
    const found = known.get(zone.id) ?? serversOf(line, zone, places)
    known.set(zone.id, found)
    found.catch(() => known.delete(zone.id))
    return found
  }
  return {
    unseen: UNSEEN,
    async list() {
      return (await asked(line, 'domain/zone', z.array(z.string()))).map((id) => ({ id, name: canonicalName(id) }))
    },
    async read(zone, wanted) {
      const view = ovhView(await recordsAt(line, zone, wanted), zone)
      const servers = await serversAt(zone)
      const own = wanted.filter(({ type }) => OVH_TYPES.includes(type))
      const sets = await Promise.all(own.map((one) => published(servers, zone, one, setFor(view.sets, one), line.ctx)))
      return { sets: sets.flatMap((set) => set ?? []), opaque: view.opaque }
    },
    async write(zone, swaps) {
      await staged(line, zone, swaps)
      try {
        await called(line, { method: 'POST', path: `${pathOf(zone)}/refresh` })
      } catch (error) {
        throw error instanceof Failure ? inDoubt(error) : error
      }
    },
    backup: (zone) => asked(line, `${pathOf(zone)}/export`, z.string()),
  }
}

/** Edits until the zone, not yet published, is as it shall be. Where OVH refuses it, the edits are taken back. */
async function staged(line: HttpLine, zone: ZoneRef, swaps: readonly Swap[]): Promise<void> {
  for (let round = 1, began = false; ; round++) {
    const records = await recordsAt(line, zone, swaps)
    if (round === 1) mustBeExpected(ovhView(records, zone).sets, swaps)
    const edits = ovhEdits(swaps, records, zone)
    if (edits.length === 0) return
    try {
      for (const edit of edits) {
        await carried(line, edit)
        began = true
      }
    } catch (error) {
      const again = error instanceof Failure && (error.code === 'record-refused' || error.code === 'object-unknown')
      if (again && round < ROUNDS) {
        await line.ctx.clock.sleep(1000 * round, line.ctx.signal)
        continue
      }
      if (began && again) await backAsBefore(line, zone, swaps)
      throw began && error instanceof Failure ? inDoubt(error) : error
    }
  }
}

/** So that nobody publishes half of it; as far as it can be. */
async function backAsBefore(line: HttpLine, zone: ZoneRef, swaps: readonly Swap[]): Promise<void> {
  const back = swaps.map((swap) => ({ ...swap, after: swap.before }))
  try {
    for (const edit of ovhEdits(back, await recordsAt(line, zone, swaps), zone)) await carried(line, edit)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    line.ctx.log.warn('edits that were not published could not be taken back', { host: TITLE, code: error.code })
  }
}

async function carried(line: HttpLine, edit: HttpCall): Promise<void> {
  try {
    await called(line, edit)
  } catch (error) {
    // Its answer was lost the first time.
    if (edit.method !== 'DELETE' || !(error instanceof Failure) || error.code !== 'object-unknown') throw error
  }
}

/** Each record is one of before or after: an earlier run may have been cut off. Anything else somebody edited and did not publish. */
function mustBeExpected(sets: readonly RecordSet[], swaps: readonly Swap[]): void {
  for (const swap of swaps) {
    const expected = [...(swap.before?.data ?? []), ...(swap.after?.data ?? [])]
    const odd = (setFor(sets, swap)?.data ?? []).filter((one) => !expected.includes(one))
    if (odd.length > 0)
      throw new Failure(
        'record-changed',
        `${swap.name} ${swap.type} was edited at ${TITLE} and is not what is served: ${odd.join(' | ')}. Publish that edit in the panel, or drop it.`,
        { notDone: true },
      )
  }
}

/** What the world is told of a set: as it was edited where every name server says so, else what one of them still says instead. */
async function published(
  servers: readonly DnsServer[],
  zone: ZoneRef,
  { name, type }: SetName,
  edited: RecordSet | null,
  ctx: Context,
): Promise<RecordSet | null> {
  const each = await Promise.all(servers.map((server) => servedSet(server, name, type, ctx)))
  const [first] = servers
  const zoneTime = edited !== null && hasZoneTime(edited)
  const other = each.find((set) => !sameSet(set, edited, zoneTime ? 'free' : 'counts'))
  if (other === undefined) {
    const ttlSeconds = Math.min(...each.map((set) => set?.ttlSeconds ?? Infinity))
    return edited !== null && zoneTime && Number.isFinite(ttlSeconds) ? { ...edited, ttlSeconds, held: heldTime(ttlSeconds) } : edited
  }
  const isWild = other !== null && edited === null && first !== undefined
  return isWild && (await looksWild(other, zone.name, (at, kind) => servedSet(first, at, kind, ctx))) ? null : other
}

async function serversOf(line: HttpLine, zone: ZoneRef, places: readonly DnsServer[]): Promise<readonly DnsServer[]> {
  const given =
    places.length > 0
      ? places
      : (await asked(line, pathOf(zone), z.object({ nameServers: z.array(z.string()) }))).nameServers.map((address) => ({
          address,
          port: 53,
        }))
  try {
    return await Promise.all(given.map(located))
  } catch (cause) {
    throw new Failure('host-unknown', `The name servers of ${zone.name} at ${TITLE} cannot be found.`, { cause, notDone: true })
  }
}

async function recordsAt(line: HttpLine, zone: ZoneRef, wanted: readonly Pick<SetName, 'name'>[]): Promise<readonly OvhRecord[]> {
  const found: OvhRecord[] = []
  for (const name of new Set(wanted.map((one) => one.name))) {
    const subDomain = name === zone.name ? '' : relativeName(name, zone.name)
    const ids = await asked(line, `${pathOf(zone)}/record`, z.array(z.number()), { subDomain })
    for (const id of ids) {
      const record = await asked(line, `${pathOf(zone)}/record/${id}`, OVH_RECORD).catch((error: unknown) => {
        // Deleted in between.
        if (error instanceof Failure && error.code === 'object-unknown') return null
        throw error
      })
      if (record !== null && ovhName(record, zone) === name) found.push(record)
    }
  }
  return found
}

async function asked<T>(line: HttpLine, path: string, shape: z.ZodType<T>, query: Readonly<Record<string, string>> = {}): Promise<T> {
  const read = shape.safeParse((await called(line, { method: 'GET', path, query })).json)
  if (!read.success) throw new Failure('answer-unreadable', `${TITLE} answered something that cannot be read.`, { notDone: true })
  return read.data
}

function pathOf({ id }: ZoneRef): string {
  return `domain/zone/${encodeURIComponent(id)}`
}

function meaning({ status, json }: Reply, { clock }: Context): Meaning | null {
  const read = ERROR.safeParse(json)
  if (!read.success || status >= 500 || status === 429) return null
  const { message, errorCode } = read.data
  const words = errorCode ? `${message} (${errorCode})` : message
  if (errorCode === 'QUERY_TIME_OUT') {
    const says = `${TITLE} says that our request comes at the wrong time: ${words}. It is ${new Date(clock.now()).toISOString()} here; let this machine keep its clock by NTP.`
    return { code: 'zone-refused', says }
  }
  if (status === 404 && /requested object/i.test(message)) return { code: 'object-unknown', says: `There is no such record: ${words}.` }
  if (status === 401 || status === 403 || status === 404 || /CREDENTIAL|SIGNATURE|INVALID_KEY|GRANTED/.test(errorCode ?? ''))
    return { code: 'zone-refused', says: `${TITLE} does not let this key do that: ${words}.` }
  return { code: 'record-refused', says: `${TITLE} refused the change: ${words}.` }
}
