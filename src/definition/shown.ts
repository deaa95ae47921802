/** A value of the definition as a message repeats it: on one line, and short. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value !== 'string') return JSON.stringify(value)
  return `"${cut(value.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}'))}"`
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57).toWellFormed()}…` : text
}
