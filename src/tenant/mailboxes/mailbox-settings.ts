import type { Finding } from '../../model/change.ts'
import type { WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import type { Setting } from './mailbox-change.ts'
import { LARGEST_MESSAGE_BYTES, listed, settingsChange, sizeInWords, sizeParameter } from './mailbox-change.ts'
import { forwardingFindings, forwardingSettings } from './mailbox-forwarding.ts'
import type { Standing } from './mailbox-match.ts'
import { domainOf, ownDomains, standings } from './mailbox-match.ts'
import { isSuspended, raisedBytes } from './sizes.ts'
import type { Part } from '../part.ts'
import { entriesOf, rowsIn } from '../settings.ts'

/** `AutoForwardingMode` of the outbound policies; null where nobody forwards to outside. */
type ForwardingModes = readonly string[] | null

/** Everything that `Set-Mailbox` sets for good, one call for each mailbox, and archives. */
export const mailboxSettingsPart: Part<ForwardingModes> = {
  name: 'mailbox settings',
  read: async ({ admin }, wanted, actual) => {
    const own = ownDomains(wanted, actual)
    if (!wanted.mailboxes.some(({ forwarding }) => forwarding !== null && !own.has(domainOf(forwarding.to)))) return null
    const { rows } = await admin.invoke('Get-HostedOutboundSpamFilterPolicy')
    return rowsIn(rows).flatMap((row) => entriesOf(row['AutoForwardingMode']))
  },
  compare: (wanted, actual, modes) => {
    const own = ownDomains(wanted, actual)
    const all = standings(wanted, actual)
    return {
      changes: all.flatMap((one) => [...changed(one, settings(one, wanted)), ...(needsArchive(one) ? [archived(one)] : [])]),
      findings: all.flatMap((one) => [
        ...archiveFindings(one),
        ...syncedFindings(one),
        ...sizeFindings(one),
        ...forwardingFindings(one, own, modes ?? []),
      ]),
    }
  },
}

function changed({ wanted, identity }: Standing, all: readonly Setting[]): readonly TenantChange[] {
  const needsLicence = all.some(({ name }) => name === 'LitigationHoldEnabled')
  return settingsChange({
    key: key.mailboxSettings(wanted.address),
    kind: 'settings',
    about: wanted.address,
    says: `Set ${wanted.address}`,
    after: [
      key.mailbox(wanted.address),
      ...(needsLicence ? wanted.licences.map((part) => key.licence(wanted.userPrincipalName, part)) : []),
    ],
    look: { cmdlet: 'Get-Mailbox', parameters: { Identity: identity } },
    cmdlet: 'Set-Mailbox',
    parameters: { Identity: identity },
    settings: all,
  })
}

function settings(one: Standing, wanted: WantedTenant): readonly Setting[] {
  return [...named(one), ...listedOrHidden(one), ...sizes(one, wanted), ...retention(one, wanted), ...hold(one), ...forwardingSettings(one)]
}

/** A new mailbox is made with its name. That of a person is its user's, and set there. */
function named({ wanted: { displayName, alias, kind }, mailbox }: Standing): readonly Setting[] {
  if (mailbox === null || mailbox.isSynced) return []
  const rename = kind !== 'user' && displayName !== null && displayName !== mailbox.displayName
  return [
    ...(rename
      ? [
          {
            name: 'DisplayName',
            to: displayName,
            as: 'exact',
            says: `display name "${displayName}"`,
            was: `"${mailbox.displayName}"`,
          } as const,
        ]
      : []),
    ...(alias !== null && alias.toLowerCase() !== mailbox.alias.toLowerCase()
      ? [{ name: 'Alias', to: alias, as: 'text', says: `alias ${alias}`, was: mailbox.alias } as const]
      : []),
  ]
}

function listedOrHidden({ wanted: { hidden }, mailbox }: Standing): readonly Setting[] {
  if (hidden === null || mailbox?.isSynced === true || hidden === (mailbox?.hidden ?? false)) return []
  const says = hidden ? 'hidden from address lists' : 'shown in address lists'
  return [{ name: 'HiddenFromAddressListsEnabled', to: hidden, as: 'text', says }]
}

function sizes({ wanted, mailbox }: Standing, tenant: WantedTenant): readonly Setting[] {
  const raised = raisedBytes(wanted, tenant)
  const setting = (name: string, says: string, bytes: number | null, is: number | null, migration: number | null): readonly Setting[] => {
    if (bytes === null) return []
    const to = Math.min(bytes, LARGEST_MESSAGE_BYTES)
    // What is raised for the migration stays so until that is over.
    if (is === to || (migration !== null && is !== null && is >= migration && migration >= to)) return []
    return [{ name, to: sizeParameter(to), as: 'size', says: `${says} up to ${sizeInWords(to)}`, was: sizeInWords(is) }]
  }
  const { receiveBytes, sendBytes } = wanted.sizes
  return [
    ...setting('MaxReceiveSize', 'takes messages', receiveBytes, mailbox?.maxReceiveBytes ?? null, raised.receiveBytes),
    ...setting('MaxSendSize', 'sends messages', sendBytes, mailbox?.maxSendBytes ?? null, raised.sendBytes),
  ]
}

function retention({ wanted, mailbox }: Standing, tenant: WantedTenant): readonly Setting[] {
  const { retentionHold } = wanted
  const is = mailbox?.retentionHold ?? false
  if (retentionHold === null || retentionHold === is || (!retentionHold && isSuspended(wanted, tenant))) return []
  return [{ name: 'RetentionHoldEnabled', to: retentionHold, as: 'text', says: `retention hold ${retentionHold ? 'on' : 'off'}` }]
}

function hold({ wanted: { litigationHold }, mailbox }: Standing): readonly Setting[] {
  if (litigationHold === null || litigationHold === (mailbox?.litigationHold ?? false)) return []
  return [{ name: 'LitigationHoldEnabled', to: litigationHold, as: 'text', says: `litigation hold ${litigationHold ? 'on' : 'off'}` }]
}

function needsArchive({ wanted, mailbox }: Standing): boolean {
  return wanted.archive === true && mailbox?.hasArchive !== true
}

function archived({ wanted, identity }: Standing): TenantChange {
  return {
    key: `archive ${wanted.address.toLowerCase()}`,
    kind: 'archive',
    about: wanted.address,
    says: `Give ${wanted.address} an archive mailbox`,
    after: [key.mailbox(wanted.address), ...wanted.licences.map((part) => key.licence(wanted.userPrincipalName, part))],
    look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: identity } } },
    expect: { is: 'set', values: { ArchiveStatus: { to: 'Active', as: 'text' } } },
    calls: [{ cmdlet: 'Enable-Mailbox', parameters: { Identity: identity, Archive: true } }],
    // Exchange keeps it for 30 days, and gives it back when it is enabled again.
    undo: [{ cmdlet: 'Disable-Mailbox', parameters: { Identity: identity, Archive: true, Confirm: false } }],
    takes: 'minutes',
  }
}

function archiveFindings({ wanted: { address, archive, where }, mailbox }: Standing): readonly Finding[] {
  if (archive !== false || mailbox?.hasArchive !== true) return []
  return [
    {
      code: 'archive-kept',
      severity: 'warning',
      about: address,
      says: `${address} has an archive, and none is wanted. It is left, as mail would be lost with it.`,
      remedy: 'Take it away by hand if it is empty, or leave the column empty.',
      where,
    },
  ]
}

/** What is wanted, and only Active Directory may do. */
function syncedFindings({ wanted: { address, displayName, alias, hidden, kind, where }, mailbox }: Standing): readonly Finding[] {
  if (mailbox?.isSynced !== true) return []
  const different = [
    ...(kind !== 'user' && displayName !== null && displayName !== mailbox.displayName ? ['displayName'] : []),
    ...(alias !== null && alias.toLowerCase() !== mailbox.alias.toLowerCase() ? ['mailNickname'] : []),
    ...(hidden !== null && hidden !== mailbox.hidden ? ['msExchHideFromAddressLists'] : []),
  ]
  if (different.length === 0) return []
  return [
    {
      code: 'synced-object',
      severity: 'warning',
      about: address,
      says: `${address} is kept in Active Directory, which alone can change ${listed(different)} of it.`,
      remedy: `Set ${listed(different)} there, and let it be synchronised.`,
      where,
    },
  ]
}

function sizeFindings({
  wanted: {
    address,
    sizes: { receiveBytes, sendBytes },
    where,
  },
}: Standing): readonly Finding[] {
  if (Math.max(receiveBytes ?? 0, sendBytes ?? 0) <= LARGEST_MESSAGE_BYTES) return []
  return [
    {
      code: 'size-too-large',
      severity: 'warning',
      about: address,
      says: `Exchange Online takes messages of 150 MB at most; ${address} gets that.`,
      remedy: 'Want 150 MB or less.',
      where,
    },
  ]
}
