import type { Finding } from '../../model/change.ts'
import type { WantedMailbox, WantedSizes, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import type { Setting } from './mailbox-change.ts'
import { LARGEST_MESSAGE_BYTES, settingsChange, sizeInWords, sizeParameter } from './mailbox-change.ts'
import type { Standing } from './mailbox-match.ts'
import { standings } from './mailbox-match.ts'
import type { Part } from '../part.ts'

/**
 * Larger messages, and no retention, for as long as the migration lasts: changes of the kind `migration`, which are put back by
 * themselves when it is over. Mailbox plans are left as they are: a mailbox that was made with a raised size would keep it, as
 * nobody could tell what it should be put back to.
 */
export const migrationPart: Part<null> = {
  name: 'sizes and retention during the migration',
  read: async () => null,
  compare: (wanted, actual) => ({
    changes: standings(wanted, actual).flatMap((one) => prepared(one, wanted)),
    findings: tooLarge(wanted),
  }),
}

/** What messages a mailbox must take while it is migrated, beyond what it is wanted to take for good. */
export function raisedBytes({ isMigrated, sizes }: WantedMailbox, { migration }: WantedTenant): WantedSizes {
  const raised = (bytes: number | null, forGood: number | null): number | null => {
    const to = Math.min(bytes ?? 0, LARGEST_MESSAGE_BYTES)
    return isMigrated && to > (forGood ?? 0) ? to : null
  }
  return {
    receiveBytes: raised(migration.sizes.receiveBytes, sizes.receiveBytes),
    sendBytes: raised(migration.sizes.sendBytes, sizes.sendBytes),
  }
}

export function isSuspended({ isMigrated }: WantedMailbox, { migration }: WantedTenant): boolean {
  return isMigrated && migration.suspendRetention
}

function prepared({ wanted, mailbox, identity }: Standing, tenant: WantedTenant): readonly TenantChange[] {
  const raised = raisedBytes(wanted, tenant)
  const size = (name: string, says: string, to: number | null, is: number | null, forGood: number | null): readonly Setting[] => {
    if (to === null || (is !== null && is >= to)) return []
    // A moment after it was set for good, what is read may still be the size before that.
    const back = forGood === null ? {} : { putBack: sizeParameter(forGood) }
    return [{ name, to: sizeParameter(to), as: 'size', says: `${says} up to ${sizeInWords(to)}`, was: sizeInWords(forGood ?? is), ...back }]
  }
  const on = (name: string, says: string, is: boolean): readonly Setting[] =>
    is || !isSuspended(wanted, tenant) ? [] : [{ name, to: true, as: 'text', says }]
  return settingsChange({
    key: `migration ${wanted.address.toLowerCase()}`,
    kind: 'migration',
    about: wanted.address,
    says: `For the migration, ${wanted.address}`,
    // What is wanted for good is what it is put back to.
    after: [key.mailbox(wanted.address), key.mailboxSettings(wanted.address)],
    look: { cmdlet: 'Get-Mailbox', parameters: { Identity: identity } },
    cmdlet: 'Set-Mailbox',
    parameters: { Identity: identity },
    settings: [
      ...size('MaxReceiveSize', 'takes messages', raised.receiveBytes, mailbox?.maxReceiveBytes ?? null, wanted.sizes.receiveBytes),
      ...size('MaxSendSize', 'sends messages', raised.sendBytes, mailbox?.maxSendBytes ?? null, wanted.sizes.sendBytes),
      ...on('RetentionHoldEnabled', 'retention hold on', wanted.retentionHold === true || mailbox?.retentionHold === true),
      ...on('ElcProcessingDisabled', 'no retention or archive policy is applied', mailbox?.elcDisabled ?? false),
    ],
  })
}

function tooLarge({ migration: { sizes, where } }: WantedTenant): readonly Finding[] {
  const bytes = Math.max(sizes.receiveBytes ?? 0, sizes.sendBytes ?? 0)
  if (bytes <= LARGEST_MESSAGE_BYTES) return []
  return [
    {
      code: 'size-too-large',
      severity: 'warning',
      about: '',
      says: `Messages up to ${sizeInWords(bytes)} are to be moved, and Exchange Online takes 150 MB at most. Larger ones will not arrive.`,
      remedy: 'Look at them before the migration: `cutover errors --eml` exports what could not be moved.',
      where,
    },
  ]
}
