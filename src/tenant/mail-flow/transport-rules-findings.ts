import type { Finding } from '../../model/change.ts'
import type { Settings, WantedTenant, WantedTransportRule } from '../../model/wanted-tenant.ts'
import { entriesOf, named, shown, shownName, type Row } from '../settings.ts'
import { losesCode, ruleParameters } from './transport-rules-form.ts'
import { isCondition, isPart } from './transport-rules-names.ts'

const MOST_RULES = 300
const LARGEST_RULE = 8 * 1024
const MOST_PATTERNS = 20 * 1024
const MOST_ADDED = 10

/** What is dangerous about the wanted rules, what is too large, and what a rule does besides. */
export function transportRuleFindings({ transportRules, organisation }: WantedTenant, rows: readonly Row[]): readonly Finding[] {
  const total = rows.length + transportRules.filter(({ name }) => named(rows, name) === null).length
  const patterns = Buffer.byteLength(transportRules.flatMap(({ parameters }) => patternsIn(parameters)).join(''))
  const limits: Finding[] = []
  const limit = (code: string, says: string, remedy: string): void =>
    void limits.push({ code, severity: 'warning', about: '', says, remedy, where: transportRules[0]?.where ?? organisation.where })
  if (total > MOST_RULES)
    limit(
      'rules-many',
      `There would be ${total} transport rules; Exchange takes ${MOST_RULES}.`,
      'Put several rules together, or remove old ones.',
    )
  if (patterns > MOST_PATTERNS)
    limit(
      'rule-patterns',
      `The patterns of the wanted rules have ${patterns} characters; Exchange takes ${MOST_PATTERNS} for all rules together.`,
      'Use words instead of patterns where they do.',
    )
  return [...limits, ...transportRules.flatMap((rule) => [...dangers(rule), ...sizes(rule), ...more(rule, named(rows, rule.name))])]
}

function patternsIn(parameters: Settings): readonly string[] {
  return Object.entries(parameters).flatMap(([name, value]) => (/Patterns$/i.test(name) ? entriesOf(value) : []))
}

/** Who a rule is for, but not what mail: it says nothing about where mail comes from. */
const NO_LIMIT = /^(?:FromScope|SentToScope|RecipientDomainIs|SentTo|SentToMemberOf)$/i
/** Anybody can write these into a message. */
const FORGED = /^(?:SenderDomainIs|From|FromMemberOf|FromAddressContainsWords|FromAddressMatchesPatterns)$/i

function dangers(rule: WantedTransportRule): readonly Finding[] {
  const parameters = ruleParameters(rule)
  const is = (name: string, value: string): boolean => entriesOf(parameters[shownName(name, parameters)]).join() === value
  const has = (name: string): boolean => !is(name, '') && !is(name, 'false')
  const conditions = Object.keys(parameters).filter((name) => isCondition(name) && has(name))
  const narrow = conditions.filter((name) => !NO_LIMIT.test(name))
  const found: Finding[] = []
  const find = (code: string, says: string, remedy: string): void =>
    void found.push({
      code,
      severity: 'warning',
      about: rule.name,
      says: `The transport rule "${rule.name}" ${says}`,
      remedy,
      where: rule.where,
    })
  if (is('SetSCL', '-1') && narrow.every((name) => FORGED.test(name)))
    find(
      'rule-skips-filter',
      narrow.length === 0
        ? 'lets all mail past the spam filter.'
        : 'lets mail past the spam filter by its sender, which anybody can forge.',
      'Limit it to the addresses of a server (SenderIpRanges), or demand that authentication passed (HeaderContainsMessageHeader).',
    )
  const drastic = ['DeleteMessage', 'Quarantine', 'RedirectMessageTo', 'RejectMessageReasonText', 'RejectMessageEnhancedStatusCode'].find(
    has,
  )
  if (drastic !== undefined && conditions.length === 0)
    find('rule-for-everything', `has no condition: ${drastic} is done to every message there is.`, 'Add a condition.')
  else if (has('DeleteMessage') && narrow.length === 0)
    find('rule-for-everything', 'deletes every message from or to whole scopes, without a trace for anybody.', 'Add a condition.')
  if (losesCode(rule))
    find(
      'rule-reject-code',
      'has a text and a code for its refusal; with a text Exchange always sends the code 5.7.1.',
      'Leave one of RejectMessageReasonText and RejectMessageEnhancedStatusCode out.',
    )
  return found
}

function sizes(rule: WantedTransportRule): readonly Finding[] {
  const { name: about, where, parameters } = rule
  const bytes = Buffer.byteLength(JSON.stringify(ruleParameters(rule)))
  const added = ['AddToRecipients', 'CopyTo', 'BlindCopyTo'].flatMap((name) => entriesOf(parameters[shownName(name, parameters)])).length
  const common = { severity: 'warning', about, where } as const
  return [
    ...(bytes > LARGEST_RULE
      ? [
          {
            ...common,
            code: 'rule-large',
            says: `The transport rule "${about}" has about ${bytes} bytes; Exchange takes ${LARGEST_RULE}.`,
            remedy: 'Make several rules of it.',
          },
        ]
      : []),
    ...(added > MOST_ADDED
      ? [
          {
            ...common,
            code: 'rule-recipients',
            says: `The transport rule "${about}" adds ${added} recipients; Exchange takes ${MOST_ADDED}.`,
            remedy: 'Add a group instead.',
          },
        ]
      : []),
  ]
}

/** Conditions and actions that a rule of this name has besides: they make it another rule than the wanted one. */
function more(rule: WantedTransportRule, row: Row | null): readonly Finding[] {
  if (row === null) return []
  const wanted = new Set(Object.keys(rule.parameters).map((name) => name.toLowerCase()))
  const besides = Object.entries(row).filter(
    ([name, value]) => isPart(name) && !wanted.has(name.toLowerCase()) && shown(value) !== 'nothing' && value !== false,
  )
  if (besides.length === 0) return []
  return [
    {
      code: 'rule-has-more',
      severity: 'warning',
      about: rule.name,
      says: `The transport rule "${rule.name}" is there and has besides: ${besides.map(([name, value]) => `${name} ${shown(value)}`).join(', ')}. That stays.`,
      remedy: 'Add it to the definition, or set it to null there to have it taken away.',
      where: rule.where,
    },
  ]
}
