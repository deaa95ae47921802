import type { Json } from '../model/change.ts'
import type { WantedTenant, WantedTransportRule } from '../model/wanted-tenant.ts'
import type { TenantChange } from './call.ts'
import { key } from './key.ts'
import type { Actual, Part } from './part.ts'
import { movesInto } from './rule-order.ts'
import { differences, entriesOf, lookAt, named, newObject, rowsIn, settingChange, shownName, textAt, type Row } from './settings.ts'
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
      changes: [...made, ...changed, ...places(wanted, rows, made.at(-1)?.key ?? null)],
      findings: transportRuleFindings(wanted, rows),
    }
  },
}

const NOUN = 'TransportRule'
const ruleKey = (name: string): string => `transport-rule ${name.trim().toLowerCase()}`
const placeKey = (name: string): string => `transport-rule-place ${name}`
const titleOf = (name: string): string => `the transport rule "${name}"`

/** A new rule comes last, so that one is made after the other. */
function newRules(wanted: WantedTenant, rows: readonly Row[]): readonly TenantChange[] {
  const changes: TenantChange[] = []
  for (const rule of wanted.transportRules) {
    if (named(rows, rule.name) !== null) continue
    const before = changes.at(-1)
    const parameters = Object.fromEntries(Object.entries(ruleParameters(rule)).filter(([, value]) => value !== null))
    changes.push(
      newObject({
        key: ruleKey(rule.name),
        kind: 'transport rule',
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
  const common = { kind: 'transport rule', about: rule.name, noun: NOUN }
  const isEnabled = textAt(row, 'State').toLowerCase() !== 'disabled'
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
    ...(isEnabled === rule.enabled ? [] : [switched(rule.name, name, rule.enabled)]),
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

function switched(about: string, identity: string, on: boolean): TenantChange {
  const to = (enabled: boolean) =>
    ({
      cmdlet: `${enabled ? 'Enable' : 'Disable'}-${NOUN}`,
      parameters: enabled ? { Identity: identity } : { Identity: identity, Confirm: false },
    }) as const
  return {
    key: `transport-rule-state ${about.trim().toLowerCase()}`,
    kind: 'transport rule',
    about,
    says: `Switch ${titleOf(about)} ${on ? 'on (was off)' : 'off (was on)'}`,
    after: [ruleKey(about)],
    look: lookAt(NOUN, identity),
    expect: { is: 'set', values: { State: { to: on ? 'Enabled' : 'Disabled', as: 'text' } } },
    calls: [to(on)],
    undo: [to(!on)],
    takes: 'minutes',
  }
}

/** Moves, each after the one before, as every move shifts the rules between. */
function places(wanted: WantedTenant, rows: readonly Row[], lastMade: string | null): readonly TenantChange[] {
  const small = (name: string): string => name.trim().toLowerCase()
  const there = rows.toSorted((a, b) => Number(a['Priority'] ?? 0) - Number(b['Priority'] ?? 0)).map((row) => small(textAt(row, 'Name')))
  const ours = wanted.transportRules.map(({ name }) => small(name))
  const moves = movesInto([...there, ...ours.filter((name) => !there.includes(name))], ours)
  return moves.map((move, at): TenantChange => {
    const name = wanted.transportRules.find((rule) => small(rule.name) === move.name)?.name ?? move.name
    const before = moves[at - 1]
    return {
      key: placeKey(move.name),
      kind: 'transport rule',
      about: name,
      says: `Move ${titleOf(name)} to place ${move.to + 1} of the rules (was ${there.includes(move.name) ? there.indexOf(move.name) + 1 : 'last'})`,
      after: [ruleKey(name), ...(lastMade === null ? [] : [lastMade]), ...(before === undefined ? [] : [placeKey(before.name)])],
      look: lookAt(NOUN, name),
      expect: { is: 'set', values: { Priority: { to: move.to, as: 'text' } } },
      calls: [{ cmdlet: `Set-${NOUN}`, parameters: { Identity: name, Priority: move.to } }],
      undo: [{ cmdlet: `Set-${NOUN}`, parameters: { Identity: name, Priority: { $: 'before.Priority' } } }],
      takes: 'minutes',
    }
  })
}
