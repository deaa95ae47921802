import type { Finding } from '../../model/change.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import { listed } from './mailbox-change.ts'
import type { Standing } from './mailbox-match.ts'
import { domainOf, isExchangeAddress, ownDomains, smtpAddresses, standings } from './mailbox-match.ts'
import type { OtherHolder } from './mailbox-owners.ts'
import { freeing, otherHolders } from './mailbox-owners.ts'
import type { Part } from '../part.ts'

/** Exchange takes no more addresses for one mailbox. */
const MOST_ADDRESSES = 400

/** Primary and further addresses of mailboxes. What is there besides is left, a former primary address too. */
export const mailboxAddressesPart: Part<null> = {
  name: 'addresses of mailboxes',
  read: async () => null,
  compare: (wanted, actual) => {
    const [book, domains] = [otherHolders(actual), ownDomains(wanted, actual)]
    const wantedAt = new Map([...wanted.groups, ...wanted.mailboxes].map(({ address, where }) => [address.toLowerCase(), where]))
    const all = standings(wanted, actual).map((one) => addressed(one, { wantedAt, book, domains }))
    return { changes: all.flatMap(({ changes }) => changes), findings: all.flatMap(({ findings }) => findings) }
  },
}

type Around = {
  /** Where each mailbox and group is wanted. */
  readonly wantedAt: ReadonlyMap<string, string>
  readonly book: OtherHolder
  readonly domains: ReadonlySet<string>
}
type Addressed = { readonly changes: readonly TenantChange[]; readonly findings: readonly Finding[] }

function addressed(one: Standing, around: Around): Addressed {
  const { mailbox } = one
  const { address, where } = one.wanted
  const there = mailbox === null ? [] : smtpAddresses(mailbox)
  const asked = one.wanted.aliases.map((alias) => alias.toLowerCase())
  const missing = [...new Set(asked)].filter((alias) => alias !== address.toLowerCase() && !there.includes(alias))
  const checked = missing.map((alias) => ({ alias, wrong: wrongAlias(one, alias, around) }))
  const wrong = checked.flatMap((each) => each.wrong)
  const aliases = checked.flatMap((each) => (each.wrong.length === 0 ? [each.alias] : []))
  const primary = needsPrimary(one)
  if (mailbox?.isSynced === true) return { changes: [], findings: [...wrong, ...syncedFinding(one, aliases, primary)] }
  const count = there.length + aliases.length + (primary ? 1 : 0)
  if (count > MOST_ADDRESSES && aliases.length > 0) {
    const says = `${address} would have ${count} addresses, and Exchange Online takes ${MOST_ADDRESSES} for a mailbox.`
    const remedy = 'Make groups or contacts of some of them.'
    return { changes: [], findings: [...wrong, { code: 'too-many-addresses', severity: 'blocker', about: address, says, remedy, where }] }
  }
  return {
    changes: [...(primary ? [primaryChange(one)] : []), ...(aliases.length > 0 ? [aliasChange(one, aliases, primary)] : [])],
    findings: wrong,
  }
}

/**
 * A mailbox that is made has the wanted primary address from the start; one that comes by a licence has that of its user, or else what
 * the user signs in with.
 */
function needsPrimary({ wanted, mailbox, user, identity }: Standing): boolean {
  const address = wanted.address.toLowerCase()
  if (mailbox !== null) return mailbox.primaryAddress !== address
  return wanted.kind === 'user' && (user?.mail ?? identity) !== address
}

function primaryChange({ wanted, mailbox, identity }: Standing): TenantChange {
  const { address } = wanted
  const set = (values: object): TenantChange['calls'] => [{ cmdlet: 'Set-Mailbox', parameters: { Identity: identity, ...values } }]
  const isNew = mailbox !== null && !smtpAddresses(mailbox).includes(address.toLowerCase())
  return {
    key: key.primaryAddress(address),
    kind: 'addresses',
    about: address,
    says: `Make ${address} the primary address ${mailbox === null ? `of ${identity}` : `(was ${mailbox.primaryAddress}, which stays as a further one)`}`,
    after: [key.mailbox(address), key.domainAccepted(domainOf(address))],
    look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: identity } } },
    expect: { is: 'set', values: { PrimarySmtpAddress: { to: address, as: 'text' } } },
    calls: set({ WindowsEmailAddress: address }),
    undo: [
      ...set({ WindowsEmailAddress: { $: 'before.PrimarySmtpAddress' } }),
      ...(isNew ? set({ EmailAddresses: { kind: 'change', remove: [`smtp:${address}`] } }) : []),
    ],
    takes: 'minutes',
  }
}

function aliasChange({ wanted, identity }: Standing, aliases: readonly string[], primary: boolean): TenantChange {
  const { address } = wanted
  const set = (change: 'add' | 'remove'): TenantChange['calls'] => [
    {
      cmdlet: 'Set-Mailbox',
      parameters: { Identity: identity, EmailAddresses: { kind: 'change', [change]: { $: 'added' } } },
    },
  ]
  const domains = [...new Set(aliases.map(domainOf))]
  return {
    key: key.addresses(address),
    kind: 'addresses',
    about: address,
    says: `Give ${address} the further ${aliases.length === 1 ? 'address' : 'addresses'} ${listed(aliases)}`,
    after: [key.mailbox(address), ...(primary ? [key.primaryAddress(address)] : []), ...domains.map(key.domainAccepted)],
    look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: identity } } },
    expect: { is: 'holds', property: 'EmailAddresses', entries: aliases.map((alias) => `smtp:${alias}`) },
    calls: set('add'),
    undo: set('remove'),
    takes: 'minutes',
  }
}

/** An alias that cannot be given does not hold up the mailbox. */
function wrongAlias(
  { wanted: { address, where }, mailbox, user }: Standing,
  alias: string,
  { wantedAt, book, domains }: Around,
): readonly Finding[] {
  const about = { severity: 'warning', about: address, where } as const
  if (!isExchangeAddress(alias)) {
    const remedy = 'Use letters without accents, digits, and dots between them, before the @.'
    return [
      { ...about, code: 'invalid-alias', says: `${alias} is no address that Exchange Online takes; ${address} goes without it.`, remedy },
    ]
  }
  if (!domains.has(domainOf(alias))) {
    const remedy = `Add ${domainOf(alias)} to the domains of the definition.`
    const says = `${alias} is in a domain that Exchange Online takes no mail for; ${address} goes without it.`
    return [{ ...about, code: 'alias-domain-unknown', says, remedy }]
  }
  const other = wantedAt.get(alias)
  if (other !== undefined) {
    const says = `${alias} is wanted as an object of its own and as an address of ${address}, which goes without it.`
    return [{ ...about, code: 'alias-taken', says, remedy: `Take one of them away (the other is at ${other}).` }]
  }
  const owner = book(alias, [...(mailbox === null ? [] : [mailbox.userId, mailbox.guid]), ...(user === null ? [] : [user.id])])
  if (owner === null) return []
  const says = `${alias} cannot be given to ${address}: ${owner.title} has it. It goes without it.`
  return [{ ...about, code: 'alias-taken', says, remedy: freeing(owner, alias) }]
}

function syncedFinding({ wanted: { address, where } }: Standing, aliases: readonly string[], primary: boolean): readonly Finding[] {
  if (aliases.length === 0 && !primary) return []
  const lacking = [...(primary ? [`SMTP:${address}`] : []), ...aliases.map((alias) => `smtp:${alias}`)]
  return [
    {
      code: 'synced-object',
      severity: 'warning',
      about: address,
      says: `${address} is kept in Active Directory, which alone can give it ${listed(lacking)}.`,
      remedy: `Add ${listed(lacking)} to proxyAddresses there, and let it be synchronised.`,
      where,
    },
  ]
}
