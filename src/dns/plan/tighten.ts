import { withSpf } from '../spf/merge.ts'
import { isSpf } from '../spf/record.ts'
import { CLIENT_SERVICES } from './names.ts'
import { setIn, type Planning } from './planning.ts'
import { policyStep } from './policy-step.ts'
import { isMail } from './prepare.ts'
import { includeIn, passingTerms, withoutTerms } from './spf-step.ts'

/** Takes away what stood there for the time of the move, once the old side is quiet. */
export function tighten(p: Planning): void {
  const { domain, draft, tenant, targetMx } = p
  if (targetMx.length === 0) return
  const include = includeIn(tenant)
  if (include !== null) spfWithout(p, 'tighten', passingTerms(p, include), 'these addresses were let send for the time of the move only')
  policyStep(p, 'tighten')
  for (const label of CLIENT_SERVICES) {
    const set = draft.at(`${label}.${domain}`, 'SRV')
    // A lone dot says that there is no such service, which is still right.
    if (set !== null && !set.data.every((one) => one.endsWith(' .')))
      draft.put('tighten', set, null, 'it shows mail programs the way to the old server')
  }
  for (const type of ['A', 'AAAA', 'CNAME'] as const) {
    const set = draft.at(`autoconfig.${domain}`, type)
    if (set !== null) draft.put('tighten', set, null, 'it shows mail programs the way to the old server')
  }
}

/** Everything back to the times to live that are usual: no more need for haste. */
export function raise(p: Planning): void {
  const { domain, draft, targetMx, ttl, lowTtl, pristine, tenant } = p
  if (targetMx.length === 0) return
  const names = [
    { name: domain, type: 'MX' as const },
    ...tenant.records.filter(({ type, service }) => type === 'CNAME' && isMail(service)),
    ...tenant.dkim,
    { name: domain, type: 'TXT' as const },
    { name: `_mta-sts.${domain}`, type: 'TXT' as const },
  ]
  for (const { name, type } of names) {
    const set = draft.at(name, type)
    if (set === null || set.ttlSeconds > lowTtl) continue
    const first = setIn(pristine.sets, name, type)
    const isNew = first === null || type === 'MX' || type === 'CNAME'
    const usual = isNew ? ttl : first.ttlSeconds
    if (usual > set.ttlSeconds)
      draft.put('raise-ttl', set, { ...set, ttlSeconds: usual }, `it changes no more: as long as ${isNew ? 'is usual' : 'it was'} again`)
  }
}

/** What the old system needed, where the definition says that it goes. */
export function retire(p: Planning): void {
  const { draft, wishes } = p
  if (wishes.retireSenders.length > 0) spfWithout(p, 'retire', wishes.retireSenders, 'these senders are no longer used')
  for (const name of wishes.retireNames)
    for (const set of draft.sets().filter((one) => one.name === name))
      draft.put('retire', set, null, { reason: 'the definition lets it go', risk: 'whoever still uses this name' })
}

function spfWithout({ domain, draft }: Planning, phase: 'tighten' | 'retire', terms: readonly string[], reason: string): void {
  const now = draft.at(domain, 'TXT')
  const text = now?.data.find(isSpf)
  if (now === null || text === undefined || terms.length === 0) return
  const left = withoutTerms(text, terms)
  if (left === withoutTerms(text, [])) return
  const set = { ...now, data: withSpf(now.data, left) }
  draft.put(phase, set, set, { reason: `${reason}: ${terms.join(' ')}`, op: 'merge', risk: 'mail that is still sent from there fails SPF' })
}
