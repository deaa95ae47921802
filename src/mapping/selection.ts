/** Which folders a person chose, by patterns of their names. A folder is asked for by all the ways its name can be written. */
export type Selection = {
  /** True when a pattern without a wildcard picks it; views and shared folders come along only this way. */
  named(spellings: readonly string[]): boolean
  /** Why it stays behind; null when it is copied. */
  reasonToLeave(spellings: readonly string[]): string | null
}

type Pattern = { readonly text: string; readonly exact: boolean; readonly matches: RegExp }

/**
 * A pattern is a folder's name, levels joined by "/", in any case; `*` stands for any characters. It covers the folder and everything
 * below it. `include` absent or empty: every folder.
 */
export function selectionOf(include: readonly string[] | undefined, exclude: readonly string[] | undefined): Selection {
  const wanted = (include ?? []).map(compile)
  const unwanted = (exclude ?? []).map(compile)
  return {
    named: (spellings) => wanted.some((pattern) => pattern.exact && covers(pattern, spellings)),
    reasonToLeave(spellings) {
      const out = unwanted.find((pattern) => covers(pattern, spellings))
      if (out !== undefined) return `Left out by the pattern "${out.text}".`
      if (wanted.length === 0 || wanted.some((pattern) => covers(pattern, spellings))) return null
      return 'Not among the folders that were chosen.'
    },
  }
}

function covers(pattern: Pattern, spellings: readonly string[]): boolean {
  return spellings.some((spelling) => pattern.matches.test(spelling.normalize('NFC')))
}

function compile(text: string): Pattern {
  const parts = text
    .normalize('NFC')
    .split('*')
    .map((part) => RegExp.escape(part))
  return { text, exact: parts.length === 1, matches: new RegExp(`^${parts.join('.*')}(?:/.*)?$`, 'isu') }
}
