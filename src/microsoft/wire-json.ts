import { Secret } from '../model/secret.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** What goes over the wire, and the values of the secrets in it: they must not come back in anything that is said afterwards. */
export type WireJson = { readonly text: string; readonly secrets: readonly string[] }

/** JSON with each `Secret` revealed: the one place where that happens for a request's body. */
export function wireJson(value: unknown): WireJson {
  const secrets: string[] = []
  const revealed = (at: unknown): unknown => {
    if (at instanceof Secret) {
      secrets.push(at.reveal())
      return at.reveal()
    }
    if (Array.isArray(at)) return at.map(revealed)
    if (typeof at !== 'object' || at === null || at instanceof Date) return at
    return Object.fromEntries(Object.entries(at).map(([key, inner]) => [key, revealed(inner)]))
  }
  return { text: JSON.stringify(revealed(value)), secrets }
}

const SIGNED_TOKEN = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g

/** The text with `***` for each secret in it, also where it stands inside JSON, and for whatever looks like a token. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .reduce((clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '***')), text)
    .replaceAll(SIGNED_TOKEN, '***')
}

export function objectIn(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectIn) : []
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** One line that a terminal shows as it is. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
