import { txtStrings } from './record-set.ts'

/**
 * Where a TXT value was cut into strings in another way than ours, as its owner wrote it: an update that names the record must cut it
 * in the same places, or the server knows no such record (RFC 2136 §2.4.2 compares bytes). Kept in `held` of a record set.
 */
export function withStrings(held: string | undefined, strings: readonly string[]): string | undefined {
  const value = strings.join('')
  const own = txtStrings(value)
  if (own.length === strings.length && own.every((one, at) => one === strings[at])) return held
  return JSON.stringify({ ...cutsIn(held), [value]: strings.map((one) => one.length) })
}

/** The strings of a value as they were when it was read, else as they are usual. */
export function stringsOf(value: string, held: string | undefined): readonly string[] {
  const cuts = cutsIn(held)
  const lengths = Object.hasOwn(cuts, value) ? (cuts[value] ?? []) : []
  if (lengths.reduce((sum, one) => sum + one, 0) !== value.length || lengths.some((one) => one > 255)) return txtStrings(value)
  let at = 0
  return lengths.map((length) => value.slice(at, (at += length)))
}

/** What another host holds is nothing to us. */
function cutsIn(held: string | undefined): Readonly<Record<string, readonly number[]>> {
  if (held === undefined) return {}
  try {
    const found: unknown = JSON.parse(held)
    if (typeof found !== 'object' || found === null) return {}
    return Object.fromEntries(
      Object.entries(found).flatMap(([value, lengths]: [string, unknown]) =>
        Array.isArray(lengths) && lengths.every((one) => typeof one === 'number') ? [[value, lengths as readonly number[]]] : [],
      ),
    )
  } catch {
    return {}
  }
}
