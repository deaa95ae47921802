import type { Checked } from './checked.ts'

/** A name that people see: one line, not empty. */
export function nameOf(longest: number): (text: string) => Checked<string> {
  return (text) => {
    const trimmed = text.trim()
    if (trimmed === '') return { says: 'it is empty' }
    if (/\p{Cc}/u.test(trimmed)) return { says: 'it holds a line break or another control character' }
    if (trimmed.length > longest) return { says: `at most ${longest} characters` }
    return { value: trimmed }
  }
}
