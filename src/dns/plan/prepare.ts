import { withSpf } from '../spf/merge.ts'
import { isSpf } from '../spf/record.ts'
import { policyStep } from './policy-step.ts'
import { FROM_SWITCH } from './item.ts'
import { note, type Planning } from './planning.ts'
import { includeIn, tooManyLookups, widenedSpf } from './spf-step.ts'
import type { RecordSet } from '../record-set.ts'
import type { TenantRecord } from './tenant-records.ts'

/** What can stand beside everything that is there, and harms nothing while the old side still takes mail. */
export function prepare(p: Planning): void {
  proofAndSpf(p)
  dkim(p)
  dmarc(p)
  tlsReports(p)
  otherServices(p)
  policyStep(p, 'prepare')
}

/** All TXT of the domain's own name is one set: every value that is not ours stays byte for byte. */
function proofAndSpf(p: Planning): void {
  const { domain, draft, tenant, isSwitched, ttl } = p
  const now = draft.at(domain, 'TXT')
  const proof = tenant.proof.find(({ type, name }) => type === 'TXT' && name === domain)
  const withProof = [...(now?.data ?? []), ...(proof === undefined || now?.data.includes(proof.data) === true ? [] : [proof.data])]
  const proven = { ...(now ?? { name: domain, type: 'TXT' as const, ttlSeconds: ttl }), data: withProof }
  if (withProof.length > 0)
    draft.put('prepare', proven, proven, {
      reason: `proves to Microsoft that ${domain} is yours; what else is there stays`,
      op: now === null ? 'add' : 'merge',
    })
  const include = includeIn(tenant)
  if (include === null) {
    if (tenant.isVerified && tenant.records.length > 0)
      note(p, {
        code: 'spf-unknown',
        says: `The tenant does not tell what SPF of ${domain} must include, and it is never guessed.`,
        remedy: 'Plan again later.',
        holds: FROM_SWITCH,
      })
    return
  }
  const merge = widenedSpf(withProof, p, include)
  const isTooMany = tooManyLookups(merge)
  for (const { code, says } of merge.notes) {
    if (isSwitched && code === 'pinned-nothing') continue
    const isBlocking = code === 'wrong' || code === 'too-many'
    note(p, {
      code: `spf-${code}`,
      severity: isBlocking ? 'blocker' : ['first', 'several', 'propose', 'pinned-nothing', 'long'].includes(code) ? 'warning' : 'note',
      says: code === 'propose' ? `For fewer look-ups in SPF: ${says}` : says,
      remedy:
        code === 'wrong'
          ? 'Correct the SPF record by hand, then plan again.'
          : code === 'too-many'
            ? 'Do of what is proposed here as much as it takes, by hand, then plan again: until then the record stays as it is.'
            : '',
      holds: isBlocking ? FROM_SWITCH : [],
    })
  }
  if (merge.text !== null && isTooMany)
    note(p, { code: 'spf-would-be', severity: 'note', says: `SPF of ${p.domain} would be: ${merge.text}`, remedy: '' })
  // One that leads too far is worth less than the one that is there.
  if (merge.text === null || isTooMany) return
  const merged = { ...proven, data: withSpf(withProof, merge.text) }
  const isAdded = !withProof.some(isSpf)
  draft.put('prepare', merged, merged, {
    reason: isAdded
      ? 'lets Microsoft 365 send for the domain (SPF); there was no such record'
      : 'lets Microsoft 365 send for the domain beside everybody who may now (SPF); other texts stay as they are',
    op: withProof.length === 0 ? 'add' : 'merge',
  })
}

function dkim(p: Planning): void {
  const { domain, draft, tenant, ttl } = p
  if (tenant.isVerified && tenant.dkim.length === 0)
    note(p, {
      code: 'dkim-unknown',
      says: `Exchange has no DKIM keys for ${domain} yet, so that it does not tell their records.`,
      remedy: 'Name the domain under protection: dkim: and run `cutover tenant apply`, then plan again.',
    })
  const cut = draft.at(`_domainkey.${domain}`, 'NS')
  if (cut !== null && tenant.dkim.length > 0) {
    note(p, {
      code: 'zone-cut',
      says: `_domainkey.${domain} is a zone of its own (${cut.data.join(', ')}): records for DKIM must be made there.`,
      remedy: `Make there: ${tenant.dkim.map(({ name, data }) => `${name} CNAME ${data}`).join('; ')}.`,
    })
    return
  }
  for (const { name, data } of tenant.dkim) {
    const text = draft.at(name, 'TXT')
    if (text !== null) {
      note(p, {
        code: 'dkim-conflict',
        says: `${name} has a TXT record, a key of another system; Microsoft needs a CNAME of that name, and both cannot be.`,
        remedy: `Let that system use another selector, remove its record, and plan again. Until then Microsoft 365 cannot sign for ${domain}; nothing else waits for it.`,
      })
      continue
    }
    const now = draft.at(name, 'CNAME')
    // Another one may still be signed with: that goes with the switch.
    if (now !== null) continue
    const set = { name, type: 'CNAME' as const, ttlSeconds: ttl, data: [data] }
    draft.put('prepare', set, set, `lets Microsoft 365 sign mail of ${domain} (DKIM)`)
  }
}

function dmarc(p: Planning): void {
  const { domain, draft, wishes, tenant, ttl } = p
  const name = `_dmarc.${domain}`
  const alias = draft.at(name, 'CNAME')
  if (alias !== null) {
    if (wishes.dmarcReports !== null) aliasKept(p, alias, 'dmarc_reports')
    return
  }
  const now = draft.at(name, 'TXT')
  const policies = now?.data.filter((text) => /^v=DMARC1\s*(?:;|$)/i.test(text)) ?? []
  if (policies.length > 1)
    note(p, {
      code: 'dmarc-several',
      says: `${name} has ${policies.length} DMARC records: receivers then follow none of them.`,
      remedy: 'Leave one of them.',
    })
  const strict = policies.some((text) => /;\s*p\s*=\s*(?:quarantine|reject)/i.test(text))
  if (strict && !tenant.isSigning)
    note(p, {
      code: 'dmarc-strict',
      says: `DMARC of ${domain} asks receivers to refuse or set aside what is not proven, and Microsoft 365 does not sign for it yet.`,
      remedy: 'Have DKIM signing on before people send from Microsoft 365.',
    })
  if (policies.length > 0) return
  const reports = wishes.dmarcReports === null ? '' : `; rua=mailto:${wishes.dmarcReports}`
  const set = { name, type: 'TXT' as const, ttlSeconds: now?.ttlSeconds ?? ttl, data: [...(now?.data ?? []), `v=DMARC1; p=none${reports}`] }
  draft.put('prepare', set, set, {
    reason: wishes.dmarcReports === null ? 'DMARC that asks for nothing yet' : 'DMARC that asks for nothing yet but reports of who sends',
    op: now === null ? 'add' : 'merge',
  })
  const elsewhere = wishes.dmarcReports?.split('@')[1]
  if (elsewhere !== undefined && elsewhere !== domain)
    note(p, {
      code: 'dmarc-consent',
      severity: 'note',
      says: `Reports to ${wishes.dmarcReports ?? ''} are sent only where ${elsewhere} agrees (RFC 7489 §7.1).`,
      remedy: `There must be: ${domain}._report._dmarc.${elsewhere} TXT "v=DMARC1".`,
    })
}

function tlsReports(p: Planning): void {
  const { domain, draft, wishes, ttl } = p
  const name = `_smtp._tls.${domain}`
  const alias = draft.at(name, 'CNAME')
  if (wishes.tlsReports === null || draft.at(name, 'TXT') !== null) return
  if (alias !== null) {
    aliasKept(p, alias, 'tls_reports')
    return
  }
  const set = { name, type: 'TXT' as const, ttlSeconds: ttl, data: [`v=TLSRPTv1; rua=mailto:${wishes.tlsReports}`] }
  draft.put('prepare', set, set, 'asks for reports of mail that could not be sent encrypted')
}

/** Whoever the alias leads to looks after the record. */
function aliasKept(p: Planning, { name, data }: RecordSet, wish: string): void {
  note(p, {
    code: 'alias-kept',
    severity: 'note',
    says: `${name} is a CNAME (${data.join(', ')}) and stays: ${wish} has no effect here.`,
    remedy: 'Whoever it leads to looks after the record: say there where reports go.',
  })
}

function otherServices(p: Planning): void {
  const { draft, tenant, wishes, ttl, domain } = p
  const others = tenant.records.filter(({ service }) => !isMail(service))
  for (const { name, type, data } of others.filter(({ service }) => wishes.services.includes(service))) {
    const inTheWay = (['CNAME', 'A', 'AAAA', 'TXT', 'SRV'] as const).find(
      (one) => (one === type || one === 'CNAME' || type === 'CNAME') && draft.at(name, one) !== null,
    )
    const set = { name, type, ttlSeconds: ttl, data: [data] }
    if (inTheWay === undefined) draft.put('prepare', set, set, `wanted by another service of the tenant`)
    else if (draft.at(name, type)?.data.includes(data) !== true)
      note(p, {
        code: 'service-conflict',
        says: `${name} ${type} ${data} is wanted by another service of the tenant, and ${inTheWay} stands there.`,
        remedy: 'Look which one is right, and change it by hand.',
      })
  }
  const left = others.filter(({ service }) => !wishes.services.includes(service))
  if (left.length > 0)
    note(p, {
      code: 'other-services',
      severity: 'note',
      says: `The tenant names ${left.length === 1 ? 'one more record' : `${left.length} more records`} for ${domain}, for ${[...new Set(left.map(({ service }) => service))].join(', ')}; mail does not need ${left.length === 1 ? 'it' : 'them'}.`,
      remedy: 'Name the service under dns: services: in cutover.yaml where that is wanted.',
    })
}

export function isMail(service: TenantRecord['service']): boolean {
  return ['email', 'emailinternalrelayonly'].includes(service.toLowerCase())
}
