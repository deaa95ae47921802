import { probeNewRoute } from '../mailflow/guard-evidence.ts'
import { readPristine } from '../dns/plan/pristine.ts'
import { zoneLines } from '../dns/record-set.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import type { Hands } from '../switch/hands.ts'
import type { Looks, MovePlan, Some } from '../switch/looks.ts'
import { valuesAt } from '../switch/stages.ts'
import { forEachAtOnce } from './at-once.ts'
import { MAILBOXES_AT_ONCE } from './copy.ts'
import { dnsDirectory } from './dns-open.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { lateHands } from './late-hands.ts'
import { setupOf } from './mailflow.ts'
import { destinationKey, listedMailboxes, openSources } from './mailboxes.ts'
import { RESOLVERS } from './switch-dns-hands.ts'
import { hostsIn, oldHostNow } from './switch-old-host.ts'
import type { OpenSwitch } from './switch-open.ts'
import { tryWayBack } from './way-back-trial.ts'
import { idIn } from './way-back-ledger.ts'

const PROBE_MS = 15 * 60_000
const WATCH = { onMailboxes: () => {}, onProgress: () => {} }

type MailboxLooks = 'lag' | 'source' | 'old-host' | 'way-back' | 'probe' | 'delta' | 'reverse-delta'

/** What the switch sees of mailboxes, of the old host and of test messages, and the two copies. */
export function mailboxHandsOf(open: OpenSwitch): Pick<Hands['look'], MailboxLooks> {
  const { world, input, ctx, wanted } = open
  const { domain } = wanted

  const copies = async (plan: MovePlan | null): Promise<ReturnType<typeof lateHands>> => {
    const mx = plan === null ? null : (valuesAt(plan, 'original').get(`${domain} MX`) ?? null)
    const named = input.mail.oldMx === null ? [] : [input.mail.oldMx.split('=')[0] ?? '']
    return lateHands(world, {
      addresses: await open.addresses(),
      watch: WATCH,
      ttlSeconds: mx?.ttlSeconds ?? 3600,
      oldHosts: [...new Set([...named, ...hostsIn(mx?.data ?? [])])],
    })
  }
  return {
    async lag() {
      const addresses = await open.addresses()
      const { mailboxes } = await listedMailboxes(addresses, false)
      const to = parseEndpointUrl(addresses.destination)
      const asked = mailboxes.map(({ name, sourceKey, target }) => ({
        name,
        identity: { source: sourceKey, destination: destinationKey(to, target), name },
      }))
      try {
        using ledger = openLedger(input.stateDir, { readOnly: true, clock: world.clock })
        return lagOf(ledger, asked, { now: ctx.clock.now(), lagMs: open.settings.lagMs })
      } catch (error) {
        // Nothing was ever copied from here.
        if (!(error instanceof Failure) || error.code === 'stopped' || error.code === 'state-in-use') throw error
        return { mailboxes: asked.length, neverCopied: some(asked.map(({ name }) => name)), notVerified: NOBODY, behind: NOBODY, lagMs: 0 }
      }
    },
    async source({ signal }) {
      const sources = await openSources(world, await open.addresses(), ctx)
      const unreachable: string[] = []
      await forEachAtOnce(sources, MAILBOXES_AT_ONCE, signal, async ({ name, source }) => {
        try {
          await source.look({ ...ctx, signal })
        } catch (error) {
          if (!(error instanceof Failure) || error.code === 'stopped') throw error
          unreachable.push(`${name}: ${error.message}`)
        }
      })
      return { mailboxes: sources.length, unreachable: some(unreachable.toSorted()) }
    },
    'old-host': ({ plan }) => oldHostNow(open, plan),
    async 'way-back'({ plan, signal }) {
      const problems = [...(await tryWayBack(world, await open.addresses(), signal))]
      if ((await readPristine(dnsDirectory(input.stateDir), domain)) === null) problems.push('How the records were is not kept yet.')
      const steps = plan === null ? [] : plan.switch.flatMap(({ before }) => (before === null ? [] : zoneLines(before)))
      return { problems: problems.slice(0, 20), steps }
    },
    async probe(): Promise<Looks['probe']> {
      const { user, reflector, oldMx, sender, helo, ports, resolvers, caFile } = input.mail
      if (user === null) return { inbound: 'waiting', outbound: 'waiting', says: ['No mailbox for test messages was named: give --user.'] }
      const { setup } = await setupOf(world, {
        definitionFile: input.definitionFile,
        identity: open.identity,
        cloud: open.cloud,
        service: open.service,
        mailboxesFile: null,
        env: input.env,
        show: input.show,
        signal: input.signal,
        user,
        second: null,
        aliases: [],
        groups: [],
        unmoved: null,
        reflector,
        oldMx,
        oldAccount: null,
        sender,
        helo,
        ports,
        caFile,
        protection: false,
        largeBytes: null,
        windowMs: PROBE_MS,
        traceMs: PROBE_MS,
        resolvers: resolvers.length === 0 ? RESOLVERS : resolvers,
        onRoute: () => {},
      })
      const { inbound, outbound, says } = await probeNewRoute(setup, ctx)
      return { inbound, outbound, says: says.slice(0, 20) }
    },
    delta: async (asked) => (await copies(asked.plan)).delta(asked),
    'reverse-delta': async (asked) => (await copies(asked.plan))['reverse-delta'](asked),
  }
}

type Asked = { readonly name: string; readonly identity: Parameters<typeof idIn>[1] }

/** `lagMs`: since the beginning of the last whole pass, as what came after it is known to nobody. */
function lagOf(ledger: Ledger, asked: readonly Asked[], { now, lagMs: most }: { now: number; lagMs: number }): Looks['lag'] {
  const [neverCopied, notVerified, behind]: string[][] = [[], [], []]
  let lagMs = 0
  for (const { name, identity } of asked) {
    const id = idIn(ledger, identity)
    const passes = id === null ? [] : ledger.passes(id)
    const whole = passes.findLast(({ kind, endedAt, failureCode }) => kind !== 'verify' && endedAt !== null && failureCode === null)
    if (id === null || whole === undefined) {
      neverCopied?.push(name)
      continue
    }
    lagMs = Math.max(lagMs, now - whole.beganAt)
    if (now - whole.beganAt > most) behind?.push(name)
    const proven = passes.findLast(({ kind, endedAt }) => kind === 'verify' && endedAt !== null)
    const isWrong = ledger.verifications(id).some(({ complete, result }) => !complete || lacksSomething(result))
    if (proven === undefined || proven.failureCode !== null || isWrong) notVerified?.push(name)
  }
  return { mailboxes: asked.length, neverCopied: some(neverCopied), notVerified: some(notVerified), behind: some(behind), lagMs }
}

/** What a verification found of a folder, as it is kept. */
function lacksSomething(result: unknown): boolean {
  const found: unknown = typeof result === 'object' && result !== null && 'found' in result ? result.found : null
  if (typeof found !== 'object' || found === null) return false
  return ['missing', 'different'].some((figure) => Number(Reflect.get(found, figure) ?? 0) > 0)
}

const NOBODY: Some = { count: 0, first: [] }

function some(all: readonly string[] = []): Some {
  return { count: all.length, first: all.slice(0, 20) }
}
