import type { Hands, Seen } from '../../change/hands.ts'
import type { Context } from '../../lib/context.ts'
import type { Json } from '../../model/change.ts'
import { Failure } from '../../model/failure.ts'
import { carryOut } from '../carry-out.ts'
import type { DnsProvider, ZoneRef, Zones } from '../provider.ts'
import type { RecordSet } from '../record-set.ts'
import type { Swap } from '../update-message.ts'
import { seenSet, wholeOf, type DnsCall, type SwapData } from './changes.ts'
import { keyOf } from './draft.ts'

/** Where the records of one domain are kept. */
export type DnsSite = { readonly domain: string; readonly provider: DnsProvider; readonly zones: Zones; readonly zone: ZoneRef }

export type HandsOptions = {
  readonly ctx: Context
  /** How long a person is waited for; what is not done then is looked for by the next run. */
  readonly waitMs: number
  /** Told what a person is to do, where only a person changes the host, and what is not right yet. */
  readonly onByHand: (domain: string, says: string) => void
}

/** Carries changes out at the hosts of these domains; one write after the other in each zone, as some hosts count them. */
export function dnsHands(sites: readonly DnsSite[], options: HandsOptions): Hands<DnsCall> {
  const byDomain = new Map(sites.map((site) => [site.domain, site]))
  const turns = new Map<string, Promise<unknown>>()
  const siteOf = ({ domain }: DnsCall): DnsSite => {
    const site = byDomain.get(domain)
    if (site === undefined)
      throw new Failure('bad-input', `Where the DNS of ${domain} is hosted stands nowhere: name it under dns: in the definition.`, {
        notDone: true,
      })
    return site
  }
  const inTurn = async <T>({ provider, zone }: DnsSite, work: () => Promise<T>): Promise<T> => {
    const key = `${provider.name} ${zone.id}`
    const turn = (turns.get(key) ?? Promise.resolve()).then(work, work)
    turns.set(
      key,
      turn.catch(() => {}),
    )
    return turn
  }
  return {
    // A set that stands there already is not written again.
    isRepeatable: () => true,
    async send(call, fill) {
      const site = siteOf(call)
      if ('read' in call) throw new Error('a reading is no deed')
      const swaps = filled(fill.value(call.write) as readonly SwapData[])
      await inTurn(site, () => written(site, swaps, options))
      return {}
    },
    async read(call) {
      const { zones, zone } = siteOf(call)
      if (!('read' in call)) throw new Error('a deed is no reading')
      const { sets } = await zones.read(zone, call.read)
      const row = call.read.flatMap(({ name, type }): readonly (readonly [string, Json])[] => {
        const set = sets.find((one) => one.name === name && one.type === type) ?? null
        return [
          [keyOf(name, type), seenSet(set)],
          [wholeOf(name, type), set],
        ]
      })
      return [Object.fromEntries(row) satisfies Seen]
    },
  }
}

/** A host that a person changes is looked at until they have done it, and what they did wrong is told. */
async function written({ domain, provider, zones, zone }: DnsSite, swaps: readonly Swap[], options: HandsOptions): Promise<void> {
  const { ctx, waitMs, onByHand } = options
  const giveUpAtMs = ctx.clock.now() + waitMs
  let told = ''
  for (let pauseMs = 15_000; ; pauseMs = 60_000) {
    try {
      await carryOut(provider, zones, zone, swaps, ctx)
      return
    } catch (error) {
      if (provider.can.automatic || !(error instanceof Failure)) throw error
      if (error.code !== 'by-hand' && error.code !== 'not-visible-yet') throw error
      if (error.code === 'by-hand' && error.message !== told) onByHand(domain, error.message)
      if (error.code === 'by-hand') told = error.message
    }
    // It may be done at any time from now on: it counts as begun.
    if (ctx.signal.aborted || ctx.clock.now() >= giveUpAtMs) return
    try {
      await ctx.clock.sleep(pauseMs, ctx.signal)
    } catch {
      return
    }
  }
}

function filled(swaps: readonly SwapData[]): readonly Swap[] {
  return swaps.map(({ after, ...swap }) => ({ ...swap, after: isSet(after) ? after : null }))
}

function isSet(after: SwapData['after']): after is RecordSet {
  return after !== null && 'data' in after
}
