import type { Finding } from '../../model/change.ts'
import type { WantedTenant } from '../../model/wanted-tenant.ts'
import type { Standing } from './mailbox-match.ts'
import { domainOf, isExchangeAddress, MAILBOX_KIND, ownDomains } from './mailbox-match.ts'
import type { OtherHolder } from './mailbox-owners.ts'
import { freeing, otherHolders } from './mailbox-owners.ts'
import type { Actual } from '../part.ts'

/** What stands in the way of wanted mailboxes. What is wrong with people and licences is told where those are planned. */
export function mailboxFindings(standing: readonly Standing[], wanted: WantedTenant, actual: Actual): readonly Finding[] {
  const domains = ownDomains(wanted, actual)
  const book = otherHolders(actual)
  return standing.flatMap((one) => [
    ...wrongAddress(one, domains),
    ...takenAddress(one, book, actual),
    ...mailUser(one, actual),
    ...otherKind(one),
  ])
}

function wrongAddress({ wanted: { address, where, kind } }: Standing, domains: ReadonlySet<string>): readonly Finding[] {
  const about = { severity: 'blocker', about: address, where } as const
  if (kind === 'user') return []
  if (!isExchangeAddress(address))
    return [
      {
        ...about,
        code: 'invalid-address',
        says: `${address} is no address that Exchange Online takes.`,
        remedy: 'Use letters without accents, digits, and dots between them, before the @.',
      },
    ]
  if (domains.has(domainOf(address))) return []
  return [
    {
      ...about,
      code: 'domain-unknown',
      says: `Exchange Online takes no mail for ${domainOf(address)}, the domain of ${address}.`,
      remedy: `Add ${domainOf(address)} to the domains of the definition, or want an address in another domain.`,
    },
  ]
}

function takenAddress(one: Standing, book: OtherHolder, { recipients }: Actual): readonly Finding[] {
  const { mailbox, user } = one
  const { address, where, kind } = one.wanted
  const owner = kind === 'user' ? null : book(address, mailbox === null ? [] : [mailbox.userId, mailbox.guid])
  if (owner !== null)
    return [
      {
        code: 'address-taken',
        severity: 'blocker',
        about: address,
        says: `${address} cannot be given to the mailbox: ${owner.title} has it.`,
        remedy: freeing(owner, address),
        where,
      },
    ]
  if (mailbox !== null || user === null || !recipients.deletedMailboxes.some(({ userId }) => userId === user.id)) return []
  return [
    {
      code: 'mailbox-comes-back',
      severity: 'note',
      about: address,
      says: `${address} had a mailbox until lately. With a licence it comes back, with all that is in it.`,
      remedy: 'Nothing needs to be done. To start with an empty one, delete the old one for good first.',
      where,
    },
  ]
}

function mailUser({ wanted: { address, kind, where }, mailbox, user }: Standing, { recipients }: Actual): readonly Finding[] {
  if (kind !== 'user' || mailbox !== null || user === null) return []
  if (!recipients.all.some((one) => one.id === user.id && one.kind === 'MailUser')) return []
  return [
    {
      code: 'mail-user',
      severity: 'warning',
      about: address,
      says: `${address} is a mail user: its mailbox may still be on premises. If so, no mailbox comes, whatever its licence.`,
      remedy: "Look at msExchMailboxGuid in Active Directory: it must be empty, or the mailbox be moved by Microsoft's own tools.",
      where,
    },
  ]
}

function otherKind({ wanted, mailbox }: Standing): readonly Finding[] {
  const { address, kind, where } = wanted
  if (kind === 'user' || mailbox === null || mailbox.kind === MAILBOX_KIND[kind]) return []
  if (!Object.values(MAILBOX_KIND).includes(mailbox.kind))
    return [
      {
        code: 'mailbox-of-another-kind',
        severity: 'blocker',
        about: address,
        says: `${address} is a mailbox of the kind ${mailbox.kind}, which cannot be made a ${kind} mailbox.`,
        remedy: 'Want another address, or take this mailbox away.',
        where,
      },
    ]
  const synced = mailbox.isSynced
  return [
    {
      code: synced ? 'synced-object' : 'mailbox-converted',
      severity: 'warning',
      about: address,
      says: synced
        ? `${address} is kept in Active Directory, which alone can make it a ${kind} mailbox; it stays ${mailbox.kind}.`
        : `${address} is a ${mailbox.kind} and is made a ${kind} mailbox.`,
      remedy: synced ? 'Convert it on premises, or want it as it is.' : `If that is not meant, correct the kind of ${address}.`,
      where,
    },
  ]
}
