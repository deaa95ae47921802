import { objectMissing } from './answers.ts'
import type { Cmdlet, CmdletCall, CmdletTable } from './cmdlet.ts'
import { cmdletsOf } from './cmdlet-family.ts'
import { findObject, visible } from './exchange-objects.ts'
import { DEFENDER_PLAN_ID, planOf } from './plans.ts'
import { textOf, words } from './props.ts'
import type { ExchangeObject } from './state.ts'

/** What every rule of a protection feature takes. */
export const RULE = [
  ...words('Name! Priority Enabled Comments SentTo SentToMemberOf RecipientDomainIs ExceptIfSentTo ExceptIfSentToMemberOf'),
  ...words('ExceptIfRecipientDomainIs'),
]
/** The same for mail that goes out: it is bound to senders. */
export const SENDER_RULE = words(
  'Name! Priority Enabled Comments From FromMemberOf SenderDomainIs ExceptIfFrom ExceptIfFromMemberOf ExceptIfSenderDomainIs',
)
/** Preset security policies, quarantine, and what comes with Defender for Office 365. */
export const PRESET_CMDLETS: CmdletTable = {
  ...presets('EOPProtectionPolicyRule', ['HostedContentFilterPolicy', 'AntiPhishPolicy', 'MalwareFilterPolicy']),
  ...presets('ATPProtectionPolicyRule', ['SafeAttachmentPolicy', 'SafeLinksPolicy']),
  'Get-ATPBuiltInProtectionRule': {
    family: 'protection',
    parameters: ['Identity', 'State'],
    run: (call) => (hasDefender(call) ? [{ Name: 'ATP Built-In Protection Rule', State: 'Enabled' }] : []),
  },
  'Get-QuarantineMessage': {
    family: 'protection',
    parameters: [
      ...words('Identity RecipientAddress SenderAddress StartReceivedDate EndReceivedDate Type PolicyTypes QuarantineTypes Direction'),
      ...words('MessageId ReleaseStatus Page PageSize'),
    ],
    run: (call) =>
      visible(call.world, 'QuarantineMessage')
        .filter(({ times }) => (times['rowAt'] ?? 0) <= call.world.now())
        .map(({ props }) => props),
  },
}

/** Whether a licence of the tenant brings Defender for Office 365. */
export function hasDefender(call: CmdletCall): boolean {
  return call.world.state.skus.some(
    ({ skuId, enabled }) => enabled > 0 && planOf(skuId)?.servicePlans.some(({ id }) => id === DEFENDER_PLAN_ID) === true,
  )
}

/** Preset rules do not exist until a person turned one on in the portal once; then they can be switched and scoped. */
function presets(noun: string, policies: readonly string[]): Record<string, Cmdlet> {
  return cmdletsOf({
    noun,
    family: 'protection',
    verbs: ['Get', 'New', 'Set', 'Remove', 'Enable', 'Disable'],
    parameters: [...RULE, ...policies],
    filters: ['State'],
    customised: true,
    defaults: { State: 'Enabled' },
    check: (call, wanted, rule: ExchangeObject | null) => {
      for (const kind of policies)
        if (wanted[kind] !== undefined && rule === null && findObject(call.world, kind, textOf(wanted[kind])) === undefined)
          throw objectMissing(textOf(wanted[kind]))
    },
  })
}
