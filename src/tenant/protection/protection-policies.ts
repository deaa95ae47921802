import type { Settings, WantedPolicy, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import type { Actual, Part } from '../part.ts'
import { policyFindings } from './protection-findings.ts'
import { aboutPolicy, FEATURES, isStanding, type Feature, type FeatureNames } from './protection-names.ts'
import { isSwitchedOn, placeChanges, switchChange } from '../mail-flow/rule-places.ts'
import { differences, givenOnly, named, newObject, rowsIn, settingChange, textAt, type Row } from '../settings.ts'

/** Policies and rules of the features that something is wanted of. */
export type Policies = Readonly<Partial<Record<Feature, { readonly policies: readonly Row[]; readonly rules: readonly Row[] }>>>

/** Policies of Exchange Online Protection with the rules that bind them to domains, and changes of the default ones. */
export const protectionPolicies: Part<Policies> = {
  name: 'protection policies',
  read: async ({ admin }, wanted, actual) => {
    const features = new Set(wanted.protection.policies.map(({ feature }) => feature))
    if (forwardsOutside(wanted, actual).length > 0) features.add('outbound')
    const read = async (noun: string): Promise<readonly Row[]> => rowsIn((await admin.invoke(`Get-${noun}`)).rows)
    const found = await Promise.all(
      [...features].map(async (feature) => {
        const { policy, rule } = FEATURES[feature]
        const [policies, rules] = await Promise.all([read(policy), rule === null ? [] : read(rule)])
        return [feature, { policies, rules }] as const
      }),
    )
    return Object.fromEntries(found)
  },
  compare: (wanted, actual, there) => {
    const features = [...new Set(wanted.protection.policies.map(({ feature }) => feature))]
    return {
      changes: features.flatMap((feature) => featureChanges(feature, wanted, there)),
      findings: policyFindings(wanted, actual, there, forwardsOutside(wanted, actual)),
    }
  },
}

/** Wanted mailboxes whose mail is to be forwarded to where neither this tenant nor the definition has a domain. */
function forwardsOutside({ mailboxes, domains }: WantedTenant, { directory }: Actual): readonly string[] {
  const own = new Set([...domains.map(({ name }) => name.toLowerCase()), ...directory.domains.map(({ name }) => name)])
  return mailboxes.flatMap(({ address, forwarding }) => {
    const to = forwarding?.to ?? ''
    return to === '' || own.has(to.slice(to.lastIndexOf('@') + 1).toLowerCase()) ? [] : [address]
  })
}

const KIND = 'protection'
const policyKey = ({ feature, name }: WantedPolicy): string => `policy ${feature} ${name.trim().toLowerCase()}`
const ruleKey = ({ feature, name }: WantedPolicy): string => `policy-rule ${feature} ${name.trim().toLowerCase()}`

function featureChanges(feature: Feature, wanted: WantedTenant, there: Policies): readonly TenantChange[] {
  const names = FEATURES[feature]
  const { policies = [], rules = [] } = there[feature] ?? {}
  const ofFeature = wanted.protection.policies.filter((policy) => policy.feature === feature)
  const bound = ofFeature.filter((policy) => !isStanding(names, policy.name) && policy.domains.length > 0)
  const ruleName = (policy: WantedPolicy): string => {
    const row = ruleFor(policy, names, rules)
    return row === null ? policy.name : textAt(row, 'Name')
  }
  const made: TenantChange[] = []
  const others: TenantChange[] = []
  if (names.rule !== null)
    for (const policy of bound) {
      const row = ruleFor(policy, names, rules)
      if (row === null) made.push(newRule(policy, names, names.rule, made.at(-1)?.key))
      else others.push(...ruleChanges(policy, names, names.rule, row))
    }
  return [
    ...ofFeature.flatMap((policy) => policyChanges(policy, names, policies)),
    ...made,
    ...others,
    ...(names.rule === null
      ? []
      : placeChanges({
          noun: names.rule,
          kind: KIND,
          title: `the rule of the ${names.title}`,
          rows: rules,
          wanted: bound.map((policy) => ({ name: ruleName(policy), about: aboutPolicy(policy), key: ruleKey(policy) })),
          lastMade: made.at(-1)?.key ?? null,
        })),
  ]
}

/** A policy has one rule at most, whatever the rule is called. */
function ruleFor({ name }: WantedPolicy, { policy }: FeatureNames, rules: readonly Row[]): Row | null {
  return named(rules, name, policy)
}

function policyChanges(wanted: WantedPolicy, names: FeatureNames, rows: readonly Row[]): readonly TenantChange[] {
  const standing = isStanding(names, wanted.name)
  const identity = standing ? names.standing : wanted.name
  const settings = policySettings(wanted)
  const row = named(rows, identity)
  const common = {
    key: policyKey(wanted),
    kind: KIND,
    about: aboutPolicy(wanted),
    title: standing ? `the default ${names.title}` : `the ${names.title} "${wanted.name}"`,
    noun: names.policy,
    after: [key.organisationCustomized()],
  }
  if (row === null) {
    // What is always there and cannot be read is no reason to make a second one.
    if (standing || names.rule === null) return []
    const parameters = givenOnly(settings)
    return [
      newObject({
        ...common,
        name: wanted.name,
        parameters,
        ...(Object.keys(parameters).length === 0 ? { told: 'with what Microsoft gives a new one' } : {}),
      }),
    ]
  }
  const different = differences(settings, row)
  return different.length === 0 ? [] : [settingChange({ ...common, identity: textAt(row, 'Name'), different })]
}

/** Without what cannot be compared: `MakeDefault` does something, and is shown nowhere. */
function policySettings({ settings }: WantedPolicy): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !/^(?:MakeDefault|Name|Identity)$/i.test(name)))
}

function newRule(wanted: WantedPolicy, names: FeatureNames, noun: string, before: string | undefined): TenantChange {
  return newObject({
    key: ruleKey(wanted),
    kind: KIND,
    about: aboutPolicy(wanted),
    title: `the rule that binds the ${names.title} "${wanted.name}" to its domains`,
    noun,
    name: wanted.name,
    parameters: { [names.policy]: wanted.name, [names.domains]: wanted.domains },
    told: wanted.domains.join(', '),
    after: [policyKey(wanted), ...wanted.domains.map((domain) => key.domainAccepted(domain)), ...(before === undefined ? [] : [before])],
  })
}

function ruleChanges(wanted: WantedPolicy, names: FeatureNames, noun: string, row: Row): readonly TenantChange[] {
  const name = textAt(row, 'Name')
  const different = differences({ [names.domains]: wanted.domains }, row)
  const title = `the rule of the ${names.title}`
  return [
    ...(different.length === 0
      ? []
      : [
          settingChange({
            key: ruleKey(wanted),
            kind: KIND,
            about: aboutPolicy(wanted),
            title: `${title} "${name}"`,
            noun,
            identity: name,
            different,
            after: wanted.domains.map((domain) => key.domainAccepted(domain)),
          }),
        ]),
    ...(isSwitchedOn(row)
      ? []
      : [
          switchChange({
            noun,
            kind: KIND,
            title,
            about: aboutPolicy(wanted),
            name,
            on: true,
            key: `policy-rule-state ${wanted.feature} ${wanted.name.trim().toLowerCase()}`,
            after: [policyKey(wanted), ruleKey(wanted)],
          }),
        ]),
  ]
}
