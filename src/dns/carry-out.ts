import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { ANY_TYPE, type DnsProvider, type Opaque, type SetName, type ZoneRef, type Zones } from './provider.ts'
import { RECORD_TYPES, sameSet, zoneLines, type RecordSet } from './record-set.ts'
import type { Swap } from './update-message.ts'

/** How long the host's own view may lag behind what was written. */
const SEEN_WITHIN_MS = 120_000

/**
 * Swaps record sets as they were read for new ones, and nothing else: looks at what stands there, refuses where somebody else changed
 * a set meanwhile (`record-changed`, with all three versions) or where it is no plain set (`record-opaque`), writes only what is not
 * there yet, and believes the host only what can be read from it afterwards. So it can be run again after a crash at any instant.
 */
export async function carryOut(
  { can, title }: Pick<DnsProvider, 'can' | 'title'>,
  zones: Zones,
  zone: ZoneRef,
  swaps: readonly Swap[],
  ctx: Context,
): Promise<'done' | 'already'> {
  for (const swap of swaps) checkLimits(can, title, swap)
  const open = await stillOpen(zones, zone, swaps)
  if (open.length === 0) return 'already'
  for (let rest = open; rest.length > 0;) {
    try {
      await zones.write(zone, rest)
      break
    } catch (error) {
      // What was done before the answer was lost is found by reading; as long as some of it was, the rest can follow.
      // A host that lost something else of the zone needs a person, whatever became of these sets.
      if (!(error instanceof Failure) || error.notDone || error.code === 'by-hand') throw error
      const left = await stillOpen(zones, zone, swaps).catch(() => rest)
      if (left.length >= rest.length) throw error
      rest = left
    }
  }
  const giveUpAtMs = ctx.clock.now() + SEEN_WITHIN_MS
  for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 15_000)) {
    const unseen = await notYet(zones, zone, swaps)
    if (unseen.length === 0) return 'done'
    if (ctx.clock.now() >= giveUpAtMs)
      throw new Failure(
        'not-visible-yet',
        [`${title} took the change of ${names(unseen)} and does not show it.`, zones.unseen ?? ''].join(' ').trim(),
      )
    await ctx.clock.sleep(waitMs, ctx.signal)
  }
}

/** The swaps backwards: what was there before is there again. */
export function reversed(swaps: readonly Swap[]): readonly Swap[] {
  return swaps.map((swap) => ({ ...swap, before: swap.after, after: swap.before }))
}

async function stillOpen(zones: Zones, zone: ZoneRef, swaps: readonly Swap[]): Promise<readonly Swap[]> {
  const view = await zones.read(zone, unique([...swaps, ...neighbours(swaps)]))
  checkNeighbours(view.sets, swaps)
  const open: Swap[] = []
  for (const swap of swaps) {
    const now = setOf(view.sets, swap)
    if (sameSet(now, swap.after, 'counts')) continue
    const opaque = view.opaque.find((one) => inTheWayOf(swap, one))
    if (opaque !== undefined) throw opaqueFailure(opaque)
    if (!sameSet(now, swap.before)) throw (await zones.explain?.(zone, swap)) ?? changedFailure(swap, now)
    // Its time to live as it is now, for hosts that compare that too.
    open.push({ ...swap, before: now })
  }
  return open
}

async function notYet(zones: Zones, zone: ZoneRef, swaps: readonly Swap[]): Promise<readonly Swap[]> {
  const { sets } = await zones.read(zone, swaps)
  return swaps.filter((swap) => !sameSet(setOf(sets, swap), swap.after, 'counts'))
}

/** What is of another type changes nothing for this one, such as an alias for the web beside MX. */
function inTheWayOf(swap: Swap, { name, type }: Opaque): boolean {
  return (
    name === swap.name && (type === swap.type || type === ANY_TYPE || type === 'CNAME' || (swap.type === 'CNAME' && swap.after !== null))
  )
}

/** Nothing may stand beside a CNAME (RFC 1034 §3.6.2), and some hosts ignore in silence what would. */
function neighbours(swaps: readonly Swap[]): readonly SetName[] {
  return swaps.flatMap(({ name, type, after }) =>
    after === null ? [] : type === 'CNAME' ? RECORD_TYPES.map((one) => ({ name, type: one })) : [{ name, type: 'CNAME' as const }],
  )
}

function checkNeighbours(sets: readonly RecordSet[], swaps: readonly Swap[]): void {
  for (const { name, type, after } of swaps) {
    if (after === null) continue
    const inTheWay = sets.find(
      (set) =>
        set.name === name &&
        (set.type === 'CNAME') !== (type === 'CNAME') &&
        !swaps.some((other) => other.name === name && other.type === set.type && other.after === null),
    )
    if (inTheWay !== undefined)
      throw opaqueFailure({
        name,
        type: inTheWay.type,
        says: `a CNAME and a record of another type cannot have the same name (wanted: ${type})`,
      })
  }
}

function unique(wanted: readonly SetName[]): readonly SetName[] {
  return [...new Map(wanted.map(({ name, type }) => [`${name} ${type}`, { name, type }])).values()]
}

function setOf(sets: readonly RecordSet[], { name, type }: Swap): RecordSet | null {
  return sets.find((set) => set.name === name && set.type === type) ?? null
}

function checkLimits(can: DnsProvider['can'], title: string, { before, after: set }: Swap): void {
  if (set === null) return
  const refuse = (says: string): never => {
    throw new Failure('bad-input', `${title} cannot hold ${set.name} ${set.type}: ${says}.`)
  }
  if (!can.types.includes(set.type)) refuse(`it has no records of type ${set.type}`)
  if (set.ttlSeconds < can.lowestTtlSeconds) refuse(`its time to live is at least ${can.lowestTtlSeconds} seconds there`)
  if (set.ttlSeconds > can.highestTtlSeconds) refuse(`its time to live is at most ${can.highestTtlSeconds} seconds there`)
  const longest = set.type === 'TXT' ? Math.max(...set.data.map((text) => text.length)) : 0
  if (can.longestTxtBytes !== null && longest > can.longestTxtBytes)
    refuse(`a text has at most ${can.longestTxtBytes} bytes there, and this one ${longest}`)
  // What stands there already was taken once.
  const fresh = set.type === 'TXT' ? set.data.filter((text) => before?.data.includes(text) !== true) : []
  const { textsWithout } = can
  if (textsWithout !== undefined && fresh.some((text) => text.includes(textsWithout))) refuse(`a text may not hold ${textsWithout} there`)
  if (set.data.length === 0) refuse('a set without records is no set')
}

function changedFailure(swap: Swap, now: RecordSet | null): Failure {
  const says = [`expected: ${shown(swap.before)}`, `there now: ${shown(now)}`, `wanted:   ${shown(swap.after)}`]
  return new Failure('record-changed', `${swap.name} ${swap.type} was changed by somebody else.\n${says.join('\n')}`, { notDone: true })
}

function opaqueFailure({ name, type, says }: Opaque): Failure {
  return new Failure('record-opaque', `At ${name} there is a record (${type}) that we must not touch: ${says}.`, { notDone: true })
}

function shown(set: RecordSet | null): string {
  return set === null ? 'nothing' : zoneLines(set).join(' | ')
}

function names(swaps: readonly Swap[]): string {
  return swaps.map(({ name, type }) => `${name} ${type}`).join(', ')
}
