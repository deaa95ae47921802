import type { Finding, Json } from '../../model/change.ts'
import type { Settings, WantedOrganisation, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantCall, TenantChange } from '../call.ts'
import { key } from '../key.ts'
import type { Part } from '../part.ts'
import { aboutPolicy, FEATURES, isStanding, presetRuleName } from '../protection/protection-names.ts'
import { differences, rowsIn, sentenceOf, textAt, type Difference, type Row } from '../settings.ts'

/** Settings of the organisation as a whole. null: they were not read, as nothing is wanted of them. */
export const organisation: Part<Row | null> = {
  name: 'organisation',
  read: async ({ admin }, wanted) => {
    if (Object.keys(settingsOf(wanted.organisation)).length === 0 && customized(wanted).length === 0) return null
    return rowsIn((await admin.invoke('Get-OrganizationConfig')).rows)[0] ?? null
  },
  compare: (wanted, _, config) => {
    if (config === null) return { changes: [], findings: [] }
    const needs = isDehydrated(config) ? customized(wanted) : []
    const isAllowed = wanted.organisation.customization
    const { AutoExpandingArchive, ...settings } = settingsOf(wanted.organisation)
    const different = differences(settings, config)
    return {
      changes: [
        ...(needs.length > 0 && isAllowed ? [customization(needs)] : []),
        ...(different.length > 0 ? [configured(different)] : []),
        ...(AutoExpandingArchive === true && config[EXPANDING] !== true ? [expanding()] : []),
      ],
      findings: [
        ...(isAllowed ? [] : needs.map((need) => notAllowed(need, wanted.organisation))),
        ...(AutoExpandingArchive === false && config[EXPANDING] === true ? [expandingStays(wanted.organisation)] : []),
        ...different.flatMap((one) => directSend(one, wanted)),
      ],
    }
  },
}

/** Set as a switch, and shown by this name. */
const EXPANDING = 'AutoExpandingArchiveEnabled'

function settingsOf({ focusedInbox, directSend, settings }: WantedOrganisation): Settings {
  return {
    ...settings,
    ...(focusedInbox === null ? {} : { FocusedInboxOn: focusedInbox }),
    ...(directSend === null ? {} : { RejectDirectSend: !directSend }),
  }
}

function isDehydrated(config: Row): boolean {
  return textAt(config, 'IsDehydrated').toLowerCase() === 'true'
}

type Need = { readonly about: string; readonly title: string; readonly where: string }

/** What is refused in an organisation that was never customised: policies of its own, and the presets. */
function customized({ protection }: WantedTenant): readonly Need[] {
  const { preset, policies, where } = protection
  const own = policies.filter(({ name, feature }) => feature !== 'connection' && !isStanding(FEATURES[feature], name))
  return [
    ...(preset === 'standard' || preset === 'strict'
      ? [{ about: presetRuleName(preset), title: `the preset "${presetRuleName(preset)}"`, where }]
      : []),
    ...own.map((policy) => ({ about: aboutPolicy(policy), title: `the policy "${policy.name}"`, where: policy.where })),
  ]
}

function customization(needs: readonly Need[]): TenantChange {
  return {
    key: key.organisationCustomized(),
    kind: 'organisation',
    about: '',
    says: `Let the organisation have settings of its own (Enable-OrganizationCustomization), as ${needs.map(({ title }) => title).join(', ')} needs it. It cannot be taken back`,
    after: [],
    look: LOOK,
    expect: { is: 'set', values: { IsDehydrated: { to: false, as: 'text' } } },
    calls: [{ cmdlet: 'Enable-OrganizationCustomization', parameters: {} }],
    undo: { cannot: 'Microsoft has no way back from Enable-OrganizationCustomization. It does no harm.' },
    takes: 'hours',
  }
}

const LOOK = { call: { cmdlet: 'Get-OrganizationConfig', parameters: {} } }

function configured(different: readonly Difference[]): TenantChange {
  const set = (values: Readonly<Record<string, Json>>): TenantCall => ({ cmdlet: 'Set-OrganizationConfig', parameters: values })
  return {
    key: 'organisation-settings',
    kind: 'organisation',
    about: '',
    says: `Change the organisation: ${sentenceOf(different)}`,
    after: [],
    look: LOOK,
    expect: { is: 'set', values: Object.fromEntries(different.map(({ name, wanted }) => [name, wanted])) },
    calls: [set(Object.fromEntries(different.map(({ name, wanted }) => [name, wanted.to])))],
    undo: [set(Object.fromEntries(different.map(({ name }) => [name, { $: `before.${name}` }])))],
    takes: 'minutes',
  }
}

function expanding(): TenantChange {
  return {
    key: 'organisation-expanding-archives',
    kind: 'organisation',
    about: '',
    says: 'Let archives grow by themselves (AutoExpandingArchive). It cannot be taken back',
    after: [],
    look: LOOK,
    expect: { is: 'set', values: { [EXPANDING]: { to: true, as: 'text' } } },
    calls: [{ cmdlet: 'Set-OrganizationConfig', parameters: { AutoExpandingArchive: true } }],
    undo: { cannot: 'Archives that grow by themselves cannot be switched off again.' },
    takes: 'minutes',
  }
}

function notAllowed({ about, title, where }: Need, { where: stated }: WantedOrganisation): Finding {
  return {
    code: 'customization-needed',
    severity: 'blocker',
    about,
    says: `The organisation takes no settings of its own yet, so that ${title} cannot be made.`,
    remedy: `Allow it with "customization: true" under organisation (${stated}). It takes up to a day and cannot be taken back, but does no harm.`,
    where,
  }
}

function expandingStays({ where }: WantedOrganisation): Finding {
  return {
    code: 'expanding-archives',
    severity: 'warning',
    about: '',
    says: 'Archives grow by themselves in this tenant, and Microsoft has no way to switch that off.',
    remedy: 'Leave AutoExpandingArchive out of the definition.',
    where,
  }
}

function directSend({ name, wanted: { to } }: Difference, { connectors, organisation: { where } }: WantedTenant): readonly Finding[] {
  if (name !== 'RejectDirectSend' || to !== true) return []
  const inbound = connectors.some(({ direction }) => direction === 'inbound')
  return [
    {
      code: 'direct-send-rejected',
      severity: inbound ? 'note' : 'warning',
      about: '',
      says: `Mail in the name of your own domains that comes without signing in is refused from then on (550 5.7.68)${inbound ? ', unless a connector lets it in' : ', and no inbound connector is wanted'}.`,
      remedy: 'Think of printers, scanners, web sites and the old mail server: give them a connector or a login first.',
      where,
    },
  ]
}
