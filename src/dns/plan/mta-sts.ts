import { createHash } from 'node:crypto'

/** A policy of RFC 8461 §3.2. */
export type StsPolicy = { readonly mode: string; readonly mx: readonly string[]; readonly maxAgeSeconds: number }

/** null for what is no policy. */
export function parsePolicy(text: string): StsPolicy | null {
  const pairs = text.split(/\r?\n/).flatMap((line): readonly (readonly [string, string])[] => {
    const [, key, value] = /^\s*([\w-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? []
    return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value]]
  })
  const one = (name: string): string | undefined => pairs.find(([key]) => key === name)?.[1]
  const mode = one('mode')?.toLowerCase()
  if (one('version')?.toUpperCase() !== 'STSV1' || mode === undefined) return null
  const mx = pairs.filter(([key]) => key === 'mx').map(([, value]) => value.toLowerCase().replace(/\.$/, ''))
  return { mode, mx, maxAgeSeconds: Number(one('max_age')) || 0 }
}

/** A star stands for exactly one label (RFC 8461 §4.1): `*.mx.example` is not `a.b.mx.example`. */
export function policyNames(pattern: string, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return pattern.startsWith('*.') ? name.includes('.') && name.slice(name.indexOf('.') + 1) === pattern.slice(2) : name === pattern
}

export function coversAll({ mx }: StsPolicy, hosts: readonly string[]): boolean {
  return hosts.every((host) => mx.some((pattern) => policyNames(pattern, host)))
}

/** The policy with these hosts beside those that it names. */
export function widenedPolicy(policy: StsPolicy, hosts: readonly string[]): string {
  return policyText(policy, [...policy.mx, ...hosts.filter((host) => !coversAll(policy, [host]))])
}

/** The policy without what names none of these hosts. */
export function narrowedPolicy(policy: StsPolicy, hosts: readonly string[]): string {
  const kept = policy.mx.filter((pattern) => hosts.some((host) => policyNames(pattern, host)))
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
