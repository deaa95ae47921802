import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { carryOut } from '../dns/carry-out.ts'
import { asking, serverText, type Asking, type Outside } from '../dns/assess/outside.ts'
import { findZone } from '../dns/assess/zone.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import { bystandersOf, bystandersText } from '../dns/plan/bystanders.ts'
import { judged, moveOf, type Move } from '../dns/plan/move.ts'
import { keepPristine, readPristine } from '../dns/plan/pristine.ts'
import { proveWritable } from '../dns/prove-writable.ts'
import { sameSet, type RecordSet, type RecordType } from '../dns/record-set.ts'
import { looksWild } from '../dns/wildcards.ts'
import { resolverAt } from '../mailflow/accounts.ts'
import { Failure } from '../model/failure.ts'
import { dataKey, setKey } from '../switch/fleet.ts'
import type { Hands } from '../switch/hands.ts'
import { brokenByPlan } from '../switch/invariants.ts'
import type { Looks, MovePlan, Served } from '../switch/looks.ts'
import { stepsOf, valuesAt } from '../switch/stages.ts'
import { dnsDirectory, serversIn } from './dns-open.ts'
import { plannedDns, type PlannedDomain } from './dns-plan.ts'
import type { OpenSwitch } from './switch-open.ts'

export const RESOLVERS = ['1.1.1.1', '8.8.8.8', '9.9.9.9']
/** A proof leaves a trace in the serial of the zone, so that it is not made with every look. */
const PROVEN_MS = 10 * 60_000

type DnsLooks = 'analysis' | 'zone' | 'snapshot' | 'fleet' | 'resolvers'

/** What the switch sees and does in DNS. */
export function dnsHandsOf(open: OpenSwitch): { readonly look: Pick<Hands['look'], DnsLooks>; readonly writeDns: Hands['writeDns'] } {
  const { world, input, ctx, wanted } = open
  const directory = dnsDirectory(input.stateDir)
  let proven: { readonly at: number; readonly says: string | null } | null = null

  const planned = async (): Promise<PlannedDomain> => {
    const [one] = (await plannedDns({ ...world, clock: world.signingClock ?? world.clock }, { ...input, domains: [wanted.domain] })).planned
    if (one === undefined) throw new Failure('bad-input', `There is no plan for ${wanted.domain}.`, { notDone: true })
    return one
  }
  const writable = async (): Promise<string | null> => {
    if (proven !== null && ctx.clock.now() - proven.at < PROVEN_MS) return proven.says
    const { provider, zones, zone } = await open.site()
    let says: string | null = null
    try {
      await proveWritable(provider, zones, zone, ctx)
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'stopped') throw error
      says = error.message
    }
    proven = { at: ctx.clock.now(), says }
    return says
  }
  return {
    look: {
      async analysis() {
        const { plan } = await planned()
        const { blockers, warnings } = judged(plan)
        const isSwitched = plan.isSwitched ? [`Mail for ${wanted.domain} goes to the tenant already: there is nothing to switch.`] : []
        const move = moveOf(plan)
        const kept = await readPristine(directory, wanted.domain)
        const firstTtls = shortenedSince(move, kept?.sets ?? [])
        const first = Math.max(
          0,
          ...(kept?.sets ?? []).filter(({ name, type }) => type === 'MX' && name === wanted.domain).map(({ ttlSeconds }) => ttlSeconds),
        )
        const broken = brokenByPlan(move).map(({ says }) => says)
        return { blockers: [...blockers, ...isSwitched, ...broken], warnings, plan: { ...move, firstTtlSeconds: first, firstTtls } }
      },
      async zone({ plan, switchedAtMs }) {
        const { provider, zones, zone } = await open.site()
        const names = namesOf(plan)
        const kept = await readPristine(directory, wanted.domain)
        const bystanders = bystandersOf(kept?.sets ?? [], names)
        const { sets } = await zones.read(zone, [...names, ...bystanders])
        const now = (one: (typeof names)[number]) => sets.find(({ name, type }) => name === one.name && type === one.type) ?? null
        return {
          provider: provider.title,
          // Once it was written to, it can be written to; and a host is not written to more than it must while it matters.
          writable: switchedAtMs === null ? await writable() : null,
          sets: names.map((one) => ({ ...one, now: now(one) })),
          outside: kept === null ? null : bystandersText(bystanders, sets),
        }
      },
      async snapshot() {
        const { facts, site } = await planned()
        if (facts === null || site === null)
          throw new Failure('not-visible-yet', `The records of ${wanted.domain} cannot be read now.`, { notDone: true })
        await keepPristine(directory, wanted.domain, facts.pristine, () => site.zones.backup(site.zone))
        const file = join(directory, 'before', `${wanted.domain}.json`)
        const bytes = await readFile(file)
        const kept = await readPristine(directory, wanted.domain)
        const isWhole =
          kept !== null && facts.pristine.sets.every(({ name, type }) => kept.sets.some((one) => one.name === name && one.type === type))
        return { file, sha256: createHash('sha256').update(bytes).digest('hex'), readBack: isWhole, says: [] }
      },
      async fleet({ plan }) {
        const outside = await outsideOf(open)
        return { servers: await servedNow(wanted.domain, plan, outside, asking(outside, ctx.clock, ctx.signal)) }
      },
      async resolvers({ plan }) {
        const outside = await outsideOf(open)
        const asks = asking(outside, ctx.clock, ctx.signal)
        const texts = input.mail.resolvers.length === 0 ? RESOLVERS : input.mail.resolvers
        const each = texts.map(async (resolver) => ({ resolver, answers: await told(resolver, plan, asks) }))
        return { resolvers: await Promise.all(each) }
      },
    },
    async writeDns(_, swaps) {
      const { provider, zones, zone } = await open.site()
      return carryOut(provider, zones, zone, swaps, ctx)
    },
  }

  async function told(resolver: string, plan: MovePlan | null, asks: Asking): Promise<Looks['resolvers']['resolvers'][number]['answers']> {
    const { status, sets } = await asks.ask(resolverAt(resolver), wanted.domain, 'MX', true)
    if (status === 'server-failed') return 'server-failed'
    if (status === 'silent' || status === 'refused') return 'silent'
    const data = dataKey(sets.find(({ type }) => type === 'MX')?.data ?? null)
    const mx = plan?.switch.find(({ name, type }) => name === wanted.domain && type === 'MX')
    if (mx === undefined) return 'other'
    return data === dataKey(mx.after?.data ?? null) ? 'new' : data === dataKey(mx.before?.data ?? null) ? 'old' : 'other'
  }
}

/** DNS as it is seen from here, with the resolvers that were named. */
export async function outsideOf({ world, input, wanted, cloud, ctx }: OpenSwitch): Promise<Outside> {
  return world.dnsOutside({ servers: serversIn(wanted), resolvers: input.mail.resolvers.map(resolverAt), dnsOnly: true, cloud }, ctx)
}

/** What the plan finds with a shorter time to live than was kept at the very first: `dns apply` was there before. */
function shortenedSince(move: Move, kept: readonly RecordSet[]): NonNullable<MovePlan['firstTtls']> {
  const found = valuesAt(move, 'original')
  return kept.flatMap(({ name, type, ttlSeconds }) =>
    (found.get(setKey({ name, type }))?.ttlSeconds ?? Infinity) < ttlSeconds ? [{ name, type, ttlSeconds }] : [],
  )
}

function namesOf(plan: MovePlan | null): readonly Pick<Served, 'name' | 'type'>[] {
  const all = plan === null ? [] : stepsOf(plan).flat()
  return [...new Map(all.map(({ name, type }) => [`${name} ${type}`, { name, type }])).values()]
}

async function servedNow(domain: string, plan: MovePlan | null, outside: Outside, asks: Asking): Promise<Looks['fleet']['servers']> {
  const zone = await findZone(domain, outside, asks)
  const names = namesOf(plan)
  if ('missing' in zone) return zone.servers.map((server) => ({ server, sets: names.map((one) => ({ ...one, ...SILENT })) }))
  const told = async (server: DnsServer, name: string, type: RecordType): Promise<RecordSet | null> =>
    (await asks.ask(server, name, type)).sets.find((one) => one.name === name && one.type === type) ?? null
  const each = zone.servers
    .filter(({ state }) => state !== 'no-path')
    .map(async ({ name: called, server }) => ({
      server: called === serverText(server) ? called : `${called} (${serverText(server)})`,
      sets: await Promise.all(
        names.map(async ({ name, type }): Promise<Served> => {
          const { status, authoritative, sets, soa } = await asks.ask(server, name, type)
          if (status === 'silent') return { name, type, ...SILENT }
          if (!authoritative || !['answer', 'no-data', 'no-name'].includes(status)) return { name, type, ...SILENT, status: 'failed' }
          const set = sets.find((one) => one.name === name && one.type === type)
          if (set === undefined) return { name, type, status: 'absent', data: [], ttlSeconds: soa?.negativeSeconds ?? 0 }
          // What a wildcard says is no set of its own: where one was taken away it is there again.
          if (!isInPlan(plan, set) && (await looksWild(set, zone.apex, (wild, kind) => told(server, wild, kind))))
            return { name, type, status: 'absent', data: [], ttlSeconds: set.ttlSeconds }
          return { name, type, status: 'served', data: set.data, ttlSeconds: set.ttlSeconds }
        }),
      ),
    }))
  return Promise.all(each)
}

function isInPlan(plan: MovePlan | null, set: RecordSet): boolean {
  return plan !== null && stepsOf(plan).some((step) => step.some(({ before, after }) => sameSet(before, set) || sameSet(after, set)))
}

const SILENT = { status: 'silent', data: [], ttlSeconds: 0 } as const
