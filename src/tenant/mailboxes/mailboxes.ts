import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import { mailboxFindings } from './mailbox-findings.ts'
import type { Standing } from './mailbox-match.ts'
import { domainOf, standings } from './mailbox-match.ts'
import type { FreeNames } from './mailbox-names.ts'
import { freeNames } from './mailbox-names.ts'
import type { Part } from '../part.ts'

/** Mailboxes that are not there yet: those of people come by a licence and are waited for, the others are made. */
export const mailboxesPart: Part<null> = {
  name: 'mailboxes',
  read: async () => null,
  compare: (wanted, actual) => {
    const standing = standings(wanted, actual)
    const free = freeNames(wanted, actual)
    return {
      changes: standing
        .filter(({ mailbox }) => mailbox === null)
        .map((one) => (one.wanted.kind === 'user' ? awaited(one) : made(one, free))),
      findings: mailboxFindings(standing, wanted, actual),
    }
  },
}

function awaited({ wanted, identity }: Standing): TenantChange {
  return {
    key: key.mailbox(wanted.address),
    kind: 'mailbox',
    about: wanted.address,
    says: `Wait for the mailbox ${wanted.address}, which comes by itself once the licence has reached Exchange`,
    after: wanted.licences.map((part) => key.licence(wanted.userPrincipalName, part)),
    look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: identity } } },
    expect: { is: 'there', id: 'Guid' },
    calls: [],
    undo: [],
    takes: 'hours',
  }
}

const SWITCH = { shared: 'Shared', room: 'Room', equipment: 'Equipment', user: '' } as const
const NOUN = { shared: 'shared mailbox', room: 'room', equipment: 'equipment', user: '' } as const

function made({ wanted: one, identity }: Standing, free: FreeNames): TenantChange {
  const displayName = one.displayName ?? one.address.slice(0, one.address.indexOf('@'))
  return {
    key: key.mailbox(one.address),
    kind: 'mailbox',
    about: one.address,
    says: `Create the ${NOUN[one.kind]} ${one.address} ("${displayName}")`,
    after: [key.domainAccepted(domainOf(one.address))],
    look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: identity } } },
    expect: { is: 'there', id: 'Guid' },
    calls: [
      {
        cmdlet: 'New-Mailbox',
        parameters: {
          [SWITCH[one.kind]]: true,
          Name: free.name(displayName, one.address),
          DisplayName: displayName,
          Alias: one.alias ?? free.alias(one.address),
          PrimarySmtpAddress: one.address,
        },
      },
    ],
    // It can be restored for 30 days.
    undo: [{ cmdlet: 'Remove-Mailbox', parameters: { Identity: { $: 'made.Guid' }, Confirm: false } }],
    takes: 'minutes',
  }
}
