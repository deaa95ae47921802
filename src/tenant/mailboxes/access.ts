import { textIn } from '../../microsoft/wire-json.ts'
import type { WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import { standings } from './mailbox-match.ts'
import { hasFullAccess, permissionRows } from './mailbox-permissions.ts'
import type { Actual, Part } from '../part.ts'
import { rowsOf } from './mailbox-rows.ts'

type AppAccess = {
  /** Whether Exchange knows the application at all. */
  readonly isKnown: boolean
  /** Wanted addresses of the mailboxes that it may open. */
  readonly open: ReadonlySet<string>
}

/**
 * The application that moves the mail: known to Exchange, and let into each mailbox that is migrated (IMAP.AccessAsApp alone lets it
 * into none). Changes of the kind `migration`: they are taken back when it is over.
 */
export const appAccessPart: Part<AppAccess> = {
  name: 'access of the migration application',
  read: async ({ admin }, wanted, actual) => {
    const { appId, servicePrincipalId } = actual.app
    if (wanted.migration.app === null) return { isKnown: true, open: new Set() }
    const rows = await rowsOf(admin, 'Get-ServicePrincipal', {})
    const isKnown = rows.some((row) => textIn(row['AppId']).toLowerCase() === appId.toLowerCase())
    if (!isKnown) return { isKnown, open: new Set() }
    const there = standings(wanted, actual).filter((one) => one.mailbox !== null && one.wanted.isMigrated)
    const found = await Promise.all(
      there.map(async ({ wanted: { address }, identity }) =>
        hasFullAccess(await permissionRows(admin, identity, servicePrincipalId)) ? [address] : [],
      ),
    )
    return { isKnown, open: new Set(found.flat()) }
  },
  compare: (wanted, actual, { isKnown, open }) => {
    const { app } = wanted.migration
    if (app === null) return { changes: [], findings: [] }
    const closed = standings(wanted, actual).filter((one) => one.wanted.isMigrated && !open.has(one.wanted.address))
    return {
      changes: [
        ...(isKnown ? [] : [registered(app.displayName, actual)]),
        ...closed.map((one) => letIn(one.wanted, one.identity, wanted, actual)),
      ],
      findings: [],
    }
  },
}

/** Makes the application known to Exchange Online. */
export function registered(displayName: string, { app }: Pick<Actual, 'app'>): TenantChange {
  return {
    key: key.servicePrincipal(),
    kind: 'migration',
    about: '',
    says: `Make the application ${displayName} (${app.appId}) known to Exchange Online`,
    after: [],
    look: { call: { cmdlet: 'Get-ServicePrincipal', parameters: {} }, find: { property: 'AppId', equals: app.appId } },
    expect: { is: 'there', id: 'ObjectId' },
    calls: [
      {
        cmdlet: 'New-ServicePrincipal',
        parameters: { AppId: app.appId, ObjectId: app.servicePrincipalId, DisplayName: displayName },
      },
    ],
    undo: [{ cmdlet: 'Remove-ServicePrincipal', parameters: { Identity: { $: 'made.ObjectId' }, Confirm: false } }],
    takes: 'minutes',
  }
}

function letIn({ address }: WantedMailbox, identity: string, { migration }: WantedTenant, { app }: Actual): TenantChange {
  const entry = { Identity: identity, User: app.servicePrincipalId, AccessRights: ['FullAccess'] }
  return {
    key: `app-access ${address.toLowerCase()}`,
    kind: 'migration',
    about: address,
    says: `For the migration, let ${migration.app?.displayName ?? app.displayName} open ${address}`,
    after: [key.servicePrincipal(), key.mailbox(address)],
    look: {
      call: { cmdlet: 'Get-MailboxPermission', parameters: { Identity: identity, User: app.servicePrincipalId } },
      collect: 'AccessRights',
    },
    expect: { is: 'holds', property: 'AccessRights', entries: ['FullAccess'] },
    calls: [{ cmdlet: 'Add-MailboxPermission', parameters: { ...entry, InheritanceType: 'All', AutoMapping: false } }],
    undo: [{ cmdlet: 'Remove-MailboxPermission', parameters: { ...entry, Confirm: false } }],
    takes: 'minutes',
  }
}
