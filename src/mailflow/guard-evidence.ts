import type { Context } from '../lib/context.ts'
import { FlowRun } from './flow-run.ts'
import type { Greeted } from './greet.ts'
import { inbound, straight } from './routes-in.ts'
import { outbound } from './routes-out.ts'
import type { RouteResult } from './route-result.ts'
import { tidy } from './run-flow-test.ts'
import type { FlowSetup } from './setup.ts'
import type { Sweep } from './sweep.ts'

/** Texts about single addresses: the first twenty, and how many there are. */
export type SomeAddresses = { readonly count: number; readonly first: readonly string[] }

/** What a sweep means for the switch. `relayed`: taken only because the domain passes unknown recipients on. */
export type RecipientsEvidence = {
  readonly host: string
  readonly asked: number
  readonly refused: SomeAddresses
  readonly unclear: SomeAddresses
  readonly relayed: SomeAddresses
}

/**
 * G4. Where the host tells recipients apart, its word counts for each; where it takes everybody, those count that the tenant knows
 * (`inTenant`, every address in lower case; null: nobody asked), and the others are relayed.
 */
export function recipientsEvidence(sweep: Sweep, inTenant: ReadonlySet<string> | null): RecipientsEvidence {
  const refused: string[] = []
  const unclear: string[] = []
  const relayed: string[] = []
  for (const { address, verdict, text } of sweep.answers) {
    if (verdict === 'accepted') continue
    if (verdict === 'refused') refused.push(`${address}: ${text}`)
    else if (verdict === 'temporary') unclear.push(`${address}: ${text}`)
    else if (inTenant === null) unclear.push(`${address}: ${text}`)
    else if (!inTenant.has(address)) (sweep.mode === 'takes-all' ? relayed : unclear).push(address)
    else if (sweep.mode !== 'takes-all') unclear.push(`${address}: in the tenant, but its mail host was not asked: ${text}`)
  }
  return { host: sweep.host, asked: sweep.answers.length, refused: some(refused), unclear: some(unclear), relayed: some(relayed) }
}

/** G3: how the host that MX will name answers. */
export function mxHostEvidence(greeted: Greeted): {
  readonly answers: 'starttls' | 'plain' | 'refused' | 'silent' | 'port-closed-here'
  readonly said: string
} {
  if (greeted.status === 'not-run') return { answers: 'port-closed-here', said: greeted.says }
  if (greeted.status === 'ok') return { answers: greeted.tls.used ? 'starttls' : 'plain', said: greeted.greeting }
  return { answers: greeted.greeting === '' ? 'silent' : 'refused', said: greeted.says }
}

/** What test messages in both directions came to, and all that was seen of them. `waiting`: nothing is known yet, or not from here. */
export type NewRouteEvidence = {
  readonly inbound: 'arrived' | 'waiting' | 'failed'
  readonly outbound: 'passed' | 'waiting' | 'failed'
  readonly says: readonly string[]
  readonly routes: readonly RouteResult[]
}

/** One message from outside by the new route and one to the outside; both are taken out again. Throws nothing but a stop. */
export async function probeNewRoute(setup: FlowSetup, ctx: Context): Promise<NewRouteEvidence> {
  const flow = new FlowRun(setup, ctx)
  const { user, reflector } = setup
  try {
    const routes = await Promise.all([
      flow.route('inbound', 'D3', `outside → ${user}`, () =>
        (reflector?.submission ?? null) === null ? straight(flow, user) : inbound(flow, 'inbound', user, user),
      ),
      flow.route('outbound', 'D2', `${user} → outside`, () => outbound(flow)),
    ])
    const [came, went] = routes.map(({ outcome }) => outcome)
    return {
      inbound: came === 'failed' ? 'failed' : came === 'not-run' ? 'waiting' : 'arrived',
      outbound: went === 'failed' ? 'failed' : went === 'not-run' ? 'waiting' : 'passed',
      says: routes.flatMap(({ title, says }) => says.map((text) => `${title}: ${text}`)),
      routes,
    }
  } finally {
    await tidy(flow)
  }
}

function some(all: readonly string[]): SomeAddresses {
  return { count: all.length, first: all.slice(0, 20) }
}
