import { cmdletRefusal } from './answers.ts'
import type { Cmdlet, CmdletTable } from './cmdlet.ts'
import { cmdletsOf, named } from './cmdlet-family.ts'
import { hasDefender, RULE } from './cmdlets-preset.ts'
import { visible, removeObject } from './exchange-objects.ts'
import { mailHostOf } from './graph-domains.ts'
import { textOf, words } from './props.ts'

const verbs = ['Get', 'New', 'Set', 'Remove'] as const

/** Hides cmdlets from a tenant without Defender for Office 365, as the service does. */
function withDefender(cmdlets: Readonly<Record<string, Cmdlet>>): Record<string, Cmdlet> {
  return Object.fromEntries(
    Object.entries(cmdlets).map(([name, cmdlet]): [string, Cmdlet] => [
      name,
      {
        ...cmdlet,
        run: (call) => {
          if (!hasDefender(call))
            throw cmdletRefusal(
              400,
              'CommandNotFoundException',
              `The cmdlet '${name}' isn't present in the role definition of the current user.`,
            )
          return cmdlet.run(call)
        },
      },
    ]),
  )
}

/** Safe Links and Safe Attachments, quarantined mail, and the state of DNSSEC. */
export const DEFENDER_CMDLETS: CmdletTable = {
  ...withDefender({
    ...cmdletsOf({
      noun: 'SafeLinksPolicy',
      family: 'protection',
      verbs,
      parameters: words(
        'Name! EnableSafeLinksForEmail EnableSafeLinksForTeams EnableSafeLinksForOffice ScanUrls TrackClicks AllowClickThrough DeliverMessageAfterScan EnableForInternalSenders DisableUrlRewrite DoNotRewriteUrls',
      ),
      defaults: { EnableSafeLinksForEmail: true, ScanUrls: true, TrackClicks: true, AllowClickThrough: false, DoNotRewriteUrls: [] },
    }),
    ...cmdletsOf({ noun: 'SafeLinksRule', family: 'protection', verbs, parameters: [...RULE, 'SafeLinksPolicy!'] }),
    ...cmdletsOf({
      noun: 'SafeAttachmentPolicy',
      family: 'protection',
      verbs,
      parameters: words('Name! Enable Action QuarantineTag Redirect RedirectAddress AdminDisplayName'),
      enums: { Action: ['Allow', 'Block', 'DynamicDelivery'] },
      defaults: { Enable: false, Action: 'Block' },
    }),
    ...cmdletsOf({ noun: 'SafeAttachmentRule', family: 'protection', verbs, parameters: [...RULE, 'SafeAttachmentPolicy!'] }),
  }),
  'Release-QuarantineMessage': {
    family: 'protection',
    parameters: words('Identity! ReleaseToAll User ReportFalsePositive AllowSender'),
    run: (call) => {
      removeObject(call.world, named(call, 'QuarantineMessage'))
      return []
    },
  },
  'Get-DnssecStatusForVerifiedDomain': {
    family: 'organization',
    parameters: ['DomainName!', 'SkipDnsValidation', 'SkipMtaStsValidation', 'SkipMxValidation'],
    run: (call) => {
      const domain = named(call, 'AcceptedDomain', 'DomainName')
      return [{ DnssecFeatureStatus: 'Disabled', ExpectedMxRecord: { Record: mailHostOf(textOf(domain.props['DomainName'])) } }]
    },
  },
  ...cmdletsOf({ noun: 'MailUser', family: 'recipient', verbs: ['Get'], parameters: [] }),
  'Get-MailboxFolderPermission': {
    family: 'recipient',
    parameters: ['Identity!', 'User', 'ResultSize'],
    run: (call) => [
      { Identity: textOf(call.parameters['Identity']), FolderName: '', User: 'Default', AccessRights: ['AvailabilityOnly'] },
      { Identity: textOf(call.parameters['Identity']), FolderName: '', User: 'Anonymous', AccessRights: ['None'] },
    ],
  },
  'Get-RoleGroup': {
    family: 'organization',
    parameters: ['Identity', 'ResultSize'],
    run: ({ world }) => visible(world, 'RoleGroup').map(({ props }) => props),
  },
}
