import type { CmdletTable } from './cmdlet.ts'
import { DEFENDER_CMDLETS } from './cmdlets-defender.ts'
import { DKIM_CMDLETS } from './cmdlets-dkim.ts'
import { GROUP_CMDLETS } from './cmdlets-group.ts'
import { MAIL_FLOW_CMDLETS } from './cmdlets-mail-flow.ts'
import { MAILBOX_CMDLETS } from './cmdlets-mailbox.ts'
import { MIGRATION_CMDLETS } from './cmdlets-migration.ts'
import { ORGANIZATION_CMDLETS } from './cmdlets-organization.ts'
import { PERMISSION_CMDLETS } from './cmdlets-permission.ts'
import { PRESET_CMDLETS } from './cmdlets-preset.ts'
import { PROTECTION_CMDLETS } from './cmdlets-protection.ts'
import { PROTOCOL_CMDLETS } from './cmdlets-protocols.ts'
import { RECIPIENT_CMDLETS } from './cmdlets-recipient.ts'
import { TRANSPORT_RULE_CMDLETS } from './cmdlets-transport-rule.ts'

/** Every cmdlet that InvokeCommand runs here. */
export const CMDLETS: CmdletTable = {
  ...MAILBOX_CMDLETS,
  ...PROTOCOL_CMDLETS,
  ...PERMISSION_CMDLETS,
  ...GROUP_CMDLETS,
  ...RECIPIENT_CMDLETS,
  ...MAIL_FLOW_CMDLETS,
  ...TRANSPORT_RULE_CMDLETS,
  ...PROTECTION_CMDLETS,
  ...PRESET_CMDLETS,
  ...DEFENDER_CMDLETS,
  ...DKIM_CMDLETS,
  ...ORGANIZATION_CMDLETS,
  ...MIGRATION_CMDLETS,
}
