import type { Context } from '../../lib/context.ts'
import { ask } from '../ask.ts'
import type { DnsServer } from '../dns-tcp.ts'
import { sameSet, type RecordSet, type RecordType } from '../record-set.ts'
import type { Swap } from '../update-message.ts'
import { typosIn, type Served, type Typo } from './typos.ts'

/** The authoritative servers of a zone; `elsewhere`: others that may have it, to find out that a person used the wrong panel. */
export type Fleet = { readonly servers: readonly DnsServer[]; readonly elsewhere: readonly DnsServer[] }

export type Progress = {
  /** Every server shows every set as it was wanted. */
  readonly seen: boolean
  readonly servers: readonly { readonly server: DnsServer; readonly missing: readonly Swap[]; readonly silent: boolean }[]
  readonly typos: readonly Typo[]
}

const SOON_MS = 15_000
const LATER_MS = 60_000
/** A person who is at it is looked at often. */
const SOON_UNTIL_MS = 10 * 60_000

/** How far a person is: every server is asked for every set. */
export async function progressOf(fleet: Fleet, zone: string, swaps: readonly Swap[], ctx: Context): Promise<Progress> {
  const views = await Promise.all(fleet.servers.map((server) => viewOf(server, zone, swaps, ctx)))
  const others = await Promise.all(fleet.elsewhere.map((server) => viewOf(server, zone, swaps, ctx)))
  const elsewhere = (name: string, type: RecordType): RecordSet | null =>
    others.map(({ at }) => at(name, type)).find((set) => set !== null) ?? null
  const servers = fleet.servers.map((server, index) => {
    const view = views[index]
    const missing = swaps.filter((swap) => view === undefined || !sameSet(view.at(swap.name, swap.type), swap.after, 'counts'))
    return { server, missing, silent: view?.silent ?? true }
  })
  const typos = views.flatMap((view) => swaps.flatMap((swap) => typosIn(zone, swap, { at: view.at, elsewhere })))
  return {
    seen: servers.length > 0 && servers.every(({ missing, silent }) => missing.length === 0 && !silent),
    servers,
    typos: [...new Map(typos.map((typo) => [typo.says, typo])).values()],
  }
}

/** Looks until every server shows it, or the patience is over; `onProgress` is told of every look. */
export async function untilSeen(
  fleet: Fleet,
  zone: string,
  swaps: readonly Swap[],
  ctx: Context,
  options: { readonly patienceMs: number; readonly onProgress: (progress: Progress) => void },
): Promise<Progress> {
  const startedMs = ctx.clock.now()
  for (;;) {
    const progress = await progressOf(fleet, zone, swaps, ctx)
    options.onProgress(progress)
    const goneMs = ctx.clock.now() - startedMs
    if (progress.seen || goneMs >= options.patienceMs) return progress
    await ctx.clock.sleep(goneMs < SOON_UNTIL_MS ? SOON_MS : LATER_MS, ctx.signal)
  }
}

type View = Pick<Served, 'at'> & { readonly silent: boolean }

/** What one server says of the sets, and of the names that mistakes lead to. */
async function viewOf(server: DnsServer, zone: string, swaps: readonly Swap[], ctx: Context): Promise<View> {
  const questions = swaps.flatMap(({ name, type }): readonly (readonly [string, RecordType])[] => [
    [name, type],
    [`${name}.${zone}`, type],
    ...(type === 'CNAME'
      ? ([
          [name, 'A'],
          [name, 'AAAA'],
        ] as const)
      : []),
  ])
  const found = new Map<string, RecordSet>()
  let silent = false
  await Promise.all(
    questions.map(async ([name, type]) => {
      const answer = await ask(server, name, type, { signal: ctx.signal }).catch(() => null)
      if (answer === null || answer.status === 'silent') silent = true
      const set = answer?.sets.find((one) => one.name === name && one.type === type)
      if (set !== undefined) found.set(`${name} ${type}`, set)
    }),
  )
  return { silent, at: (name, type) => found.get(`${name} ${type}`) ?? null }
}
