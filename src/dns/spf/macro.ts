/**
 * The name behind a term with its macros filled in (RFC 7208 §7); null where it depends on who sends (`%{i}`, `%{l}` …), which
 * nobody knows before a message comes. `domain`: whose record it is; `sender`: the domain of the address.
 */
export function expandSpf(value: string, domain: string, sender: string): string | null {
  let known = true
  const text = value.replaceAll(/%(?:\{([a-z])(\d*)(r?)([.\-+,/_=]*)\}|([%_-]))/gi, (whole, ...found: readonly (string | undefined)[]) => {
    const [letter, digits = '', reverse = '', delimiters = '', escaped] = found
    if (escaped !== undefined) return { '%': '%', _: ' ', '-': '%20' }[escaped] ?? whole
    const base = { d: domain, o: sender }[(letter ?? '').toLowerCase()]
    if (base === undefined) known = false
    const parts = (base ?? '').split(new RegExp(`[${(delimiters === '' ? '.' : delimiters).replaceAll(/[-\\\]^]/g, String.raw`\$&`)}]`))
    if (reverse !== '') parts.reverse()
    return parts.slice(digits === '' ? 0 : -Number(digits)).join('.')
  })
  return known ? text.replace(/\.$/, '').toLowerCase() : null
}
