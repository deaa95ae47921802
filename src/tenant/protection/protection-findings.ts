import type { Finding } from '../../model/change.ts'
import type { Settings, WantedPolicy, WantedTenant } from '../../model/wanted-tenant.ts'
import type { Directory } from '../directory.ts'
import { strangeDomains } from '../own-domains.ts'
import type { Actual } from '../part.ts'
import type { Policies } from './protection-policies.ts'
import { aboutPolicy, FEATURES, isStanding } from './protection-names.ts'
import { entriesOf, named, shown, shownName, textAt, type Row } from '../settings.ts'

/** What is dangerous, weak or impossible about the wanted policies. `forwarding`: mailboxes that forward to the outside. */
export function policyFindings(wanted: WantedTenant, actual: Actual, there: Policies, forwarding: readonly string[]): readonly Finding[] {
  const { policies } = wanted.protection
  return [
    ...policies.flatMap((policy) => [
      ...impossible(policy, actual.directory, there),
      ...unknownDomains(policy, strangeDomains(policy.domains, wanted, actual)),
      ...allowLists(policy),
      ...weak(policy),
      ...unbound(policy, there),
    ]),
    ...blockedForwarding(wanted, there, forwarding),
  ]
}

/** Whether a licence in force brings Defender for Office 365. */
export function hasDefender({ skus }: Directory): boolean {
  return skus.some(({ total, plans }) => total > 0 && plans.some(({ name }) => /^(?:ATP_ENTERPRISE|THREAT_INTELLIGENCE)/i.test(name)))
}

const valueOf = (settings: Settings, name: string): Settings[string] => settings[shownName(name, settings)] ?? null

/** Parameters of Set-AntiPhishPolicy that belong to Defender for Office 365. */
const DEFENDER =
  /^(?:PhishThresholdLevel|Excluded|(?:Enable)?Targeted|EnableOrganizationDomains|(?:Enable)?MailboxIntelligence|EnableSimilar|EnableUnusual)/i

function impossible(policy: WantedPolicy, directory: Directory, there: Policies): readonly Finding[] {
  const { feature, name, settings, where } = policy
  const names = FEATURES[feature]
  const found: Finding[] = []
  const block = (code: string, says: string, remedy: string): void =>
    void found.push({
      code,
      severity: 'blocker',
      about: aboutPolicy({ feature, name }),
      says: `The ${names.title} "${name}" ${says}`,
      remedy,
      where,
    })
  if (names.rule === null && !isStanding(names, name))
    block('policy-single', 'cannot be made: there is one for all.', 'Call it Default to change that one.')
  const other = named(there[feature]?.rules ?? [], name)
  if (!isStanding(names, name) && other !== null && textAt(other, names.policy).toLowerCase() !== name.toLowerCase())
    block(
      'policy-rule-taken',
      `cannot be bound to domains: a rule of its name is there, for the policy "${textAt(other, names.policy)}".`,
      'Choose another name for the policy.',
    )
  const extra = feature === 'phishing' ? Object.keys(settings).filter((one) => DEFENDER.test(one)) : []
  if (extra.length > 0 && !hasDefender(directory))
    block(
      'defender-missing',
      `wants ${extra.join(', ')}, for which no licence of the tenant has Defender for Office 365.`,
      'Leave these settings out, or buy a licence that has it.',
    )
  if (valueOf(settings, 'MakeDefault') === true)
    found.push({
      code: 'policy-make-default',
      severity: 'warning',
      about: aboutPolicy({ feature, name }),
      says: `The ${names.title} "${name}" is not made the default one: that could not be taken back.`,
      remedy: 'Change the policy Default instead.',
      where,
    })
  return found
}

function unknownDomains({ feature, name, where }: WantedPolicy, strange: readonly string[]): readonly Finding[] {
  if (strange.length === 0) return []
  return [
    {
      code: 'policy-domain',
      severity: 'blocker',
      about: aboutPolicy({ feature, name }),
      says: `The ${FEATURES[feature].title} "${name}" is for ${shown(strange)}, which the tenant does not have.`,
      remedy: 'Add it to the domains of the definition, or correct the name.',
      where,
    },
  ]
}

/** What lets mail past the filter: senders can be forged, and addresses change hands. */
function allowLists({ feature, name, settings, where }: WantedPolicy): readonly Finding[] {
  const lists: readonly (readonly [string, string])[] = [
    ['AllowedSenderDomains', 'whole domains, whose name anybody can write as the sender'],
    ['AllowedSenders', 'senders, which anybody can forge'],
    ['IPAllowList', 'all mail from these addresses, whoever sends it there'],
  ]
  return lists.flatMap(([list, what]): readonly Finding[] => {
    const entries = entriesOf(valueOf(settings, list))
    if (entries.length === 0) return []
    return [
      {
        code: 'allow-list',
        severity: 'warning',
        about: aboutPolicy({ feature, name }),
        says: `The ${FEATURES[feature].title} "${name}" lets ${what} past the spam filter: ${shown(entries)}.`,
        remedy: 'Microsoft advises to leave these lists empty. Where it must be, use the Tenant Allow/Block List, which ends by itself.',
        where,
      },
    ]
  })
}

type Least = (value: string) => boolean
const oneOf =
  (...words: readonly string[]): Least =>
  (value) =>
    words.some((word) => word.toLowerCase() === value.toLowerCase())
const isTrue = oneOf('true')
/** Microsoft's Standard preset (recommended settings for EOP): what a setting is at least. */
const STANDARD: Readonly<Record<WantedPolicy['feature'], Readonly<Record<string, readonly [Least, string]>>>> = {
  spam: {
    SpamAction: [oneOf('MoveToJmf', 'Quarantine', 'Delete', 'Redirect'), 'MoveToJmf'],
    HighConfidenceSpamAction: [oneOf('Quarantine', 'Delete', 'Redirect'), 'Quarantine'],
    PhishSpamAction: [oneOf('Quarantine', 'Delete', 'Redirect'), 'Quarantine'],
    HighConfidencePhishAction: [oneOf('Quarantine'), 'Quarantine'],
    BulkSpamAction: [oneOf('MoveToJmf', 'Quarantine', 'Delete', 'Redirect'), 'MoveToJmf'],
    BulkThreshold: [(value) => Number(value) <= 6, '6 or less'],
    QuarantineRetentionPeriod: [(value) => Number(value) >= 30, '30'],
    MarkAsSpamBulkMail: [oneOf('On'), 'On'],
    SpamZapEnabled: [isTrue, 'true'],
    PhishZapEnabled: [isTrue, 'true'],
    InlineSafetyTipsEnabled: [isTrue, 'true'],
  },
  malware: { EnableFileFilter: [isTrue, 'true'], ZapEnabled: [isTrue, 'true'] },
  phishing: {
    Enabled: [isTrue, 'true'],
    EnableSpoofIntelligence: [isTrue, 'true'],
    HonorDmarcPolicy: [isTrue, 'true'],
    EnableUnauthenticatedSender: [isTrue, 'true'],
    EnableViaTag: [isTrue, 'true'],
  },
  outbound: {
    AutoForwardingMode: [oneOf('Automatic', 'Off'), 'Automatic'],
    ActionWhenThresholdReached: [oneOf('BlockUser'), 'BlockUser'],
  },
  connection: {},
}

function weak({ feature, name, settings, where }: WantedPolicy): readonly Finding[] {
  const below = Object.entries(STANDARD[feature]).flatMap(([setting, [isEnough, least]]) => {
    // A policy of its own for those who may forward is how it is meant.
    const value = setting === 'AutoForwardingMode' && !isStanding(FEATURES[feature], name) ? null : valueOf(settings, setting)
    return value === null || isEnough(shown(value)) ? [] : [`${setting} ${shown(value)} (Standard: ${least})`]
  })
  if (below.length === 0) return []
  return [
    {
      code: 'policy-weak',
      severity: 'warning',
      about: aboutPolicy({ feature, name }),
      says: `The ${FEATURES[feature].title} "${name}" is weaker than what Microsoft calls Standard: ${below.join(', ')}.`,
      remedy: 'Keep it only where you know why.',
      where,
    },
  ]
}

function unbound({ feature, name, domains, where }: WantedPolicy, there: Policies): readonly Finding[] {
  const names = FEATURES[feature]
  if (isStanding(names, name) || names.rule === null || domains.length > 0) return []
  if (named(there[feature]?.rules ?? [], name, names.policy) !== null) return []
  return [
    {
      code: 'policy-unbound',
      severity: 'warning',
      about: aboutPolicy({ feature, name }),
      says: `The ${names.title} "${name}" does nothing: no domains are named for it.`,
      remedy: 'Name its domains.',
      where,
    },
  ]
}

/** Forwarding to the outside is refused (550 5.7.520) unless the outbound policy of the sender says `On`. */
function blockedForwarding(
  { protection, mailboxes }: WantedTenant,
  { outbound }: Policies,
  forwarding: readonly string[],
): readonly Finding[] {
  const names = FEATURES.outbound
  const ofOutbound = protection.policies.filter(({ feature }) => feature === 'outbound')
  const row = (name: string): Row | null => named(outbound?.policies ?? [], name)
  const modeOf = (policy: WantedPolicy | undefined, name: string): string =>
    shown(valueOf(policy?.settings ?? {}, 'AutoForwardingMode') ?? row(name)?.['AutoForwardingMode'] ?? 'Automatic')
  const blocked = forwarding.filter((address) => {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
    const own = ofOutbound.find(({ name, domains }) => !isStanding(names, name) && domains.some((one) => one.toLowerCase() === domain))
    const mode =
      own === undefined
        ? modeOf(
            ofOutbound.find(({ name }) => isStanding(names, name)),
            names.standing,
          )
        : modeOf(own, own.name)
    return mode.toLowerCase() !== 'on'
  })
  const [first] = blocked
  if (first === undefined) return []
  return [
    {
      code: 'forwarding-blocked',
      severity: 'warning',
      about: first,
      says: `Forwarding to other organisations is refused as things stand (550 5.7.520), and ${blocked.length === 1 ? `${first} is` : `${blocked.length} mailboxes (${first} and others) are`} to forward there.`,
      remedy: 'Make an outbound policy with AutoForwardingMode: On for their domain, or forward in another way.',
      where: mailboxes.find(({ address }) => address === first)?.where ?? protection.where,
    },
  ]
}
