import type { Json } from '../../model/change.ts'
import type { Settings, WantedTransportRule } from '../../model/wanted-tenant.ts'
import type { Recipients } from '../recipients.ts'
import { entriesOf, type Manners } from '../settings.ts'

/** How the parameters of a rule are compared, where it is not as a set. */
export const TRANSPORT_RULE_MANNERS: Manners = {
  AttachmentSizeOver: 'size',
  ExceptIfAttachmentSizeOver: 'size',
  MessageSizeOver: 'size',
  ExceptIfMessageSizeOver: 'size',
  ActivationDate: 'moment',
  ExpiryDate: 'moment',
  PrependSubject: 'exact',
  SetHeaderValue: 'exact',
  ApplyHtmlDisclaimerText: 'exact',
  RejectMessageReasonText: 'exact',
  GenerateNotification: 'exact',
}

/** Said in the definition by other means: the name, whether it is enabled, and the order. */
const ELSEWHERE: ReadonlySet<string> = new Set(['name', 'identity', 'enabled', 'priority', 'state'])

/** The parameters as the service keeps them. */
export function ruleParameters(rule: WantedTransportRule): Settings {
  const given = Object.entries(rule.parameters).filter(([name]) => !ELSEWHERE.has(name.toLowerCase()))
  // With a text of its own the code of a refusal is 5.7.1, whatever else was said.
  const kept = losesCode(rule) ? given.filter(([name]) => name.toLowerCase() !== 'rejectmessageenhancedstatuscode') : given
  return Object.fromEntries(kept)
}

export function losesCode({ parameters }: WantedTransportRule): boolean {
  const value = (wanted: string): string =>
    entriesOf(Object.entries(parameters).find(([name]) => name.toLowerCase() === wanted)?.[1]).join('')
  const code = value('rejectmessageenhancedstatuscode')
  return value('rejectmessagereasontext') !== '' && code !== '' && code !== '5.7.1'
}

/** Whether two lists name the same recipients: Exchange shows some by their names instead of their addresses. */
export function sameRecipients(wanted: Json, was: Json, { all }: Recipients): boolean {
  const resolved = (list: Json): string =>
    [
      ...new Set(
        entriesOf(list).map((entry) => {
          const given = entry.replace(/^smtp:/i, '').toLowerCase()
          const known = all.find(
            ({ id, name, addresses }) => addresses.includes(given) || name.toLowerCase() === given || id.toLowerCase() === given,
          )
          return known?.primaryAddress ?? given
        }),
      ),
    ]
      .toSorted()
      .join('\n')
  return resolved(wanted) === resolved(was)
}
