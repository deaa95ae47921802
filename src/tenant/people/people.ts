import type { Finding } from '../../model/change.ts'
import type { WantedMailbox } from '../../model/wanted-tenant.ts'
import { userTitle } from '../address-book.ts'
import type { Directory } from '../directory.ts'
import { fitFindings } from './licence-fit.ts'
import { seatFindings } from './licence-seats.ts'
import { licencePlan } from './licences.ts'
import { lookAlikes } from './look-alikes.ts'
import { firstOfEach } from '../mailboxes/mailbox-match.ts'
import type { Part } from '../part.ts'
import { personFindings } from './person-findings.ts'
import { findingAbout, type Person, personsOf } from './person.ts'
import { userChanges } from './users.ts'

/**
 * Users, their locations and licences. Also for those who cannot have them yet the changes are planned, so that whatever waits for
 * them is held back too; their findings tell why.
 */
export const people: Part<null> = {
  name: 'people',
  read: async () => null,
  compare: (wanted, actual) => {
    const { directory } = actual
    const all = firstOfEach(wanted.mailboxes)
    const doubled = userTwice(all)
    const second = new Set(doubled.map(({ about }) => about))
    const single = all.filter(({ address }) => !second.has(address))
    const persons = personsOf(single, wanted, actual)
    const planned = persons.map((person) => {
      const licences = licencePlan(person, directory)
      const findings = [
        ...(person.wanted.kind === 'user' ? personFindings(person, wanted, directory) : []),
        ...syncedFindings(person, directory),
        ...licences.findings,
        ...(licences.findings.some(({ code }) => TELLS_NOTHING.has(code)) ? [] : fitFindings(person, licences.held, directory)),
      ]
      return { person, licences, findings }
    })
    const needs = planned.filter(({ findings }) => !findings.some(({ severity }) => severity === 'blocker'))
    return {
      changes: planned.flatMap(({ person, licences }) => [...userChanges(person, directory), ...licences.changes]),
      findings: [
        ...doubled,
        ...planned.flatMap(({ findings }) => findings),
        ...seatFindings(needs.map(({ person, licences }) => ({ person, added: licences.added }))),
        ...lookAlikes(persons, directory),
      ],
    }
  },
}

/** Findings after which nobody knows what the licences will allow. */
const TELLS_NOTHING: ReadonlySet<string> = new Set(['licence-unknown', 'licence-needs-another', 'plan-off'])

/** What Active Directory does, or will do, with somebody. */
function syncedFindings({ wanted, user, belongsToAd }: Person, directory: Directory): readonly Finding[] {
  if (user === null || wanted.kind !== 'user') return []
  if (!user.isSynced)
    return belongsToAd && directory.isSynced
      ? [
          findingAbout(
            wanted,
            'note',
            'soft-match',
            `${userTitle(user)} lives in the cloud alone, in a tenant that is synced from an Active Directory.`.replace(/^t/, 'T'),
            'A user there with the same sign-in name or primary address takes this one over at the next synchronisation. Check the export of the Active Directory to see whom.',
          ),
        ]
      : []
  const names = ['displayName', 'givenName', 'surname'] as const
  const different = names.filter((name) => wanted[name] !== null && wanted[name] !== (user[name] ?? ''))
  if (different.length === 0) return []
  return [
    findingAbout(
      wanted,
      'warning',
      'synced-names',
      `${userTitle(user)} has other names than the list, and Active Directory alone can change them.`.replace(/^t/, 'T'),
      'Change them in Active Directory, or leave them out of the list.',
    ),
  ]
}

/** Two mailboxes for one person. Which of them is meant nobody can tell, so that the first is made. */
function userTwice(mailboxes: readonly WantedMailbox[]): readonly Finding[] {
  const first = new Map<string, WantedMailbox>()
  return mailboxes.flatMap((mailbox) => {
    const upn = mailbox.userPrincipalName.toLowerCase()
    const known = mailbox.kind === 'user' ? first.get(upn) : undefined
    if (mailbox.kind === 'user' && known === undefined) first.set(upn, mailbox)
    if (known === undefined) return []
    const says = `${mailbox.address} is wanted for the user ${upn}, who gets the mailbox ${known.address} already (${known.where}).`
    const remedy = 'A user has one mailbox: make one address a further address of the other, or write another sign-in name.'
    return [findingAbout(mailbox, 'blocker', 'user-twice', says, remedy)]
  })
}
