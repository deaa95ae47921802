import type { Finding } from '../../model/change.ts'
import type { Settings, WantedProtection, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import type { Part } from '../part.ts'
import { aboutPolicy, FEATURES, isStanding } from './protection-names.ts'
import { differences, rowsIn, settingChange, shownName, textAt, type Row } from '../settings.ts'

export type Quarantine = { readonly global: Row | null; readonly spam: Row | null }

/** Notices to people about mail that is kept from them: whether, and how often. */
export const quarantine: Part<Quarantine> = {
  name: 'quarantine',
  read: async ({ admin }, { protection: { quarantineNotices } }) => {
    if (quarantineNotices === null) return { global: null, spam: null }
    const [global, spam] = await Promise.all([
      quarantineNotices.everyHours === null ? null : admin.invoke('Get-QuarantinePolicy', GLOBAL),
      admin.invoke('Get-HostedContentFilterPolicy', { Identity: FEATURES.spam.standing }),
    ])
    return { global: rowsIn(global?.rows ?? [])[0] ?? null, spam: rowsIn(spam.rows)[0] ?? null }
  },
  compare: (wanted, _, { global, spam }) => {
    const { quarantineNotices: notices } = wanted.protection
    if (notices === null) return { changes: [], findings: [] }
    return {
      changes: [
        ...(notices.everyHours === null || global === null ? [] : frequency(notices.everyHours, global)),
        ...(spam === null ? [] : tagged(notices.enabled, spam, wanted)),
      ],
      findings: notices.enabled ? withoutNotices(wanted) : [],
    }
  },
}

const GLOBAL = { QuarantinePolicyType: 'GlobalQuarantinePolicy' }
/** Who is caught may look and is told. */
const TOLD = 'DefaultFullAccessWithNotificationPolicy'
const NOT_TOLD = 'DefaultFullAccessPolicy'
/** Mail that is surely phishing stays with the administrators, who alone may release it. */
const TAGS = ['SpamQuarantineTag', 'HighConfidenceSpamQuarantineTag', 'PhishQuarantineTag', 'BulkQuarantineTag']

const SPANS = { 4: '04:00:00', 24: '1.00:00:00', 168: '7.00:00:00' } as const

function frequency(
  hours: NonNullable<NonNullable<WantedProtection['quarantineNotices']>['everyHours']>,
  row: Row,
): readonly TenantChange[] {
  const name = 'EndUserSpamNotificationFrequency'
  const was = textAt(row, name)
  // `1.00:00:00` and `24:00:00` are the same.
  if (hoursIn(was) === hours) return []
  return [
    {
      ...settingChange({
        key: 'quarantine-notices-frequency',
        kind: 'quarantine',
        about: textAt(row, 'Name'),
        title: 'how often people are told of mail in quarantine',
        noun: 'QuarantinePolicy',
        identity: textAt(row, 'Name'),
        different: [{ name, wanted: { to: SPANS[hours], as: 'text' }, was }],
      }),
      look: { call: { cmdlet: 'Get-QuarantinePolicy', parameters: GLOBAL } },
    },
  ]
}

function hoursIn(span: string): number | null {
  const { days = '0', hours } = /^(?:(?<days>\d+)\.)?(?<hours>\d{1,2}):\d\d:\d\d/.exec(span)?.groups ?? {}
  return hours === undefined ? null : Number(days) * 24 + Number(hours)
}

/** What of the default spam policy the definition leaves open gets the quarantine policy with notices, or loses it. */
function tagged(enabled: boolean, row: Row, { protection }: WantedTenant): readonly TenantChange[] {
  const said = protection.policies.find(({ feature, name }) => feature === 'spam' && isStanding(FEATURES.spam, name))?.settings ?? {}
  const open = TAGS.filter((tag) => !Object.hasOwn(said, shownName(tag, said)))
  // Another one than Microsoft's two was chosen by somebody.
  const ours = open.filter((tag) => ['', TOLD, NOT_TOLD].some((one) => one.toLowerCase() === textAt(row, tag).toLowerCase()))
  const wanted: Settings = Object.fromEntries(
    ours.filter((tag) => enabled || textAt(row, tag).toLowerCase() === TOLD.toLowerCase()).map((tag) => [tag, enabled ? TOLD : NOT_TOLD]),
  )
  const different = differences(wanted, row)
  if (different.length === 0) return []
  return [
    settingChange({
      key: 'quarantine-notices',
      kind: 'quarantine',
      about: aboutPolicy({ feature: 'spam', name: FEATURES.spam.standing }),
      title: `the default spam policy, so that people are ${enabled ? '' : 'no longer '}told of mail in quarantine`,
      noun: FEATURES.spam.policy,
      identity: FEATURES.spam.standing,
      different,
    }),
  ]
}

/** Policies of the definition that go before the default one and say nothing of notices. */
function withoutNotices({ protection: { policies } }: WantedTenant): readonly Finding[] {
  return policies
    .filter(({ feature, name }) => feature === 'spam' && !isStanding(FEATURES.spam, name))
    .filter(({ settings }) => (settings[shownName('SpamQuarantineTag', settings)] ?? '') === '')
    .map(({ name, where }) => ({
      code: 'quarantine-silent',
      severity: 'note',
      about: aboutPolicy({ feature: 'spam', name }),
      says: `The spam policy "${name}" goes before the default one and tells nobody of mail in quarantine.`,
      remedy: `Give it SpamQuarantineTag: ${TOLD} (and the tags for other verdicts), where notices are wanted.`,
      where,
    }))
}
