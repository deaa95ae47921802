import { randomBytes } from 'node:crypto'
import { asking } from '../dns/assess/outside.ts'
import { resolvedAddresses } from '../dns/assess/zone.ts'
import { portsOf } from '../mailflow/accounts.ts'
import { targetOf } from '../mailflow/mx-route.ts'
import { probeOldHost } from '../mailflow/probe-old-host.ts'
import type { Looks, MovePlan } from '../switch/looks.ts'
import { valuesAt } from '../switch/stages.ts'
import { outsideOf } from './switch-dns-hands.ts'
import type { OpenSwitch } from './switch-open.ts'

/** The mail host that the domain leaves: as it is named, or the first that MX named before. `address`: null where it has none. */
export async function oldHostOf(
  open: OpenSwitch,
  plan: MovePlan | null,
): Promise<{ readonly host: string; readonly address: string | null }> {
  const { input, wanted, ctx } = open
  const before = plan === null ? null : (valuesAt(plan, 'original').get(`${wanted.domain} MX`) ?? null)
  const [host = '', given] = input.mail.oldMx?.split('=') ?? [hostsIn(before?.data ?? [])[0]]
  if (host === '' || given !== undefined) return { host, address: given ?? null }
  const [address = null] = await resolvedAddresses(host, asking(await outsideOf(open), ctx.clock, ctx.signal))
  return { host, address }
}

/** Whether it takes mail of the domain now, and by whom it is delivered, as far as its answers show. Sends nothing. */
export async function oldHostNow(open: OpenSwitch, plan: MovePlan | null): Promise<Looks['old-host']> {
  const { input, wanted, ctx } = open
  const { domain } = wanted
  const { ports, helo, user, oldRouting: routing } = input.mail
  const { host, address } = await oldHostOf(open, plan)
  if (host === '') return { host: '', routing: 'unknown', answers: 'silent', said: 'MX named no host before.' }
  if (address === null) return { host, routing, answers: 'silent', said: `${host} has no address.` }
  const recipient = user ?? (await open.people()).known[0] ?? `postmaster@${domain}`
  const target = targetOf(host, address, portsOf(ports), null)
  const options = helo === null ? {} : { helo }
  const { answers, said } = await probeOldHost(target, recipient, ctx, options)
  if (answers !== 'accepts') return { host, routing, answers, said }
  // Who knows that nobody has this address keeps the mailboxes itself.
  const nobody = await probeOldHost(target, `nobody-${randomBytes(5).toString('hex')}@${domain}`, ctx, options)
  const delivers = nobody.answers === 'refuses' ? 'itself' : nobody.answers === 'accepts' ? 'anything' : null
  return { host, routing, answers, said, delivers }
}

/** The hosts of MX, the first to be tried first. */
export function hostsIn(mx: readonly string[]): readonly string[] {
  return mx
    .toSorted((a, b) => Number(a.split(' ')[0]) - Number(b.split(' ')[0]))
    .map((one) => one.split(' ')[1] ?? '')
    .filter((host) => host !== '')
}
