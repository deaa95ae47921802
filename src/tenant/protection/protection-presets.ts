import type { CmdletResult, ExchangeAdmin } from '../../microsoft/exchange-admin.ts'
import type { Finding } from '../../model/change.ts'
import { Failure } from '../../model/failure.ts'
import type { WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantCall, TenantChange } from '../call.ts'
import { key } from '../key.ts'
import { strangeDomains } from '../own-domains.ts'
import type { Actual, Part } from '../part.ts'
import { hasDefender } from './protection-findings.ts'
import { presetRuleName } from './protection-names.ts'
import { isSwitchedOn } from '../mail-flow/rule-places.ts'
import { entriesOf, lookAt, named, rowsIn, shown, textAt, type Row } from '../settings.ts'

/** Rules of the presets: those of Exchange Online Protection, and their twins of Defender for Office 365. */
export type PresetRules = { readonly eop: readonly Row[]; readonly defender: readonly Row[] }

const NOUNS = { eop: 'EOPProtectionPolicyRule', defender: 'ATPProtectionPolicyRule' } as const
const LEVELS = ['standard', 'strict'] as const

/** Microsoft's preset security policies, on or off for domains. */
export const protectionPresets: Part<PresetRules> = {
  name: 'protection presets',
  read: async ({ admin }, { protection }, { directory }) => {
    if (protection.preset === null) return { eop: [], defender: [] }
    const [eop, defender] = await Promise.all([admin.invoke(`Get-${NOUNS.eop}`), hasDefender(directory) ? withDefender(admin) : null])
    return { eop: rowsIn(eop.rows), defender: rowsIn(defender?.rows ?? []) }
  },
  compare: (wanted, actual, rules) => {
    const { preset } = wanted.protection
    if (preset === null) return { changes: [], findings: [] }
    const kinds = [
      { noun: NOUNS.eop, rows: rules.eop },
      { noun: NOUNS.defender, rows: rules.defender },
    ]
    if (preset === 'off')
      return {
        changes: kinds.flatMap(({ noun, rows }) =>
          LEVELS.flatMap((level) => switchedOff(noun, named(rows, presetRuleName(level)), presetRuleName(level))),
        ),
        findings: [],
      }
    const name = presetRuleName(preset)
    return {
      changes: kinds.flatMap(({ noun, rows }) => switchedOn(noun, named(rows, name), name, wanted, actual)),
      findings: [
        ...forNobody(name, named(rules.eop, name), wanted),
        ...unknownDomains(name, wanted, strangeDomains(wanted.protection.presetDomains, wanted, actual)),
        ...missing(name, named(rules.eop, name), named(rules.defender, name), hasDefender(actual.directory), wanted),
        ...kinds.flatMap(({ rows }) => narrowed(named(rows, name), name, wanted)).slice(0, 1),
        ...(preset === 'standard' ? overruled(named(rules.eop, presetRuleName('strict')), wanted) : []),
      ],
    }
  },
}

/** A role may see the rules of the one and not of the other: then there are none for us. */
async function withDefender(admin: ExchangeAdmin): Promise<CmdletResult | null> {
  try {
    return await admin.invoke(`Get-${NOUNS.defender}`)
  } catch (error) {
    if (error instanceof Failure && error.code === 'permission-missing') return null
    throw error
  }
}

function domainsOf({ protection, domains }: WantedTenant): readonly string[] {
  return protection.presetDomains.length > 0 ? protection.presetDomains : domains.map(({ name }) => name)
}

const CONDITIONS = ['RecipientDomainIs', 'SentTo', 'SentToMemberOf'] as const

/** A rule that is on and names nobody is for everybody. */
function isForAll(row: Row): boolean {
  return CONDITIONS.every((condition) => entriesOf(row[condition]).length === 0)
}

function switchedOn(noun: string, row: Row | null, name: string, wanted: WantedTenant, { recipients }: Actual): readonly TenantChange[] {
  if (row === null) return []
  const isOn = isSwitchedOn(row)
  const covered = entriesOf(row['RecipientDomainIs'])
  const has = new Set(covered.map((domain) => domain.toLowerCase()))
  const lacking = isOn && isForAll(row) ? [] : domainsOf(wanted).filter((domain) => !has.has(domain.toLowerCase()))
  const accepted = new Set(recipients.acceptedDomains.map(({ domain }) => domain))
  const ready = lacking.filter((domain) => accepted.has(domain.toLowerCase()))
  const late = lacking.filter((domain) => !ready.includes(domain))
  // Nobody is to wait for the domain of another, but a rule that names nobody would be for everybody.
  const steps: readonly Step[] = [
    ...(ready.length > 0 || (!isOn && covered.length > 0) ? [{ from: covered, add: ready, turnOn: !isOn }] : []),
    ...(late.length > 0 ? [{ from: [...covered, ...ready], add: late, turnOn: !isOn && ready.length + covered.length === 0 }] : []),
  ]
  return steps.map((step, at) => onStep(noun, name, step, at === 0 ? [] : [presetKey(noun, name)], at === 0 ? '' : ' later'))
}

type Step = { readonly from: readonly string[]; readonly add: readonly string[]; readonly turnOn: boolean }

const presetKey = (noun: string, name: string): string => `preset ${noun} ${name}`.toLowerCase()

function onStep(noun: string, name: string, { from, add, turnOn }: Step, before: readonly string[], suffix: string): TenantChange {
  const all = [...from, ...add]
  const set = (domains: readonly string[] | { readonly $: string }): TenantCall => ({
    cmdlet: `Set-${noun}`,
    parameters: { Identity: name, RecipientDomainIs: domains },
  })
  const says = [
    ...(turnOn ? [`Switch ${titleOf(noun, name)} on (was off)`] : []),
    ...(add.length === 0
      ? []
      : [`${turnOn ? '' : `Change ${titleOf(noun, name)}: `}for ${shown(all)} (was ${from.length === 0 ? 'nobody' : shown(from)})`]),
  ]
  return {
    key: `${presetKey(noun, name)}${suffix}`,
    kind: 'protection',
    about: name,
    says: says.join(', '),
    after: [key.organisationCustomized(), ...before, ...add.map((domain) => key.domainAccepted(domain))],
    look: lookAt(noun, name),
    expect: {
      is: 'set',
      values: {
        ...(turnOn ? { State: { to: 'Enabled', as: 'text' } } : {}),
        ...(add.length === 0 ? {} : { RecipientDomainIs: { to: all, as: 'set' } }),
      },
    },
    // First for whom, then on.
    calls: [...(add.length === 0 ? [] : [set(all)]), ...(turnOn ? [enable(noun, name)] : [])],
    undo: [...(turnOn ? [disable(noun, name)] : []), ...(add.length === 0 ? [] : [set({ $: 'before.RecipientDomainIs' })])],
    takes: 'minutes',
  }
}

function switchedOff(noun: string, row: Row | null, name: string): readonly TenantChange[] {
  if (row === null || !isSwitchedOn(row)) return []
  return [
    {
      key: presetKey(noun, name),
      kind: 'protection',
      about: name,
      says: `Switch ${titleOf(noun, name)} off (was on)`,
      after: [],
      look: lookAt(noun, name),
      expect: { is: 'set', values: { State: { to: 'Disabled', as: 'text' } } },
      calls: [disable(noun, name)],
      undo: [enable(noun, name)],
      takes: 'minutes',
    },
  ]
}

function titleOf(noun: string, name: string): string {
  return `the preset "${name}"${noun === NOUNS.defender ? ' of Defender for Office 365' : ''}`
}

function enable(noun: string, Identity: string): TenantCall {
  return { cmdlet: `Enable-${noun}`, parameters: { Identity } }
}

function disable(noun: string, Identity: string): TenantCall {
  return { cmdlet: `Disable-${noun}`, parameters: { Identity, Confirm: false } }
}

function forNobody(name: string, row: Row | null, wanted: WantedTenant): readonly Finding[] {
  if (domainsOf(wanted).length > 0 || (row !== null && isSwitchedOn(row))) return []
  return [
    {
      code: 'preset-for-nobody',
      severity: 'warning',
      about: name,
      says: `The preset "${name}" is wanted, and no domain is named that it is for.`,
      remedy: 'Name domains in the definition, or preset_domains under protection.',
      where: wanted.protection.where,
    },
  ]
}

function unknownDomains(name: string, { protection }: WantedTenant, strange: readonly string[]): readonly Finding[] {
  if (strange.length === 0) return []
  return [
    {
      code: 'preset-domain',
      severity: 'blocker',
      about: name,
      says: `The preset "${name}" is to be for ${shown(strange)}, which the tenant does not have.`,
      remedy: 'Add it to the domains of the definition, or correct the name.',
      where: protection.where,
    },
  ]
}

/** Nobody but the portal makes these rules, and only when a preset is turned on there for the first time. */
function missing(name: string, eop: Row | null, defender: Row | null, licensed: boolean, { protection }: WantedTenant): readonly Finding[] {
  if (eop !== null && (defender !== null || !licensed)) return []
  const which = eop === null ? '' : ' of Defender for Office 365'
  return [
    {
      code: 'preset-missing',
      severity: 'warning',
      about: name,
      says: `The preset "${name}"${which} is not there yet. Microsoft makes it when an administrator turns it on in the portal for the first time; no cmdlet can.`,
      remedy:
        'Open https://security.microsoft.com/presetSecurityPolicies, choose "Manage protection settings" of this preset, ' +
        'name the domains, confirm, and turn it on. Then plan again: from then on it is done here.',
      where: protection.where,
    },
  ]
}

/** Conditions of different kinds must all be met, so that the domains alone do not tell who is protected. */
function narrowed(row: Row | null, name: string, { protection }: WantedTenant): readonly Finding[] {
  const others = ['SentTo', 'SentToMemberOf', 'ExceptIfSentTo', 'ExceptIfSentToMemberOf', 'ExceptIfRecipientDomainIs'].filter(
    (condition) => row !== null && entriesOf(row[condition]).length > 0,
  )
  if (row === null || others.length === 0) return []
  return [
    {
      code: 'preset-narrowed',
      severity: 'warning',
      about: name,
      says: `The preset "${name}" is limited besides by ${others.map((one) => `${one} ${shown(row[one] ?? null)}`).join(', ')}: not everybody in the domains is protected by it.`,
      remedy: 'If that is not wanted, take it away in the portal. It is left as it is.',
      where: protection.where,
    },
  ]
}

/** Strict goes before Standard. */
function overruled(strict: Row | null, wanted: WantedTenant): readonly Finding[] {
  if (strict === null || !isSwitchedOn(strict)) return []
  const covered = entriesOf(strict['RecipientDomainIs']).map((domain) => domain.toLowerCase())
  const both = isForAll(strict) ? domainsOf(wanted) : domainsOf(wanted).filter((domain) => covered.includes(domain.toLowerCase()))
  if (both.length === 0) return []
  return [
    {
      code: 'preset-overruled',
      severity: 'warning',
      about: presetRuleName('standard'),
      says: `The preset "${textAt(strict, 'Name')}" is on for ${shown(both)} too, and goes before Standard.`,
      remedy: 'Switch it off in the portal, or want strict. It is left as it is.',
      where: wanted.protection.where,
    },
  ]
}
