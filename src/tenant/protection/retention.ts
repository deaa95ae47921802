import type { Finding } from '../../model/change.ts'
import type { WantedTenant } from '../../model/wanted-tenant.ts'
import type { Part } from '../part.ts'
import { entriesOf, named, rowsIn, textAt, type Row } from '../settings.ts'

export type Retention = {
  readonly policies: readonly Row[]
  readonly tags: readonly Row[]
  readonly mailboxes: readonly Row[]
  /** Nothing is processed in the whole organisation. */
  readonly isOff: boolean
}

/**
 * Retention that would delete or archive old mail as soon as it has been copied. It only finds: what holds it off is set for each
 * mailbox, with its other settings.
 */
export const retention: Part<Retention | null> = {
  name: 'retention',
  read: async ({ admin }, { mailboxes }) => {
    if (!mailboxes.some(({ isMigrated }) => isMigrated)) return null
    const select = ['PrimarySmtpAddress', 'RetentionPolicy', 'RetentionHoldEnabled', 'ElcProcessingDisabled']
    const [policies, tags, found, config] = await Promise.all([
      admin.invoke('Get-RetentionPolicy'),
      admin.invoke('Get-RetentionPolicyTag'),
      admin.invoke('Get-Mailbox', { ResultSize: 'Unlimited' }, { select }),
      admin.invoke('Get-OrganizationConfig'),
    ])
    return {
      policies: rowsIn(policies.rows),
      tags: rowsIn(tags.rows),
      mailboxes: rowsIn(found.rows),
      isOff: config.rows[0]?.['ElcProcessingDisabled'] === true,
    }
  },
  compare: (wanted, _, there) => ({ changes: [], findings: there === null || there.isOff ? [] : findingsOf(wanted, there) }),
}

function findingsOf(wanted: WantedTenant, { policies, tags, mailboxes }: Retention): readonly Finding[] {
  const ofNew = textAt(policies.find((row) => row['IsDefault'] === true) ?? {}, 'Name')
  const byAddress = new Map(mailboxes.map((row) => [textAt(row, 'PrimarySmtpAddress').toLowerCase(), row]))
  const counts = new Map<string, number>()
  for (const { address, isMigrated, retentionHold } of wanted.mailboxes) {
    const row = byAddress.get(address.toLowerCase())
    const isHeld = row?.['RetentionHoldEnabled'] === true && retentionHold !== false
    if (!isMigrated || retentionHold === true || isHeld || row?.['ElcProcessingDisabled'] === true) continue
    const policy = row === undefined ? ofNew : textAt(row, 'RetentionPolicy')
    counts.set(policy, (counts.get(policy) ?? 0) + 1)
  }
  return [...counts].flatMap(([name, count]): readonly Finding[] => {
    const links = entriesOf(named(policies, name)?.['RetentionPolicyTagLinks'])
    const acts = links.flatMap((link) => actOf(named(tags, link)))
    if (acts.length === 0) return []
    const isSuspended = wanted.migration.suspendRetention
    return [
      {
        code: 'retention-acts',
        severity: isSuspended ? 'note' : 'warning',
        about: name,
        says: `The retention policy "${name}" of ${count === 1 ? 'one mailbox' : `${count} mailboxes`} ${isSuspended ? 'is held off while mail is moved' : 'would reach for mail that has just been copied'}: it ${acts.join('; ')}.`,
        remedy: isSuspended
          ? 'Nothing is to be done here. Retention policies of Microsoft Purview cannot be seen from here: look at them too.'
          : 'Write "suspend_retention: true" under migration: retention is held off until the migration is finished. Look at the retention policies of Microsoft Purview too.',
        where: wanted.migration.where,
      },
    ]
  })
}

const ACTS: Readonly<Record<string, string>> = {
  deleteandallowrecovery: 'deletes',
  permanentlydelete: 'deletes for good',
  movetodeleteditems: 'moves to Deleted Items',
  movetoarchive: 'moves to the archive',
}

/** What a tag does by itself; a personal one only does what a person asks for. */
function actOf(tag: Row | null): readonly string[] {
  if (tag === null || tag['RetentionEnabled'] === false || textAt(tag, 'Type').toLowerCase() === 'personal') return []
  const act = ACTS[textAt(tag, 'RetentionAction').toLowerCase()]
  const days = /^(\d+)\./.exec(textAt(tag, 'AgeLimitForRetention'))?.[1]
  if (act === undefined || days === undefined) return []
  const type = textAt(tag, 'Type')
  return [
    `${act} what is older than ${days} days${type === 'All' || type === '' ? '' : ` in the folder ${type}`} ("${textAt(tag, 'Name')}")`,
  ]
}
