import { allowsHost, policyIn } from '../assess/mta-sts.ts'
import { coversAll, narrowedPolicy, policyId, widenedPolicy, withPolicyId } from './mta-sts.ts'
import { FROM_SWITCH } from './item.ts'
import { note, type Planning } from './planning.ts'

/** Senders look for a new policy at the latest when the one that they hold refuses a host, but not all of them at once. */
const LEAST_WAIT_SECONDS = 4 * 3600

/**
 * MTA-STS: a policy that names only the old hosts makes careful senders refuse the new ones. The text stands on a web server, so that
 * a person changes it; the record that tells of a new text is ours.
 */
export function policyStep(p: Planning, phase: 'prepare' | 'tighten'): void {
  const { domain, draft, policy: text, targetMx, isSwitched, pristine } = p
  const name = `_mta-sts.${domain}`
  const record = draft.at(name, 'TXT')
  if (record === null && draft.at(name, 'CNAME') === null) return
  if (isSwitched !== (phase === 'tighten')) return
  const policy = text === null ? null : policyIn(text)
  const place = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  if (text === null || policy === null) {
    note(p, {
      code: 'sts-unreadable',
      severity: isSwitched ? 'warning' : 'blocker',
      says: `${domain} announces a policy for encrypted mail (MTA-STS), but ${place} ${text === null ? 'cannot be read' : 'holds none'}: senders go on with what they remember.`,
      remedy: 'Make the policy readable again, or remove the record and wait until what senders remember has run out (max_age).',
      holds: isSwitched ? [] : FROM_SWITCH,
    })
    return
  }
  const hosts = targetMx.map((one) => one.split(' ')[1] ?? '')
  if (hosts.length === 0 || policy.mode === 'none') return
  if (isSwitched) {
    const old = policy.mx.filter((pattern) => !hosts.some((host) => allowsHost(pattern, host)))
    if (old.length > 0)
      note(p, {
        code: 'sts-narrow',
        severity: 'note',
        says: `The MTA-STS policy of ${domain} still names ${old.join(', ')}.`,
        remedy: `Once the old side is quiet, publish at ${place}:\n${narrowedPolicy(policy, hosts)}`,
      })
  } else if (!coversAll(policy, hosts)) {
    note(p, {
      code: 'sts-widen',
      severity: policy.mode === 'enforce' ? 'blocker' : 'warning',
      says: `The MTA-STS policy of ${domain} (${policy.mode}) does not name ${hosts.join(', ')}: senders that follow it would refuse to deliver there.`,
      remedy: `Publish at ${place}, then plan again; the record that tells of it follows by itself:\n${widenedPolicy(policy, hosts)}`,
      holds: policy.mode === 'enforce' ? FROM_SWITCH : [],
    })
  }
  if (policy.mode === 'enforce' && !isSwitched && (!coversAll(policy, hosts) || text !== pristine.policy))
    p.waits.push({
      after: 'prepare',
      before: 'switch',
      seconds: Math.max(record?.ttlSeconds ?? 0, LEAST_WAIT_SECONDS),
      why: 'senders must have seen the wider MTA-STS policy',
    })
  // A text that was there from the beginning has been told of.
  const [value] = record?.data ?? []
  if (record === null || value === undefined || text === pristine.policy || (!isSwitched && !coversAll(policy, hosts))) return
  const told = { ...record, data: [withPolicyId(value, policyId(text)), ...record.data.slice(1)] }
  draft.put(phase, told, told, { reason: 'tells senders that there is a new MTA-STS policy', op: 'merge' })
}
