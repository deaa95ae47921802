import { z } from 'zod'
import { ownTokens } from '../../google/delegated-token.ts'
import { serviceAccount } from '../../google/service-account.ts'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { BUDGET_MS, called, type HttpLine, type Meaning, type Reply } from '../http.ts'
import { fromPresentation, toPresentation } from '../presentation.ts'
import { type DnsProvider, type Opaque, type ZoneRef, type Zones, type ZoneView } from '../provider.ts'
import { canonicalName, canonicalSet, RECORD_TYPES, type RecordSet } from '../record-set.ts'
import { optional, required, serviceBase } from '../settings.ts'
import { mustBeUnchanged } from '../unchanged.ts'

const OWN = 'https://dns.googleapis.com/dns/v1/'
const SCOPE = 'https://www.googleapis.com/auth/ndev.clouddns.readwrite'
const TITLE = 'Google Cloud DNS'
const POLL_MS = 2000

const ZONES = z.object({
  managedZones: z
    .array(
      z.object({
        name: z.string(),
        dnsName: z.string(),
        visibility: z.string().optional(),
        nameServers: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
})
const SET = z.object({
  name: z.string(),
  type: z.string(),
  ttl: z.number().default(0),
  rrdatas: z.array(z.string()).default([]),
  routingPolicy: z.unknown().optional(),
})
const SETS = z.object({ rrsets: z.array(SET).default([]), nextPageToken: z.string().optional() })
const CHANGE = z.object({ id: z.string(), status: z.string() })
const ERROR = z.object({
  error: z.object({ message: z.string().default(''), errors: z.array(z.object({ reason: z.string().default('') })).default([]) }),
})
type WireSet = z.infer<typeof SET>

/** Google Cloud DNS: all sets in one change, in which each old set must be exactly what it was. */
export const google: DnsProvider = {
  name: 'google',
  title: TITLE,
  nameServers: ['googledomains.com'],
  settings: [
    { key: 'key', label: 'Key of a service account (JSON)', secret: true, required: true, hint: 'IAM & Admin, Service Accounts, Keys' },
    { key: 'project', label: 'Project', secret: false, required: false, hint: 'its id; without it the project of the key' },
  ],
  can: {
    automatic: true,
    atomic: 'zone',
    compareAndSet: 'native',
    lowestTtlSeconds: 0,
    highestTtlSeconds: 2_147_483_647,
    types: RECORD_TYPES,
    longestTxtBytes: null,
  },
  about: {
    rights:
      'The role DNS Administrator (roles/dns.admin) for the service account, or one of your own with dns.managedZones.list, dns.resourceRecordSets.* and dns.changes.create, get.',
    notes: [
      'Private zones are never touched, also where they have the same name.',
      'Sets with a routing policy are left alone.',
      'A change counts when Google says that all of its servers have it (done).',
    ],
    tested: 'stand-in',
  },
  open(settings, ctx) {
    const key = required(settings, 'key', TITLE)
    const account = serviceAccount(new Secret(key))
    const project = optional(settings, 'project') || (/@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(account.email)?.[1] ?? '')
    if (!/^[a-z0-9:.-]+$/.test(project)) throw new Failure('bad-input', `${TITLE} needs "project": the id of the project of the zone.`)
    const tokens = ownTokens(account, [SCOPE], ctx)
    return zonesOf({
      title: TITLE,
      base: new URL(`projects/${project}/`, serviceBase(settings, OWN)),
      ctx,
      sign: async () => ({ authorization: `Bearer ${(await tokens.token()).reveal()}` }),
      renew: () => tokens.renew(),
      meaning,
      secrets: [account.privateKey.reveal()],
    })
  },
}

function zonesOf(line: HttpLine): Zones {
  return {
    async list() {
      const found: ZoneRef[] = []
      for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
        const page: z.infer<typeof ZONES> = await read(line, 'managedZones', pageToken === '' ? {} : { pageToken }, ZONES)
        for (const { name, dnsName, visibility, nameServers } of page.managedZones)
          if (visibility !== 'private') found.push({ id: name, name: canonicalName(dnsName), nameServers: nameServers.map(canonicalName) })
        pageToken = page.nextPageToken
      }
      return found
    },
    async read(zone, wanted) {
      const view = viewOf(
        await setsOf(
          line,
          zone,
          wanted.map(({ name }) => name),
        ),
      )
      return { ...view, sets: view.sets.filter((set) => wanted.some(({ name, type }) => name === set.name && type === set.type)) }
    },
    async write(zone, swaps) {
      const now = await setsOf(
        line,
        zone,
        swaps.map(({ name }) => name),
      )
      mustBeUnchanged(viewOf(now).sets, swaps)
      const deletions = now.filter((set) => swaps.some(({ name, type }) => canonicalName(set.name) === name && set.type === type))
      const additions = swaps.flatMap(({ after }) => (after === null ? [] : [wireOf(after)]))
      const path = `managedZones/${zone.id}/changes`
      const made = CHANGE.safeParse((await called(line, { method: 'POST', path, body: { deletions, additions } })).json)
      if (!made.success) throw unreadable()
      await done(line, path, made.data)
    },
    backup: async (zone) => JSON.stringify(await setsOf(line, zone, null), null, 2),
  }
}

async function done(line: HttpLine, path: string, change: z.infer<typeof CHANGE>): Promise<void> {
  const giveUpAtMs = line.ctx.clock.now() + BUDGET_MS
  for (let { status } = change; status !== 'done';) {
    if (line.ctx.clock.now() > giveUpAtMs)
      throw new Failure('not-visible-yet', `${TITLE} took the change, and not all of its servers have it yet.`)
    await line.ctx.clock.sleep(POLL_MS, line.ctx.signal)
    status = (await read(line, `${path}/${change.id}`, {}, CHANGE)).status
  }
}

/** null: of all names. */
async function setsOf(line: HttpLine, zone: ZoneRef, names: readonly string[] | null): Promise<readonly WireSet[]> {
  const found: WireSet[] = []
  for (const name of names === null ? [null] : new Set(names))
    for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
      const query = { ...(name === null ? {} : { name: `${name}.` }), ...(pageToken === '' ? {} : { pageToken }) }
      const page: z.infer<typeof SETS> = await read(line, `managedZones/${zone.id}/rrsets`, query, SETS)
      found.push(...page.rrsets)
      pageToken = page.nextPageToken
    }
  return found
}

async function read<T>(line: HttpLine, path: string, query: Readonly<Record<string, string>>, shape: z.ZodType<T>): Promise<T> {
  const found = shape.safeParse((await called(line, { method: 'GET', path, query })).json)
  if (!found.success) throw unreadable()
  return found.data
}

function unreadable(): Failure {
  return new Failure('answer-unreadable', `${TITLE} answered something that cannot be read.`)
}

function viewOf(wire: readonly WireSet[]): ZoneView {
  const sets: RecordSet[] = []
  const opaque: Opaque[] = []
  for (const { name: owner, type: kind, ttl, rrdatas, routingPolicy } of wire) {
    const name = canonicalName(owner)
    const type = RECORD_TYPES.find((one) => one === kind)
    if (routingPolicy !== undefined) opaque.push({ name, type: kind, says: 'a routing policy chooses its answers' })
    else if (type === undefined) opaque.push({ name, type: kind, says: 'records of this type are not known to us' })
    else sets.push(canonicalSet({ name, type, ttlSeconds: ttl, data: rrdatas.map((one) => fromPresentation(type, one)) }))
  }
  return { sets, opaque }
}

function wireOf({ name, type, ttlSeconds, data }: RecordSet): WireSet {
  return { name: `${name}.`, type, ttl: ttlSeconds, rrdatas: data.map((one) => toPresentation(type, one)) }
}

function meaning({ status, json }: Reply): Meaning | null {
  const answer = ERROR.safeParse(json)
  if (!answer.success || status >= 500) return null
  const { message, errors } = answer.data.error
  const reasons = errors.map(({ reason }) => reason)
  if (reasons.some((one) => /^(?:rateLimitExceeded|userRateLimitExceeded|quotaExceeded)$/.test(one))) return 'busy'
  const inChange = message.includes("'entity.change.")
  if (status === 409 || status === 412 || (status === 404 && inChange))
    return { code: 'record-changed', says: `Somebody else changed a set at this moment, so ${TITLE} did nothing: ${message}` }
  if (status === 401 || status === 403 || status === 404)
    return { code: 'zone-refused', says: `${TITLE} does not let this account do that: ${message}` }
  return { code: 'record-refused', says: `${TITLE} refused the change, and nothing of it was done: ${message}` }
}
