import { mxOf } from '../dns/plan/conflicts.ts'
import { readTenantRecords } from '../dns/plan/tenant-records.ts'
import { asking } from '../dns/assess/outside.ts'
import { resolvedAddresses } from '../dns/assess/zone.ts'
import { portsOf } from '../mailflow/accounts.ts'
import { greet } from '../mailflow/greet.ts'
import { mxHostEvidence, recipientsEvidence } from '../mailflow/guard-evidence.ts'
import { targetOf } from '../mailflow/mx-route.ts'
import type { SmtpTarget } from '../mailflow/smtp-wire.ts'
import { sweepRecipients } from '../mailflow/sweep.ts'
import { Failure } from '../model/failure.ts'
import type { Hands } from '../switch/hands.ts'
import type { MovePlan } from '../switch/looks.ts'
import { readRecipients } from '../tenant/recipients-read.ts'
import { coexistenceNow, recipientsIn } from './coexistence.ts'
import { oldHostOf } from './switch-old-host.ts'
import { outsideOf } from './switch-dns-hands.ts'
import { closeDomain, openDomain, type ClosingDomain } from './switch-domain-type.ts'
import type { OpenSwitch } from './switch-open.ts'
import { quicker } from './tenant-open.ts'

/** What the switch sees of the tenant and does there. */
export function tenantHandsOf(open: OpenSwitch): {
  readonly look: Pick<Hands['look'], 'mx-host' | 'recipients' | 'tenant'>
} & Pick<Hands, 'closeDomain' | 'openDomain'> {
  const { ctx, input, wanted } = open
  const { domain } = wanted
  const smtp = input.mail.helo === null ? {} : { helo: input.mail.helo }

  /** The host that the tenant names now, and where it is; null: it names none. */
  const newHost = async (): Promise<{ readonly named: string; readonly target: SmtpTarget | null } | null> => {
    const [told] = await readTenantRecords(await open.door(), [domain])
    const named = told === undefined ? undefined : mxOf(told)[0]?.split(' ')[1]
    if (named === undefined) return null
    const outside = await outsideOf(open)
    const [address] = await resolvedAddresses(named, asking(outside, ctx.clock, ctx.signal))
    return { named, target: address === undefined ? null : targetOf(named, address, portsOf(input.mail.ports), null) }
  }
  const there = async (): Promise<ReadonlySet<string>> => recipientsIn(await readRecipients((await open.door()).admin, ctx))
  const oldAddresses = async (plan: MovePlan | null): Promise<readonly string[]> => {
    const { address } = await oldHostOf(open, plan)
    return address === null ? [] : [address]
  }

  const closing = async (): Promise<ClosingDomain> => {
    const { world, service } = open
    const clock = service === null ? world.clock : quicker(world.clock, world.simulatedHaste)
    return { domain, door: await open.door(), ctx: { ...ctx, clock }, stateDir: input.stateDir, env: input.env }
  }

  return {
    look: {
      async 'mx-host'() {
        const host = await newHost()
        if (host === null) return { named: '', resolves: false, answers: 'silent', said: 'The tenant names no mail host for the domain.' }
        if (host.target === null) return { named: host.named, resolves: false, answers: 'silent', said: '' }
        return { named: host.named, resolves: true, ...mxHostEvidence(await greet(host.target, ctx, smtp)) }
      },
      async recipients() {
        const [host, { known: addresses }, inTenant] = await Promise.all([newHost(), open.people(), there()])
        if (host === null || host.target === null) {
          const all = { count: addresses.length, first: addresses.slice(0, 20) }
          return { host: host?.named ?? '', asked: 0, refused: NOBODY, unclear: all, relayed: NOBODY }
        }
        return recipientsEvidence(await sweepRecipients(host.target, addresses, ctx, smtp), inTenant)
      },
      async tenant({ plan }) {
        const door = await open.door()
        const [[told], people, host] = await Promise.all([readTenantRecords(door, [domain]), open.people(), oldAddresses(plan)])
        const mx = plan?.switch.flatMap(({ type, after }) => (type === 'MX' ? (after?.data ?? []) : [])) ?? []
        const asked = { ...people, domain, mx: mx.map((one) => one.split(' ')[1] ?? ''), oldAddresses: host }
        const { findings, domainType, isAccepted, connector } = await coexistenceNow(door, asked, ctx)
        return {
          problems: [
            ...(told?.isInTenant === true ? [] : [`The tenant does not have the domain ${domain}.`]),
            ...(told?.isInTenant === true && !told.isVerified ? [`The domain ${domain} is not proven to be ours.`] : []),
            ...(isAccepted ? [] : [`Exchange does not take mail for ${domain} yet.`]),
            ...findings.filter(({ severity }) => severity === 'blocker').map(({ says, remedy }) => `${says} ${remedy}`),
          ],
          notes: findings.filter(({ severity }) => severity !== 'blocker').map(({ says }) => says),
          domainType,
          relayTo: domainType === 'internal-relay' && connector?.enabled === true ? (connector.smartHosts[0] ?? null) : null,
        }
      },
    },
    async closeDomain() {
      const [{ known, staying }, recipients] = await Promise.all([open.people(), there()])
      const missing = [...known.filter((one) => !recipients.has(one)), ...staying]
      if (missing.length > 0)
        throw new Failure(
          'bad-input',
          `${domain} is not closed: ${missing.length === 1 ? 'an address is' : `${missing.length} addresses are`} not in the tenant, or still at the old side: ${missing.slice(0, 5).join(', ')}.`,
          { notDone: true },
        )
      await closeDomain(await closing())
    },
    openDomain: async () => openDomain(await closing()),
  }
}

const NOBODY = { count: 0, first: [] }
