import type { Finding } from '../../model/change.ts'
import type { WantedProtection } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import { strangeDomains } from '../own-domains.ts'
import type { Part } from '../part.ts'
import { named, rowsIn, textAt, type Row } from '../settings.ts'

type WantedDkim = WantedProtection['dkim'][number]

/** Signing with DKIM: keys are made, their two records are told, and it is switched on once they are seen in DNS. */
export const dkim: Part<readonly Row[]> = {
  name: 'dkim',
  read: async ({ admin }, { protection }) =>
    protection.dkim.length === 0 ? [] : rowsIn((await admin.invoke('Get-DkimSigningConfig')).rows),
  compare: (wanted, actual, rows) => ({
    changes: wanted.protection.dkim.flatMap((one) => {
      const row = named(rows, one.domain, 'Domain')
      if (row === null) return [keysMade(one), switchedOn(one)]
      return row['Enabled'] === true ? [] : [switchedOn(one)]
    }),
    findings: wanted.protection.dkim.flatMap((one) =>
      strangeDomains([one.domain], wanted, actual).length > 0 ? [strange(one)] : findingsOf(one, named(rows, one.domain, 'Domain')),
    ),
  }),
}

function keysMade({ domain, keyBits }: WantedDkim): TenantChange {
  const name = domain.toLowerCase()
  return {
    key: key.dkimKeys(name),
    kind: 'dkim',
    about: name,
    says: `Make keys of ${keyBits} bits to sign mail of ${name} with DKIM`,
    after: [key.domainAccepted(name)],
    look: look(name),
    expect: { is: 'there', id: 'Domain' },
    calls: [{ cmdlet: 'New-DkimSigningConfig', parameters: { DomainName: name, Enabled: false, KeySize: keyBits } }],
    undo: { cannot: `Exchange has no way to remove the keys of ${name}. While signing is off they do nothing.` },
    takes: 'minutes',
  }
}

function switchedOn({ domain }: WantedDkim): TenantChange {
  const name = domain.toLowerCase()
  const set = (Enabled: boolean) => ({ cmdlet: 'Set-DkimSigningConfig', parameters: { Identity: name, Enabled } }) as const
  return {
    key: `dkim-signing ${name}`,
    kind: 'dkim',
    about: name,
    says: `Sign mail of ${name} with DKIM, as soon as its two CNAME records are seen in DNS (was off)`,
    after: [key.dkimKeys(name)],
    look: look(name),
    expect: { is: 'set', values: { Enabled: { to: true, as: 'text' } } },
    calls: [set(true)],
    undo: [set(false)],
    takes: 'hours',
  }
}

function look(domain: string): TenantChange['look'] {
  return { call: { cmdlet: 'Get-DkimSigningConfig', parameters: { Identity: domain } } }
}

function strange({ domain, where }: WantedDkim): Finding {
  return {
    code: 'dkim-domain',
    severity: 'blocker',
    about: domain.toLowerCase(),
    says: `Mail of ${domain} cannot be signed: it is no domain of the tenant.`,
    remedy: `Add ${domain} to the domains of the definition, or correct the name.`,
    where,
  }
}

function findingsOf({ domain, keyBits, where }: WantedDkim, row: Row | null): readonly Finding[] {
  const name = domain.toLowerCase()
  const common = { about: name, where }
  if (row === null)
    return [
      {
        ...common,
        code: 'dkim-records',
        severity: 'note',
        says: `Signing for ${name} needs two CNAME records, whose targets Microsoft tells when the keys are made.`,
        remedy: 'Apply (with --wait 1, so that it does not wait for them), then plan again: the records are shown here.',
      },
    ]
  const targets = [1, 2].map((n) => textAt(row, `Selector${n}CNAME`))
  const records = targets.map((target, at) => `name selector${at + 1}._domainkey.${name}, type CNAME, value ${target}`).join('; ')
  const isMissing = textAt(row, 'Status').toLowerCase() === 'cnamemissing'
  const bits = Math.max(...[1, 2].map((n) => Number(row[`Selector${n}KeySize`] ?? 0)))
  const found: Finding[] = []
  if (row['Enabled'] !== true || isMissing)
    found.push({
      ...common,
      code: 'dkim-records',
      severity: 'warning',
      says: `Mail of ${name} ${row['Enabled'] === true ? 'is signed with DKIM, but its records were not found in DNS' : 'is not signed with DKIM before two records are in DNS'}.`,
      remedy: targets.includes('')
        ? 'Microsoft does not tell the records yet: plan again in some minutes.'
        : `Publish: ${records}. They must be CNAME records, not behind a proxy. Then apply again: it can take minutes to days until Microsoft sees them.`,
    })
  if (bits > 0 && bits < keyBits)
    found.push({
      ...common,
      code: 'dkim-key-short',
      severity: 'warning',
      says: `The DKIM keys of ${name} have ${bits} bits, and ${keyBits} are wanted.`,
      remedy: `Run Rotate-DkimSigningConfig -Identity ${name} -KeySize ${keyBits}: Microsoft changes the keys over four days, and the records stay.`,
    })
  return found
}
