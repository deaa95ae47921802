import { allowsHost } from '../dns/assess/mta-sts.ts'
import { daneOf, daneVerdict } from './dane.ts'
import type { FlowRun, Told } from './flow-run.ts'
import { mailRoute, type MailRoute } from './mx-route.ts'
import { stsOf, tlsReportsOf } from './policies.ts'
import { worst, type Outcome } from './route-result.ts'

const NO_RESOLVER: Told = { outcome: 'not-run', says: ['No resolver is given.'] }

/** S1: a policy of encryption (MTA-STS) must name the hosts that MX names, and those must show a certificate that holds. */
export async function heldToSts(flow: FlowRun): Promise<Told> {
  const { domain, page, resolvers } = flow.setup
  const [resolver] = resolvers
  if (resolver === undefined) return NO_RESOLVER
  const { records, policy, problem } = await stsOf(domain, resolver, page, flow.ctx.signal)
  if (records.length === 0)
    return { outcome: 'not-run', says: [`${domain} publishes no policy of encryption (MTA-STS): nothing is asked of senders.`] }
  if (problem !== null)
    return {
      outcome: 'warning',
      says: [`${domain} announces a policy of encryption (MTA-STS), but ${problem}. Senders go on with what they remember.`],
    }
  if (policy === null) return { outcome: 'not-run', says: ['The policy is announced; from here no web server is asked.'] }
  if (policy.mode === 'none') return { outcome: 'not-run', says: [`The policy of ${domain} is switched off (mode none).`] }
  const bad: Outcome = policy.mode === 'enforce' ? 'failed' : 'warning'
  const end =
    policy.mode === 'enforce' ? 'senders that keep to it do not deliver there' : 'it is only being tested, so that mail still comes'
  const { hosts, says } = await mailHosts(flow)
  const each = await Promise.all(
    hosts.map(async ({ host, addresses }): Promise<Told> => {
      if (!policy.mx.some((pattern) => allowsHost(pattern, host)))
        return { outcome: bad, says: [`The policy (${policy.mx.join(', ')}) does not name ${host}: ${end}.`] }
      const seen = await flow.greeting(host, addresses[0] ?? null)
      if (seen.status === 'not-run') return { outcome: 'not-run', says: [`The policy names ${host}. ${seen.says}`] }
      if (!seen.tls.used) return { outcome: bad, says: [`${host} offers no encryption that works: ${end}.`] }
      if (!seen.tls.trusted)
        return { outcome: bad, says: [`The certificate of ${host} does not hold (${seen.tls.doubt ?? 'unknown'}): ${end}.`] }
      return { outcome: 'passed', says: [`The policy (${policy.mode}) names ${host}, and its certificate holds.`] }
    }),
  )
  return together(each, says)
}

/** S2: where a mail host publishes its certificate (DANE), the one that it shows must be that one (RFC 7672). */
export async function heldToDane(flow: FlowRun): Promise<Told> {
  const [resolver] = flow.setup.resolvers
  if (resolver === undefined) return NO_RESOLVER
  const { hosts, says } = await mailHosts(flow)
  const each = await Promise.all(
    hosts.map(async ({ host, addresses }): Promise<Told> => {
      const { state, tlsa } = await daneOf(host, resolver, flow.ctx.signal)
      if (state === 'none') return { outcome: 'not-run', says: [`${host} publishes no certificate (no TLSA records).`] }
      if (state === 'unsigned')
        return { outcome: 'warning', says: [`${host} has TLSA records, but DNSSEC does not vouch for them: nobody goes by them.`] }
      if (state === 'broken')
        return {
          outcome: 'failed',
          says: [`Whether ${host} has TLSA records cannot be known, as its signed zone gives no answer: senders that know DANE wait.`],
        }
      const seen = await flow.greeting(host, addresses[0] ?? null)
      if (seen.status === 'not-run') return { outcome: 'not-run', says: [`${host} has TLSA records. ${seen.says}`] }
      if (!seen.tls.used)
        return {
          outcome: 'failed',
          says: [`${host} has TLSA records and offers no encryption that works: senders that know DANE do not deliver there.`],
        }
      const verdict = daneVerdict(tlsa, seen.tls)
      if (verdict === 'match') return { outcome: 'passed', says: [`${host} shows the certificate that its TLSA records name.`] }
      if (verdict === 'unusable')
        return { outcome: 'warning', says: [`None of the TLSA records of ${host} is of a kind that counts for mail (${tlsa.join('; ')}).`] }
      return {
        outcome: 'failed',
        says: [`No TLSA record of ${host} matches the certificate that it shows: senders that know DANE do not deliver there.`],
      }
    }),
  )
  return together(each, says)
}

/** S3: where senders report what they could not send encrypted. */
export async function tlsReports(flow: FlowRun): Promise<Told> {
  const { domain, resolvers } = flow.setup
  const [resolver] = resolvers
  if (resolver === undefined) return NO_RESOLVER
  const records = await tlsReportsOf(domain, resolver, flow.ctx.signal)
  const [record] = records
  if (record === undefined) return { outcome: 'not-run', says: [`${domain} asks for no reports about encryption (TLS-RPT).`] }
  if (records.length > 1) return { outcome: 'warning', says: ['There is more than one record of TLS-RPT, so that senders take none.'] }
  const to = /;\s*rua\s*=\s*([^;]+)/i.exec(record)?.[1]?.trim() ?? ''
  const isReal = to.split(',').every((one) => /^(?:mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/i.test(one.trim()))
  return isReal
    ? { outcome: 'passed', says: [`Senders report to ${to}.`] }
    : { outcome: 'warning', says: [`The record of TLS-RPT names no place that can be reported to: ${record}`] }
}

/** The hosts that MX names now; `says`: why there are none. */
async function mailHosts(flow: FlowRun): Promise<{ readonly hosts: MailRoute['hosts']; readonly says: readonly string[] }> {
  const [resolver] = flow.setup.resolvers
  if (resolver === undefined) return { hosts: [], says: NO_RESOLVER.says }
  const route = await mailRoute(flow.setup.domain, resolver, flow.ctx.signal)
  if (route.status !== 'found')
    return { hosts: [], says: [`${route.resolver} names no mail host for ${flow.setup.domain} (${route.status}).`] }
  return { hosts: route.hosts, says: [] }
}

function together(each: readonly Told[], says: readonly string[]): Told {
  return { outcome: worst(each.map(({ outcome }) => outcome)), says: [...says, ...each.flatMap((one) => one.says)] }
}
