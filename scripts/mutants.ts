/** Small ways to break TypeScript source: what a tired programmer would do. Strings and comments are left alone. */
export type Mutant = {
  readonly file: string
  readonly line: number
  readonly says: string
  readonly from: number
  readonly to: number
  readonly text: string
}

type Rule = { readonly find: RegExp; readonly put: (found: string) => string }

const RULES: readonly Rule[] = [
  { find: / === /g, put: () => ' !== ' },
  { find: / !== /g, put: () => ' === ' },
  { find: / < (?=[\w(])/g, put: () => ' <= ' },
  { find: / <= /g, put: () => ' < ' },
  { find: / > (?=[\w(-])/g, put: () => ' >= ' },
  { find: / >= /g, put: () => ' > ' },
  { find: / && /g, put: () => ' || ' },
  { find: / \|\| /g, put: () => ' && ' },
  { find: / \+ 1\b/g, put: () => '' },
  { find: / - 1\b/g, put: () => '' },
  { find: / \+ (?=\w)/g, put: () => ' - ' },
  { find: /\btrue\b/g, put: () => 'false' },
  { find: /\bfalse\b/g, put: () => 'true' },
  { find: /\bcontinue\b/g, put: () => 'break' },
  { find: /\bMath\.min\b/g, put: () => 'Math.max' },
  { find: /\bMath\.max\b/g, put: () => 'Math.min' },
  { find: /(?<=[( ])!(?=[a-z(])/g, put: () => '' },
  // A whole statement left out: a call for its effect, on a line of its own.
  { find: /^ +(?:await )?(?:this\.|env\.|copy\.|lane\.|governor\.|budget\.)[\w#.?]+\([^\n{]*\)$/gm, put: () => '' },
]

/** Every mutant of one file, in the order of its text. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const code = blanked(source)
  const mutants: Mutant[] = []
  for (const { find, put } of RULES) {
    for (const match of code.matchAll(find)) {
      const from = match.index
      const to = from + match[0].length
      const text = put(match[0])
      const line = source.slice(0, from).split('\n').length + (match[0].startsWith('\n') ? 1 : 0)
      mutants.push({ file, line, says: `${match[0].trim() || match[0]} → ${text.trim() || 'nothing'}`, from, to, text })
    }
  }
  return mutants.sort((a, b) => a.from - b.from)
}

/** The source with strings, templates, regular expressions, comments, imports and types blanked out, at the same length. */
function blanked(source: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, '\u0001')
  return source
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, blank)
    .replaceAll(/^import [^\n]*$/gm, blank)
    .replaceAll(/^(?:export )?type \w+ =[\s\S]*?^(?=\S|$)/gm, blank)
}

export function mutated(source: string, mutant: Mutant): string {
  return source.slice(0, mutant.from) + mutant.text + source.slice(mutant.to)
}
