import type { DestinationLimits } from '../destination/port.ts'
import { isSystemFlag, sameFlags, splitFlags } from '../model/flags.ts'
import { isKeptOnly } from '../model/labels.ts'

/** Dovecot refuses a message whose keyword is longer (mail_max_keyword_length); others name no limit. The ledger keeps it all the same. */
const KEYWORD_CHARS = 50

/** Flags for the destination: what it can hold, and `\Deleted` only by option. */
export function flagsFor(
  flags: readonly string[],
  limits: DestinationLimits,
  includeDeleted: boolean,
): { readonly append: readonly string[]; readonly store: readonly string[]; readonly dropped: readonly string[] } {
  const { held, dropped } = splitFlags(flags, (flag) =>
    isSystemFlag(flag) ? includeDeleted || flag !== '\\Deleted' : limits.keywords && flag.length <= KEYWORD_CHARS && !isKeptOnly(flag),
  )
  const byStore = new Set(limits.flagsByStore)
  return { append: held, store: held.filter((flag) => byStore.has(flag)), dropped: dropped.filter((flag) => flag !== '\\Deleted') }
}

/** Before a flag in the ledger: APPEND showed it, and the STORE that makes it last is still owed. No flag begins so. */
const OWED = '?'

/** How the ledger writes a flag whose STORE is owed. */
export function owed(flag: string): string {
  return `${OWED}${flag}`
}

/** The flags of a ledger row: those carried for good, and those whose STORE is owed because a run ended before it. */
export function readFlags(text: string): { readonly carried: readonly string[]; readonly owed: readonly string[] } {
  const all = text.split(' ').filter((flag) => flag !== '')
  return {
    carried: all.filter((flag) => !flag.startsWith(OWED)),
    owed: all.filter((flag) => flag.startsWith(OWED)).map((flag) => flag.slice(OWED.length)),
  }
}

/** Whether a copy shows the flags that we gave it, so that nobody has changed them: with those owed, or without. */
export function showsOurs(shown: readonly string[], text: string, limits: DestinationLimits): boolean {
  const flags = readFlags(text)
  const held = (all: readonly string[]): readonly string[] => flagsFor(all, limits, false).append
  return sameFlags(shown, held(flags.carried)) || (flags.owed.length > 0 && sameFlags(shown, held([...flags.carried, ...flags.owed])))
}
