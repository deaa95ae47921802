import { acceptedDomains, domainOf } from './address-book.ts'
import { existing } from './exchange-objects.ts'
import { listOf, propsOf, sameText, textOf, type Json, type Props } from './props.ts'
import type { Mail } from './transport.ts'
import type { TenantWorld } from './world.ts'

export type RuleEffects = {
  prefix: string
  reject: string | null
  deletes: boolean
  redirect: string[]
  copies: string[]
  headers: Props[]
  events: (readonly [string, string])[]
}

/** What the transport rules that are in force do to a message. Rules in audit mode only leave their mark in the trace. */
export function ruleEffects(world: TenantWorld, mail: Mail, fromOutside: boolean): RuleEffects {
  const effects: RuleEffects = { prefix: '', reject: null, deletes: false, redirect: [], copies: [], headers: [], events: [] }
  const rules = existing(world, 'TransportRule')
    .filter(({ props, times }) => props['State'] === 'Enabled' && (times['effectiveAt'] ?? 0) <= world.now())
    .toSorted((a, b) => Number(a.props['Priority']) - Number(b.props['Priority']))
  for (const { guid, props } of rules) {
    const conditions = listOf(props['Conditions'])
    const exceptions = listOf(props['Exceptions'])
    const holds = (name: string): boolean => conditionHolds(world, mail, fromOutside, name.replace(/^ExceptIf/, ''), props[name])
    if (!conditions.every(holds) || exceptions.some(holds)) continue
    effects.events.push([
      'Transport rule',
      `Transport rule: '${textOf(props['Name'])}', ID: (${guid}), actions: ${listOf(props['Actions']).join(', ')}`,
    ])
    if (props['Mode'] === 'Enforce') apply(props, effects)
    if (props['StopRuleProcessing'] === true) break
  }
  return effects
}

/** Conditions that this simulator cannot judge do not hold: such a rule does nothing here. */
function conditionHolds(
  world: TenantWorld,
  { sender, recipients, message }: Mail,
  fromOutside: boolean,
  name: string,
  value: Json | undefined,
): boolean {
  const subject = textOf(message['subject'])
  const text = textOf(propsOf(message['body'])['content'])
  const words = listOf(value)
  const holdsWord = (where: string): boolean => words.some((word) => where.toLowerCase().includes(word.toLowerCase()))
  const holdsPattern = (where: string): boolean => words.some((pattern) => new RegExp(pattern, 'i').test(where))
  const inside = (address: string): boolean => acceptedDomains(world).includes(domainOf(address))
  const files = (Array.isArray(message['attachments']) ? message['attachments'] : []).map((one: Json) => textOf(propsOf(one)['name']))
  switch (name) {
    case 'FromScope':
      return sameText(textOf(value), fromOutside ? 'NotInOrganization' : 'InOrganization')
    case 'SentToScope':
      return recipients.some((one) => inside(one) === sameText(textOf(value), 'InOrganization'))
    case 'From':
      return words.some((one) => sameText(one, sender))
    case 'SentTo':
      return recipients.some((one) => words.some((word) => sameText(word, one)))
    case 'SenderDomainIs':
      return words.some((one) => sameText(one, domainOf(sender)))
    case 'RecipientDomainIs':
      return recipients.some((one) => words.some((word) => sameText(word, domainOf(one))))
    case 'SubjectContainsWords':
      return holdsWord(subject)
    case 'SubjectMatchesPatterns':
      return holdsPattern(subject)
    case 'SubjectOrBodyContainsWords':
      return holdsWord(subject) || holdsWord(text)
    case 'SubjectOrBodyMatchesPatterns':
      return holdsPattern(subject) || holdsPattern(text)
    case 'AttachmentExtensionMatchesWords':
      return files.some((file: string) => words.some((word) => file.toLowerCase().endsWith(`.${word.toLowerCase()}`)))
    case 'AttachmentNameMatchesPatterns':
      return files.some(holdsPattern)
    default:
      return false
  }
}

function apply(rule: Props, effects: RuleEffects): void {
  effects.prefix = `${textOf(rule['PrependSubject'])}${effects.prefix}`
  const code = textOf(rule['RejectMessageEnhancedStatusCode'])
  if (code !== '')
    effects.reject ??= `550 ${code} TRANSPORT.RULES.RejectMessage; ${textOf(rule['RejectMessageReasonText']) || 'the message was rejected by organization policy'}`
  if (rule['DeleteMessage'] === true) effects.deletes = true
  effects.redirect.push(...listOf(rule['RedirectMessageTo']))
  for (const name of ['AddToRecipients', 'CopyTo', 'BlindCopyTo']) effects.copies.push(...listOf(rule[name]))
  const header = textOf(rule['SetHeaderName'])
  if (header !== '') effects.headers.push({ name: header, value: textOf(rule['SetHeaderValue']) })
}
