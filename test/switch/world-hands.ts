import type { Hands } from '../../src/switch/hands.ts'
import type { Carried, Some } from '../../src/switch/looks.ts'
import { BYSTANDER, DOMAIN, keyOf, planFor } from './zone-model.ts'
import { MINUTE, type World } from './world.ts'

const NOBODY: Some = { count: 0, first: [] }

/** What happens around each effect: time passes, and faults strike before and after it. */
export type Around = { before(what: string): void; after(what: string): void }

/** The hands of the switch in a world that is only computed. */
export function worldHands(world: World, around: Around): Hands {
  const { random, zone } = world
  const act = async <T>(what: string, tookMs: number, body: () => T): Promise<T> => {
    around.before(what)
    const result = body()
    world.advanceTo(world.now + tookMs)
    around.after(what)
    return result
  }
  const late = (): Some =>
    world.late === null || world.isKnown(world.late.user) ? NOBODY : { count: 1, first: [`user${world.late.user}@${DOMAIN}`] }
  const carry = (to: 'new' | 'old', mark: string | null): Promise<Carried> =>
    act(to === 'new' ? 'delta' : 'reverse-delta', random.between(0.5, 5) * MINUTE, () => {
      const came = world.came[to === 'new' ? 'old' : 'new']
      const inbound = came - Number(mark ?? 0)
      return { complete: true, mark: String(came), inbound, local: 0, own: 0, carried: world.carry(to), problems: [] }
    })
  const look: Hands['look'] = {
    analysis: () => act('analysis', 1000, () => ({ blockers: [], warnings: [], plan: planFor(zone.now) })),
    zone: () =>
      act('zone', 500, () => ({
        provider: 'model',
        writable: null,
        outside: JSON.stringify(zone.now.get(keyOf(BYSTANDER)) ?? null),
        sets: [...zone.before.values()].map(({ name, type }) => ({ name, type, now: zone.now.get(`${name} ${type}`) ?? null })),
      })),
    snapshot: () => act('snapshot', 1000, () => ({ file: 'snapshot.json', sha256: 'x', readBack: true, says: [] })),
    fleet: () =>
      act('fleet', 300, () => ({
        servers: zone.lagsMs.map((_, index) => ({ server: `ns${index}`, sets: zone.reading(index, world.now) })),
      })),
    resolvers: () => act('resolvers', 300, () => ({ resolvers: [{ resolver: '192.0.2.53', answers: 'new' }] })),
    'mx-host': () =>
      act('mx-host', 1000, () => ({ named: 'example-org.mail.example', resolves: true, answers: 'starttls', said: '220 ready' })),
    recipients: () =>
      act('recipients', MINUTE, () => {
        const passedOn = world.variant.relay && !world.closed
        return {
          host: 'example-org.mail.example',
          asked: 5,
          refused: passedOn ? NOBODY : late(),
          unclear: NOBODY,
          relayed: passedOn ? late() : NOBODY,
        }
      }),
    tenant: () =>
      act('tenant', 1000, () => ({
        problems: [],
        domainType: world.closed ? 'authoritative' : 'internal-relay',
        relayTo: world.variant.relay ? 'mx.old.example' : null,
      })),
    lag: () => act('lag', 100, () => ({ mailboxes: 5, neverCopied: NOBODY, notVerified: NOBODY, behind: NOBODY, lagMs: 0 })),
    source: () => act('source', 1000, () => ({ mailboxes: 5, unreachable: NOBODY })),
    'old-host': () =>
      act('old-host', 500, () => ({
        host: 'mx.old.example',
        routing: 'local',
        answers: world.oldIsUp ? 'accepts' : 'silent',
        said: '250 ok',
      })),
    'way-back': () => act('way-back', 1000, () => ({ problems: [], steps: [] })),
    probe: () => act('probe', MINUTE, () => ({ inbound: random.chance(0.1) ? 'waiting' : 'arrived', outbound: 'passed', says: [] })),
    delta: ({ mark }) => carry('new', mark),
    'reverse-delta': ({ mark }) => carry('old', mark),
  }
  return {
    look,
    writeDns: (step, swaps) => act(`write ${step}`, random.between(1, 20) * 1000, () => zone.write(swaps, world.now)),
    closeDomain: () =>
      act('close', 1000, () => {
        world.closed = true
      }),
    openDomain: () =>
      act('open', 1000, () => {
        world.closed = false
      }),
  }
}
