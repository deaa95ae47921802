import type { Hands } from '../switch/hands.ts'
import type { Carried } from '../switch/looks.ts'
import { copyBack } from './copy-back.ts'
import { COPY_DEFAULTS } from './defaults.ts'
import { carryLateMail } from './late-mail.ts'
import type { Addresses, Watch } from './operations.ts'
import type { World } from './world.ts'

/** What came to the new side so long before the switch is carried back as well: clocks differ, and caches are early. */
const BACK_MARGIN_MS = 3_600_000

/** Every look is kept. */
const MOST_TOLD = 20

export type LateTerms = {
  readonly addresses: Addresses
  readonly watch: Omit<Watch, 'signal'>
  /** How long caches were told to keep the old MX. */
  readonly ttlSeconds: number
  /** Names of the old side's hosts, its MX first of all. */
  readonly oldHosts: readonly string[]
}

/** The two copies of a switch: late mail over to the new side, and mail of the new side back. Before the switch nothing is late. */
export function lateHands(world: World, terms: LateTerms): Pick<Hands['look'], 'delta' | 'reverse-delta'> {
  const { addresses, watch, ttlSeconds, oldHosts } = terms
  return {
    async delta({ switchedAtMs, mark, signal }) {
      const afterSwitch = { at: switchedAtMs ?? world.clock.now(), ttlSeconds, oldHosts }
      return carriedOf(await carryLateMail(world, { ...addresses, ...watch, ...COPY_DEFAULTS, signal, afterSwitch, mark }))
    },
    async 'reverse-delta'({ switchedAtMs, mark, signal }) {
      const since = (switchedAtMs ?? world.clock.now()) - BACK_MARGIN_MS
      const limits = { connections: null, mailboxesAtOnce: null, bytesPerSecond: null, retryFailed: false }
      return carriedOf(await copyBack(world, { ...addresses, ...watch, ...limits, signal, since, oldHosts, mark }))
    },
  }
}

/** As evidence: figures, and not more sentences than a person reads. */
function carriedOf({ complete, mark, inbound, local, own, carried, problems }: Carried): Carried {
  const told = problems.length <= MOST_TOLD ? problems : [...problems.slice(0, MOST_TOLD), `And ${problems.length - MOST_TOLD} more.`]
  return { complete, mark, inbound, local, own, carried, problems: told }
}
