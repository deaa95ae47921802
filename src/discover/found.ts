/** What an address stands for; `skip` is what a person wrote into the list to leave it behind. */
export const KINDS = ['user', 'shared', 'room', 'equipment', 'group', 'alias', 'contact', 'public', 'system', 'skip'] as const
export type Kind = (typeof KINDS)[number]

/** One account, group or alias, as its system tells of it. */
export type Found = {
  /** What its owner signs in with at the source. */
  readonly login: string
  /** Its first address; null where the system knows none. */
  readonly address: string | null
  readonly name: string | null
  readonly kind: Kind
  /** Its further addresses. */
  readonly aliases: readonly string[]
  /** Exchange's mail alias (mailNickname), which a delegate signs in with. */
  readonly mailAlias: string | null
  /** Where an alias leads. */
  readonly leadsTo: readonly string[]
  /** null: the listing does not say. */
  readonly sizeBytes: number | null
  readonly messages: number | null
  /** Switched off, suspended or locked. */
  readonly disabled: boolean
  /** What else a person should know of it, in a few words each. */
  readonly remarks: readonly string[]
  /** Where it stands in the listing, from 1; null for what came over the network. */
  readonly line: number | null
}

/** What is wrong with a listing, in words that name no secret. */
export type Problem = { readonly line: number | null; readonly says: string }

export type Reading = { readonly found: readonly Found[]; readonly problems: readonly Problem[] }

/** A user of whom only the login is known, and what is known beyond it. Text from outside loses its control characters. */
export function account(part: Pick<Found, 'login'> & Partial<Found>): Found {
  const login = oneLine(part.login)
  const name = oneLine(part.name ?? '')
  const address = oneLine(part.address ?? (login.includes('@') ? login : ''))
  const aliases = new Map<string, string>()
  for (const each of part.aliases ?? []) {
    const alias = oneLine(each)
    if (alias !== '' && alias.toLowerCase() !== address.toLowerCase()) aliases.set(alias.toLowerCase(), alias)
  }
  return {
    kind: 'user',
    mailAlias: null,
    leadsTo: [],
    sizeBytes: null,
    messages: null,
    disabled: false,
    remarks: [],
    line: null,
    ...part,
    login,
    name: name === '' ? null : name,
    address: address === '' ? null : address,
    aliases: [...aliases.values()],
  }
}

function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
}

/** A size that a listing tells as text or number, times `unit`; null when it is no number. */
export function sizeOf(value: unknown, unit = 1): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : NaN
  return Number.isFinite(number) && number >= 0 ? Math.round(number * unit) : null
}
