import type { Json } from '../../model/change.ts'
import type { WantedTenant, WantedTransportRule } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import type { Actual, Part } from '../part.ts'
import { isSwitchedOn, placeChanges, switchChange } from './rule-places.ts'
import { differences, entriesOf, givenOnly, named, newObject, rowsIn, settingChange, shownName, textAt, type Row } from '../settings.ts'
import { transportRuleFindings } from './transport-rules-findings.ts'
import { ruleParameters, sameRecipients, TRANSPORT_RULE_MANNERS } from './transport-rules-form.ts'
import { takesRecipients } from './transport-rules-names.ts'

/** Mail flow rules by the parameters of their cmdlets, in the order of the definition among themselves. */
export const transportRules: Part<readonly Row[]> = {
  name: 'transport rules',
  read: async ({ admin }, wanted) => {
    if (wanted.transportRules.length === 0) return []
    return rowsIn((await admin.invoke('Get-TransportRule', { ResultSize: 'Unlimited' })).rows)
  },
  compare: (wanted, actual, rows) => {
    const made = newRules(wanted, rows)
    const changed = wanted.transportRules.flatMap((rule) => {
      const row = named(rows, rule.name)
      return row === null ? [] : changesOf(rule, row, wanted, actual)
    })
    return {
      changes: [
        ...made,
        ...changed,
        ...placeChanges({
          noun: NOUN,
          kind: KIND,
          title: 'the transport rule',
          rows,
          wanted: wanted.transportRules.map(({ name }) => ({ name, about: name, key: ruleKey(name) })),
          lastMade: made.at(-1)?.key ?? null,
        }),
      ],
      findings: transportRuleFindings(wanted, rows),
    }
  },
}

const NOUN = 'TransportRule'
const KIND = 'transport rule'
const ruleKey = (name: string): string => `transport-rule ${name.trim().toLowerCase()}`
const titleOf = (name: string): string => `the transport rule "${name}"`

/** A new rule comes last, so that one is made after the other. */
function newRules(wanted: WantedTenant, rows: readonly Row[]): readonly TenantChange[] {
  const changes: TenantChange[] = []
  for (const rule of wanted.transportRules) {
    if (named(rows, rule.name) !== null) continue
    const before = changes.at(-1)
    const parameters = givenOnly(ruleParameters(rule))
    changes.push(
      newObject({
        key: ruleKey(rule.name),
        kind: KIND,
        about: rule.name,
        title: `${titleOf(rule.name)}${rule.enabled ? '' : ', switched off'}`,
        noun: NOUN,
        name: rule.name,
        parameters: { ...parameters, Enabled: rule.enabled },
        after: [...needs(rule, wanted), ...(before === undefined ? [] : [before.key])],
      }),
    )
  }
  return changes
}

function changesOf(rule: WantedTransportRule, row: Row, wanted: WantedTenant, actual: Actual): readonly TenantChange[] {
  const name = textAt(row, 'Name')
  const different = differences(ruleParameters(rule), row, TRANSPORT_RULE_MANNERS).filter(
    (one) => !takesRecipients(one.name) || !sameRecipients(one.wanted.to, one.was, actual.recipients),
  )
  const common = { kind: KIND, about: rule.name, noun: NOUN }
  return [
    ...(different.length === 0
      ? []
      : [
          settingChange({
            ...common,
            key: ruleKey(rule.name),
            title: titleOf(rule.name),
            identity: name,
            different,
            after: needs(rule, wanted),
          }),
        ]),
    ...(isSwitchedOn(row) === rule.enabled
      ? []
      : [
          switchChange({
            ...common,
            title: 'the transport rule',
            name,
            on: rule.enabled,
            key: `transport-rule-state ${rule.name.trim().toLowerCase()}`,
            after: [ruleKey(rule.name)],
          }),
        ]),
  ]
}

/** What a rule names must be there before. */
function needs({ parameters }: WantedTransportRule, wanted: WantedTenant): readonly string[] {
  const value = (name: string): Json => parameters[shownName(name, parameters)] ?? null
  const addresses = new Set(
    Object.entries(parameters)
      .filter(([name]) => takesRecipients(name))
      .flatMap(([, list]) => entriesOf(list).map((one) => one.toLowerCase())),
  )
  const listed = (list: readonly { readonly address: string }[], keyOf: (address: string) => string): readonly string[] =>
    list.filter(({ address }) => addresses.has(address.toLowerCase())).map(({ address }) => keyOf(address))
  return [
    ...entriesOf(value('RouteMessageOutboundConnector')).map((name) => key.connector(name)),
    ...listed(wanted.mailboxes, key.mailbox),
    ...listed(wanted.groups, key.group),
    ...listed(wanted.contacts, key.contact),
  ]
}
