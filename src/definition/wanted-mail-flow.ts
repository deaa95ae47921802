import type { WantedProtection, WantedTenant } from '../model/wanted-tenant.ts'
import type { Definition } from './definition.ts'

type DefinitionParts = Pick<Definition, 'sections' | 'where' | 'position'>

/** Everything but the recipients. */
export function wantedMailFlow(definition: DefinitionParts): Omit<WantedTenant, 'mailboxes' | 'groups' | 'contacts'> {
  const { dns, domains = [], connectors = [], transport_rules: rules = [], organisation, migration } = definition.sections
  return {
    domains: domains.map(({ name, type = null, default: isDefault = null }, at) => ({
      where: definition.where(['domains', at]),
      name,
      type,
      isDefault,
      hasDns: dns !== undefined && (dns.domains === undefined || dns.domains.some((one) => one.name.toLowerCase() === name.toLowerCase())),
    })),
    connectors: connectors.map((entry, at) => ({ where: definition.where(['connectors', at]), ...entry })),
    transportRules: rules.map((entry, at) => ({ where: definition.where(['transport_rules', at]), ...entry })),
    protection: protectionOf(definition),
    organisation: {
      where: definition.where(['organisation']),
      customization: organisation?.customization ?? true,
      focusedInbox: organisation?.focused_inbox ?? null,
      directSend: organisation?.direct_send ?? null,
      settings: organisation?.settings ?? {},
    },
    migration: {
      where: definition.where(['migration']),
      app: migration?.app === undefined ? null : { displayName: migration.app },
      sizes: { receiveBytes: migration?.receive_size ?? null, sendBytes: migration?.send_size ?? null },
      suspendRetention: migration?.suspend_retention ?? false,
    },
  }
}

function protectionOf(definition: DefinitionParts): WantedProtection {
  const {
    preset = null,
    preset_domains: presetDomains = [],
    policies = [],
    dkim = [],
    quarantine_notices: notices,
  } = definition.sections.protection ?? {}
  return {
    where: definition.where(['protection']),
    preset,
    presetDomains,
    policies: policies.map(({ feature, name, settings, domains = [] }, at) => ({
      where: definition.where(['protection', 'policies', at]),
      feature,
      name,
      settings,
      domains,
    })),
    dkim: dkim.map(({ domain, key_bits: keyBits }, at) => ({ where: definition.where(['protection', 'dkim', at]), domain, keyBits })),
    quarantineNotices: notices === undefined ? null : { enabled: notices.enabled, everyHours: notices.every_hours ?? null },
  }
}
