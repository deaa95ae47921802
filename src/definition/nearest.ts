/** The one of the known words that was probably meant; undefined where none is near. Letter case, blanks and `_` do not count. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const folded = fold(word)
  // Of a hostile file any word may be long.
  if (folded.length > 100) return undefined
  let best: { readonly word: string; readonly away: number } | undefined
  for (const each of known) {
    const candidate = fold(each)
    // A short word is near to too many others.
    const allowed = candidate.length > 5 ? 2 : candidate.length > 2 ? 1 : 0
    if (Math.abs(candidate.length - folded.length) > allowed) continue
    const away = distance(candidate, folded)
    if (away <= allowed && away < (best?.away ?? Infinity)) best = { word: each, away }
  }
  return best?.word
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]+/g, '')
}

/** Levenshtein's distance. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, left] of a.split('').entries()) {
    const next = [i + 1]
    for (const [j, right] of b.split('').entries())
      next.push(Math.min((row[j] ?? 0) + (left === right ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    row = next
  }
  return row[b.length] ?? 0
}
