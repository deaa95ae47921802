import type { Finding } from '../model/change.ts'
import type { WantedTenant } from '../model/wanted-tenant.ts'
import { unknownParameters } from './parameters/check.ts'
import { INBOUND, OUTBOUND } from './parameters/connectors.ts'
import { ORGANISATION } from './parameters/organisation.ts'
import { POLICIES } from './parameters/protection.ts'
import { isForAll, TRANSPORT_RULE } from './parameters/transport-rules.ts'
import { isKnownLicence } from './values/licence.ts'

/** What is doubtful in a definition, as far as that can be told without the tenant. */
export function definitionFindings(wanted: WantedTenant): readonly Finding[] {
  return [...unknownLicences(wanted), ...unknownPeople(wanted), ...circles(wanted), ...doubtfulSettings(wanted)]
}

function unknownLicences({ mailboxes }: WantedTenant): readonly Finding[] {
  const where = new Map<string, string>()
  for (const mailbox of mailboxes)
    for (const part of mailbox.licences) if (!isKnownLicence(part) && !where.has(part)) where.set(part, mailbox.where)
  return [...where].map(([part, place]) =>
    warning('licence-unknown', part, place, {
      says: `The licence ${part} is none that is known here; it is asked for by that name.`,
      remedy: 'Compare it with the SKU part numbers of the tenant.',
    }),
  )
}

/** People who are named and stand nowhere: they must be in the tenant already. */
function unknownPeople(wanted: WantedTenant): readonly Finding[] {
  const { mailboxes, groups, contacts } = wanted
  const known = new Set([
    ...mailboxes.flatMap(({ address, aliases, userPrincipalName }) => [address, userPrincipalName, ...aliases]),
    ...groups.flatMap(({ address, aliases }) => [address, ...aliases]),
    ...contacts.map(({ address }) => address),
  ])
  const entries = [
    ...mailboxes.map(({ address, where, fullAccess, sendAs }) => ({ address, where, named: [...fullAccess, ...sendAs] })),
    ...groups.map(({ address, where, members, owners }) => ({ address, where, named: [...members, ...owners] })),
  ]
  return entries.flatMap(({ address, where, named }) => {
    const strangers = [...new Set(named.filter((each) => !known.has(each)))]
    if (strangers.length === 0) return []
    const first = strangers.slice(0, 3).join(', ')
    const who = strangers.length > 3 ? `${first} and ${strangers.length - 3} more` : first
    return [
      warning('member-unknown', address, where, {
        says: `${address} names ${who}, of whom the definition says nothing: they must be in the tenant already.`,
        remedy: 'Put people of the organisation into the list of mailboxes, and others under contacts.',
      }),
    ]
  })
}

/** Groups that are members of each other. Exchange takes them, and mail to them is delivered once; nobody means it. */
function circles({ groups }: WantedTenant): readonly Finding[] {
  const byAddress = new Map(groups.flatMap((group) => [group.address, ...group.aliases].map((address) => [address, group] as const)))
  const told = new Set<string>()
  return groups.flatMap((group) => {
    const reached = new Set<string>()
    const waiting = [group]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      for (const member of next.members) {
        const inner = byAddress.get(member)
        if (inner === undefined || reached.has(inner.address)) continue
        reached.add(inner.address)
        waiting.push(inner)
      }
    if (!reached.has(group.address) || told.has(group.address)) return []
    for (const address of reached) told.add(address)
    return [
      warning('group-circle', group.address, group.where, {
        says: `The group ${group.address} is a member of itself by way of ${[...reached].filter((each) => each !== group.address).join(', ')}.`,
        remedy: 'Take one of them out of the other.',
      }),
    ]
  })
}

function doubtfulSettings({ connectors, transportRules, protection, organisation, domains }: WantedTenant): readonly Finding[] {
  const entries = [
    ...connectors.map(({ name, where, direction, parameters }) => ({
      about: name,
      where,
      unknown: unknownParameters(parameters, direction === 'inbound' ? INBOUND : OUTBOUND),
    })),
    ...transportRules.map(({ name, where, parameters }) => ({
      about: name,
      where,
      unknown: unknownParameters(parameters, TRANSPORT_RULE),
    })),
    ...protection.policies.map(({ name, where, feature, settings }) => ({
      about: name,
      where,
      unknown: unknownParameters(settings, POLICIES[feature]),
    })),
    { about: '', where: organisation.where, unknown: unknownParameters(organisation.settings, ORGANISATION) },
  ]
  const unknown = entries.flatMap(({ about, where, unknown }) =>
    unknown.map((name) =>
      warning('parameter-unknown', about, where, {
        says: `The parameter ${name} is none that is known here; it is passed on as it stands.`,
        remedy: "Compare its spelling with Microsoft's page of the cmdlet.",
      }),
    ),
  )
  const forAll = transportRules
    .filter(({ parameters }) => isForAll(parameters))
    .map(({ name, where }) =>
      warning('rule-for-all', name, where, {
        says: `The transport rule "${name}" has no condition: it applies to every message.`,
        remedy: 'Give it a condition, such as FromScope or SentTo, unless that is meant.',
      }),
    )
  const named = new Set(domains.map(({ name }) => name))
  const strange = protection.dkim
    .filter(({ domain }) => named.size > 0 && !named.has(domain))
    .map(({ domain, where }) =>
      warning('domain-not-listed', domain, where, {
        says: `${domain} is to sign with DKIM and does not stand under domains.`,
        remedy: 'Add it there, unless it is in the tenant already.',
      }),
    )
  return [...unknown, ...forAll, ...strange]
}

function warning(code: string, about: string, where: string, text: { readonly says: string; readonly remedy: string }): Finding {
  return { code, severity: 'warning', about, where, ...text }
}
