import type { Parameters } from './parameter.ts'
import { all, flag, whole, word, words } from './parameter.ts'

/** Those parameters of Set-OrganizationConfig that a migration has to do with. */
export const ORGANISATION: Parameters = {
  ...all(
    'SendFromAliasEnabled DisablePlusAddressInRecipients AutoExpandingArchive AutoEnableArchiveMailbox DelayedDelicensingEnabled EwsEnabled OAuth2ClientProfileEnabled AuditDisabled MailTipsAllTipsEnabled MailTipsExternalRecipientsTipsEnabled MailTipsGroupMetricsEnabled MailTipsMailboxSourcedTipsEnabled EnforceExoAppRbacPermissions PublicFoldersLockedForMigration ReadTrackingEnabled BookingsEnabled AppsForOfficeEnabled ElcProcessingDisabled',
    flag,
  ),
  MailTipsLargeAudienceThreshold: whole(0, 1000),
  EwsAllowedAppIDs: words,
  DefaultAuthenticationPolicy: word,
}

export const ORGANISATION_ELSEWHERE: Readonly<Record<string, string>> = {
  FocusedInboxOn: 'write focused_inbox: beside settings',
  RejectDirectSend: 'write direct_send: beside settings (true: it is allowed)',
}
