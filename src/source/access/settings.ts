import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import type { AccessChoice, AccessSetting, AccessSettingKey } from './method.ts'

/** How each setting is given on the command line. */
export const ACCESS_OPTIONS: Readonly<Record<AccessSettingKey, string>> = {
  login: '--access-login',
  secret: '--access-secret',
  template: '--access-template',
  tenant: '--access-tenant',
  clientId: '--access-client-id',
  certificatePem: '--access-certificate',
  way: '--access-mechanism',
}

export const ADMIN: AccessSetting = { key: 'login', label: 'login of the administrator', required: true }
export const ADMIN_PASSWORD: AccessSetting = { key: 'secret', label: 'password of the administrator', required: true }
export const WAY: AccessSetting = { key: 'way', label: 'the only mechanism to sign in with', required: false }

/** Throws `bad-input` where a setting is missing or does not belong there. */
export function checkSettings(choice: AccessChoice, settings: readonly AccessSetting[]): void {
  const missing = settings.filter(({ key, required }) => required && !isGiven(choice[key]))
  if (missing.length > 0) {
    const wanted = missing.map(({ key, label }) => `${ACCESS_OPTIONS[key]} (${label})`).join(' and ')
    throw new Failure('bad-input', `--access ${choice.kind} needs ${wanted}.`)
  }
  const known = new Set(settings.map(({ key }) => key))
  const keys = Object.keys(ACCESS_OPTIONS) as AccessSettingKey[]
  const strange = keys.filter((key) => isGiven(choice[key]) && !known.has(key)).map((key) => ACCESS_OPTIONS[key])
  if (strange.length > 0) throw new Failure('bad-input', `--access ${choice.kind} does not take ${strange.join(', ')}.`)
}

function isGiven(value: AccessChoice[AccessSettingKey]): boolean {
  return value !== null && (typeof value === 'string' ? value : value.reveal()) !== ''
}

/** The settings that were checked to be there. */
export function given(choice: AccessChoice): { readonly login: string; readonly secret: Secret } {
  return { login: choice.login ?? '', secret: choice.secret ?? new Secret('') }
}

export function wayOf(choice: AccessChoice): { readonly way?: NonNullable<AccessChoice['way']> } {
  return choice.way === null ? {} : { way: choice.way }
}
