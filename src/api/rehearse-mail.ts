import { mailflowTest, type MailflowInput, type MailflowResult } from './mailflow.ts'
import type { RehearsalResult } from './results.ts'
import type { World } from './world.ts'

type Step = RehearsalResult['steps'][number]

/** Far more than anything takes there. */
const PATIENCE_MS = 10 * 60_000

/**
 * The switch of MX in a simulated world of mail: before it the old host takes the mail of the domain, after it the tenant does, on every
 * way, with headers and trace; and the old host still takes what comes there late. Touches nothing outside this machine.
 */
export async function rehearseMail(world: World, signal: AbortSignal): Promise<readonly Step[]> {
  await using mail = await world.startMailSimulator()
  const steps: Step[] = []
  const input: MailflowInput = {
    definitionFile: null,
    identity: null,
    cloud: null,
    service: mail.service,
    mailboxesFile: null,
    env: {},
    show: () => {},
    user: mail.user,
    second: mail.second,
    aliases: [],
    groups: [],
    unmoved: null,
    reflector: mail.reflector,
    oldMx: mail.oldMx,
    oldAccount: mail.oldAccount,
    sender: 'probe@elsewhere.test',
    helo: 'probe.elsewhere.test',
    ports: mail.ports,
    resolvers: [mail.resolver],
    caFile: null,
    protection: true,
    largeBytes: null,
    windowMs: PATIENCE_MS,
    traceMs: PATIENCE_MS,
    signal,
    onRoute: () => {},
  }
  const began = world.clock.now()
  mail.switchMx('new')
  steps.push({ says: `Mail: MX of ${mail.domain} changed to ${mail.newMx} in the simulated DNS`, seconds: 0, ok: true })
  const result = await mailflowTest(world, input)
  steps.push(...result.criteria.filter(({ outcome }) => outcome !== 'not-run').map((one) => stepOf(one)))
  const seconds = (world.clock.now() - began) / 1000
  steps.push({
    says: `Mail: ${result.removed} test messages found and removed again`,
    seconds,
    ok: result.left.length === 0 && result.removed > 0,
  })
  return steps
}

function stepOf({ id, title, outcome }: MailflowResult['criteria'][number]): Step {
  return {
    says: `Mail ${id}: ${title}${outcome === 'warning' ? ' (with something to look at)' : ''}`,
    seconds: 0,
    ok: outcome !== 'failed',
  }
}
