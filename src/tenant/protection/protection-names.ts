import type { WantedPolicy } from '../../model/wanted-tenant.ts'

export type Feature = WantedPolicy['feature']

/** What the objects of a feature are called in Exchange Online Protection. */
export type FeatureNames = {
  /** In a sentence: `the spam policy "Staff"`. */
  readonly title: string
  /** Of the cmdlets for its policies. */
  readonly policy: string
  /** Of the cmdlets for the rules that bind policies to domains; null: there is one policy for all. */
  readonly rule: string | null
  /** The parameter of a rule that takes domains. */
  readonly domains: 'RecipientDomainIs' | 'SenderDomainIs'
  /** The name of the default policy. */
  readonly standing: string
}

export const FEATURES: Readonly<Record<Feature, FeatureNames>> = {
  spam: feature('spam policy', 'HostedContentFilter', 'RecipientDomainIs'),
  malware: feature('malware policy', 'MalwareFilter', 'RecipientDomainIs'),
  phishing: { ...feature('phishing policy', 'AntiPhish', 'RecipientDomainIs'), standing: 'Office365 AntiPhish Default' },
  outbound: feature('outbound spam policy', 'HostedOutboundSpamFilter', 'SenderDomainIs'),
  connection: { ...feature('connection filter', 'HostedConnectionFilter', 'RecipientDomainIs'), rule: null },
}

function feature(title: string, noun: string, domains: FeatureNames['domains']): FeatureNames {
  return { title, policy: `${noun}Policy`, rule: `${noun}Rule`, domains, standing: 'Default' }
}

/** Whether `name` means the policy that is always there, by either of its names. */
export function isStanding({ standing }: FeatureNames, name: string): boolean {
  const given = name.trim().toLowerCase()
  return given === 'default' || given === standing.toLowerCase()
}

/** What changes and findings of a policy are about: `spam policy Default`, as each feature has a policy of that name. */
export function aboutPolicy({ feature, name }: Pick<WantedPolicy, 'feature' | 'name'>): string {
  return `${FEATURES[feature].title} ${name}`
}

export function presetRuleName(preset: 'standard' | 'strict'): string {
  return preset === 'standard' ? 'Standard Preset Security Policy' : 'Strict Preset Security Policy'
}
