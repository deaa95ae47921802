import { createHash } from 'node:crypto'
import type { StsPolicy } from '../assess/assessment.ts'
import { allowsHost } from '../assess/mta-sts.ts'

export function coversAll({ mx }: StsPolicy, hosts: readonly string[]): boolean {
  return hosts.every((host) => mx.some((pattern) => allowsHost(pattern, host)))
}

/** The policy with these hosts beside those that it names. */
export function widenedPolicy(policy: StsPolicy, hosts: readonly string[]): string {
  return policyText(policy, [...policy.mx, ...hosts.filter((host) => !coversAll(policy, [host]))])
}

/** The policy without what names none of these hosts. */
export function narrowedPolicy(policy: StsPolicy, hosts: readonly string[]): string {
  const kept = policy.mx.filter((pattern) => hosts.some((host) => allowsHost(pattern, host)))
  return policyText(policy, [...kept, ...hosts.filter((host) => !coversAll({ ...policy, mx: kept }, [host]))])
}

function policyText({ mode, maxAgeSeconds }: StsPolicy, mx: readonly string[]): string {
  return ['version: STSv1', `mode: ${mode}`, ...mx.map((one) => `mx: ${one}`), `max_age: ${maxAgeSeconds}`, ''].join('\n')
}

/** A name for a policy that another text does not have, so that senders fetch it again (RFC 8461 §3.1: letters and digits, at most 32). */
export function policyId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20)
}

/** The TXT record with this id, whatever else it says. */
export function withPolicyId(record: string, id: string): string {
  return /;\s*id\s*=/i.test(record) ? record.replace(/(;\s*id\s*=\s*)[^;\s]*/i, `$1${id}`) : `${record.replace(/;?\s*$/, '')}; id=${id};`
}
