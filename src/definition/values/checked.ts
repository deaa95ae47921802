/** A text that was understood, or what it should be, continuing "kind is "x": …". */
export type Checked<T> = { readonly value: T } | { readonly says: string }

/** All of several texts, or what is wrong with the first that is not understood. */
export function each<T>(texts: readonly string[], check: (text: string) => Checked<T>): Checked<readonly T[]> {
  const values: T[] = []
  for (const text of texts) {
    const checked = check(text)
    if ('says' in checked) return { says: texts.length === 1 ? checked.says : `"${text}": ${checked.says}` }
    values.push(checked.value)
  }
  return { value: values }
}
