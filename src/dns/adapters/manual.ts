import type { Context } from '../../lib/context.ts'
import { Failure } from '../../model/failure.ts'
import type { DnsServer } from '../dns-tcp.ts'
import { manualTask, taskText } from '../manual/steps.ts'
import { progressOf, type Fleet } from '../manual/watch.ts'
import { located, placesIn, servedSet, serversOf } from '../name-servers.ts'
import type { DnsProvider, Zones } from '../provider.ts'
import { canonicalName, RECORD_TYPES, sameSet, type RecordSet } from '../record-set.ts'
import { required } from '../settings.ts'
import type { Swap } from '../update-message.ts'
import { unknownAt } from '../unknown-types.ts'
import { looksWild } from '../wildcards.ts'

const TITLE = 'the panel of the DNS host'

/** A person in a panel: the change is written down for them, and believed when the authoritative servers show it. */
export const manual: DnsProvider = {
  name: 'manual',
  title: TITLE,
  nameServers: [],
  settings: [
    { key: 'zone', label: 'Zone', secret: false, required: true, hint: 'example.org' },
    {
      key: 'servers',
      label: 'Name servers',
      secret: false,
      required: false,
      hint: 'only where others than those of the delegation count: ns1.example.org, 192.0.2.53:53',
    },
    {
      key: 'elsewhere',
      label: 'Name servers of another panel',
      secret: false,
      required: false,
      hint: 'that may still have the zone, such as those of an old host: a change that is only seen there was made in the wrong panel',
    },
  ],
  can: {
    automatic: false,
    atomic: 'nothing',
    compareAndSet: 'verified',
    lowestTtlSeconds: 0,
    highestTtlSeconds: 2_147_483_647,
    types: RECORD_TYPES,
    longestTxtBytes: null,
  },
  about: {
    rights: 'None: whoever can sign in to the panel of the DNS host does it.',
    notes: [
      'How to put everything back is shown before what is to be changed: keep it.',
      'All name servers of the zone are asked until each shows the change; mistakes that panels invite are told by name.',
      'If the panel does not let the time to live be lowered, the old one counts: the switch and the way back take that long.',
    ],
    tested: 'real server',
  },
  open(settings, ctx) {
    const zone = canonicalName(required(settings, 'zone', 'The provider "manual"'))
    const places = placesIn(settings, 'servers')
    const others = placesIn(settings, 'elsewhere')
    let known: Promise<Fleet> | null = null
    return zonesOf(zone, () => (known ??= fleetOf(zone, places, others)), ctx)
  },
}

function zonesOf(zone: string, fleet: () => Promise<Fleet>, ctx: Context): Zones {
  return {
    list: () => Promise.resolve([{ id: zone, name: zone }]),
    async read(_, wanted) {
      const { servers } = await fleet()
      const sets: RecordSet[] = []
      await Promise.all(
        wanted.map(async ({ name, type }) => {
          const each = await Promise.all(servers.map((server) => servedSet(server, name, type, ctx)))
          const [first = null] = each
          if (!each.every((set) => sameSet(set, first, 'counts')))
            throw new Failure('not-visible-yet', `The name servers of ${zone} do not agree yet about ${name} ${type}.`, { notDone: true })
          const [any] = servers
          const isWild = first !== null && any !== undefined && (await looksWild(first, zone, (at, kind) => servedSet(any, at, kind, ctx)))
          if (first !== null && !isWild) sets.push(first)
        }),
      )
      const [first] = servers
      const aliases = [
        ...new Set(wanted.filter(({ name, type }) => type === 'CNAME' && name !== zone).map(({ name }) => canonicalName(name))),
      ]
      const opaque = first === undefined ? [] : await Promise.all(aliases.map((name) => unknownAt(name, zone, first, ctx.signal)))
      return { sets, opaque: opaque.flat() }
    },
    async write(_, swaps) {
      const { typos } = await progressOf(await fleet(), zone, swaps, ctx)
      throw byHand(
        zone,
        swaps,
        typos.map(({ says }) => says),
      )
    },
    async explain(_, swap) {
      const { typos } = await progressOf(await fleet(), zone, [swap], ctx)
      return typos.length === 0
        ? null
        : byHand(
            zone,
            [swap],
            typos.map(({ says }) => says),
          )
    },
    backup: () => Promise.resolve(null),
  }
}

function byHand(zone: string, swaps: readonly Swap[], typos: readonly string[]): Failure {
  const head = typos.length === 0 ? [] : ['Something is not right yet:', ...typos.map((says) => `- ${says}`), '']
  return new Failure('by-hand', [...head, taskText(manualTask(zone, swaps))].join('\n'), { notDone: true })
}

/** Those of the delegation, as the resolver of this machine tells them; each by its first address. */
async function fleetOf(zone: string, places: readonly DnsServer[], others: readonly DnsServer[]): Promise<Fleet> {
  const servers = await serversOf(zone, places)
  // Another panel's that are gone by now say nothing, and hold nothing up.
  const elsewhere = await Promise.allSettled(others.map(located))
  return { servers, elsewhere: elsewhere.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])) }
}
