import type { Seen, Sign, SourceProfile } from './profile.ts'
import { exchangeOnline } from './profiles/exchange-online.ts'
import { generic } from './profiles/generic.ts'
import { gmail } from './profiles/gmail.ts'

/** Every system we know something about, the particular before the general: a host's own Dovecot before Dovecot. */
export const PROFILES: readonly SourceProfile[] = [gmail, exchangeOnline, generic]

/** What a system was known by; `host` alone is a hint, not a proof. */
export type Clue = 'greeting' | 'id' | 'capabilities' | 'host' | 'none'

/** The system that the server shows itself to be; `generic` where nothing is known. Never fails. */
export function detectProfile(seen: Seen): SourceProfile {
  return recognise(seen).profile
}

/** As `detectProfile`, with what it was known by. What a server says of itself beats the name of its host. */
export function recognise(seen: Seen): { readonly profile: SourceProfile; readonly clue: Clue } {
  for (const profile of PROFILES) {
    const sign = profile.signs.find((one) => spoken(one) && holds(one, seen))
    if (sign !== undefined) return { profile, clue: clueOf(sign) }
  }
  const profile = PROFILES.find((one) => one.signs.some((sign) => !spoken(sign) && holds(sign, seen)))
  return profile === undefined ? { profile: generic, clue: 'none' } : { profile, clue: 'host' }
}

/** The version, where the server tells it. */
export function versionOf(profile: SourceProfile, seen: Seen): string | null {
  const told = profile.versionIn?.exec(`${idOf(seen)}\n${seen.greeting}`)?.[1]
  return told ?? seen.serverId.get('version') ?? null
}

function spoken(sign: Sign): boolean {
  return sign.greeting !== undefined || sign.id !== undefined || sign.capabilities !== undefined
}

function clueOf(sign: Sign): Clue {
  if (sign.greeting !== undefined) return 'greeting'
  return sign.id === undefined ? 'capabilities' : 'id'
}

function holds(sign: Sign, seen: Seen): boolean {
  const words = [...seen.capabilities]
  return (
    (sign.greeting?.test(seen.greeting) ?? true) &&
    (sign.id?.test(idOf(seen)) ?? true) &&
    (sign.capabilities?.every((word) => (word.endsWith('=') ? words.some((one) => one.startsWith(word)) : words.includes(word))) ?? true) &&
    (sign.host?.test(seen.host) ?? true) &&
    (sign.domain?.test(seen.domain ?? '') ?? true)
  )
}

function idOf(seen: Seen): string {
  return ['name', 'vendor', 'version'].map((key) => seen.serverId.get(key) ?? '').join(' ')
}
