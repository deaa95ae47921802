import { cmdletRefusal } from './answers.ts'
import { set, settingsOf, type CmdletTable } from './cmdlet.ts'
import { cmdletsOf } from './cmdlet-family.ts'
import { visible } from './exchange-objects.ts'
import { findObject } from './exchange-objects.ts'
import { objectMissing } from './answers.ts'
import { listOf, type Props, words } from './props.ts'

/** The organisation as a whole, and what it keeps for how long. */
export const ORGANIZATION_CMDLETS: CmdletTable = {
  'Get-OrganizationConfig': {
    family: 'organization',
    parameters: ['Identity'],
    run: ({ world }) => [
      { ...visible(world, 'OrganizationConfig')[0]?.props, IsDehydrated: world.state.organization['IsDehydrated'] === true },
    ],
  },
  'Set-OrganizationConfig': {
    family: 'organization',
    parameters: [
      ...words('Identity AutoExpandingArchive AutoEnableArchiveMailbox DelayedDelicensingEnabled DisablePlusAddressInRecipients'),
      ...words('OAuth2ClientProfileEnabled MailTipsAllTipsEnabled MailTipsExternalRecipientsTipsEnabled FocusedInboxOn AuditDisabled'),
      ...words('ConnectorsEnabled SendFromAliasEnabled DefaultMinutesToReduceLongEventsBy IsDehydrated EwsEnabled'),
      ...words('RejectDirectSend EndUserDLUpgradeFlowsDisabled ElcProcessingDisabled'),
    ],
    run: (call) => {
      const [object] = visible(call.world, 'OrganizationConfig')
      if (object === undefined) return []
      const { AutoExpandingArchive, ...settings } = settingsOf(call, object.props)
      if (AutoExpandingArchive === false && object.props['AutoExpandingArchiveEnabled'] === true)
        throw cmdletRefusal(400, 'RecipientTaskException', "Auto-expanding archiving can't be disabled after it was enabled.")
      const patch: Props =
        AutoExpandingArchive === undefined ? settings : { ...settings, AutoExpandingArchiveEnabled: AutoExpandingArchive }
      set(call, object, patch)
      return []
    },
  },
  'Enable-OrganizationCustomization': {
    family: 'organization',
    parameters: [],
    run: ({ world }) => {
      if (world.state.organization['IsDehydrated'] !== true || world.state.pending.some(({ what }) => what === 'customised'))
        throw cmdletRefusal(
          400,
          'InvalidOperationException',
          'This operation is not required. Organization is already enabled for customization.',
        )
      world.schedule('customised', '', world.timing.customizationMs)
      return []
    },
  },
  ...cmdletsOf({
    noun: 'RetentionPolicyTag',
    family: 'organization',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: ['Name!', 'Type', 'AgeLimitForRetention', 'RetentionAction', 'RetentionEnabled', 'Comment', 'MessageClass'],
    enums: {
      RetentionAction: ['DeleteAndAllowRecovery', 'PermanentlyDelete', 'MoveToArchive', 'MarkAsPastRetentionLimit', 'MoveToDeletedItems'],
    },
    defaults: { Type: 'Personal', RetentionEnabled: true, RetentionAction: 'DeleteAndAllowRecovery' },
    customised: true,
  }),
  ...cmdletsOf({
    noun: 'RetentionPolicy',
    family: 'organization',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: ['Name!', 'RetentionPolicyTagLinks', 'IsDefault', 'RetentionId'],
    defaults: { RetentionPolicyTagLinks: [], IsDefault: false },
    customised: true,
    builtIn: ['Default MRM Policy'],
    check: (call, wanted) => {
      for (const tag of listOf(wanted['RetentionPolicyTagLinks']))
        if (findObject(call.world, 'RetentionPolicyTag', tag) === undefined) throw objectMissing(tag)
    },
  }),
  ...cmdletsOf({
    noun: 'RetentionCompliancePolicy',
    family: 'organization',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: [
      'Name!',
      'Enabled',
      'ExchangeLocation',
      'ExchangeLocationException',
      'AddExchangeLocation',
      'RemoveExchangeLocation',
      'AddExchangeLocationException',
      'RemoveExchangeLocationException',
      'Comment',
      'RetryDistribution',
    ],
    defaults: { Enabled: true, ExchangeLocation: [], ExchangeLocationException: [], DistributionStatus: 'Success' },
  }),
  ...cmdletsOf({
    noun: 'RemoteDomain',
    family: 'organization',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: [
      'Name!',
      'DomainName!',
      'AutoForwardEnabled',
      'AutoReplyEnabled',
      'AllowedOOFType',
      'DeliveryReportEnabled',
      'TNEFEnabled',
    ],
    defaults: { AutoForwardEnabled: true, AutoReplyEnabled: true },
  }),
}
