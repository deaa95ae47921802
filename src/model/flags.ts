const SYSTEM = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'] as const
const BY_LOWER = new Map(SYSTEM.map((flag) => [flag.toLowerCase(), flag]))

/** The form flags have in the ledger: system flags in canonical case, keywords as sent, `\Recent` and unknown `\` flags dropped, sorted, each once. */
export function canonicalFlags(flags: readonly string[]): readonly string[] {
  const kept = new Map<string, string>()
  for (const flag of flags) {
    const lower = flag.toLowerCase()
    const system = BY_LOWER.get(lower)
    if (system !== undefined) kept.set(lower, system)
    else if (flag !== '' && !flag.startsWith('\\') && lower !== 'nil' && !kept.has(lower)) kept.set(lower, flag)
  }
  return [...kept.values()].sort()
}

export function isSystemFlag(flag: string): boolean {
  return BY_LOWER.has(flag.toLowerCase())
}

/** Splits wanted flags into those that the destination can hold and those that it cannot (recorded, never lost silently). */
export function splitFlags(
  flags: readonly string[],
  canHold: (flag: string) => boolean,
): { readonly held: readonly string[]; readonly dropped: readonly string[] } {
  const held: string[] = []
  const dropped: string[] = []
  for (const flag of canonicalFlags(flags)) (canHold(flag) ? held : dropped).push(flag)
  return { held, dropped }
}

export function sameFlags(a: readonly string[], b: readonly string[]): boolean {
  return canonicalFlags(a).join(' ').toLowerCase() === canonicalFlags(b).join(' ').toLowerCase()
}
