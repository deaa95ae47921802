import { parse } from 'yaml'

/** What takes the place of a part of a text. */
export type Edit = { readonly start: number; readonly end: number; readonly text: string }

/** The text with all of them; none reaches into another. */
export function edited(text: string, edits: readonly Edit[]): string {
  let done = text
  for (const edit of edits.toSorted((a, b) => b.start - a.start)) done = `${done.slice(0, edit.start)}${edit.text}${done.slice(edit.end)}`
  return done
}

/** A text as YAML that can stand anywhere on a line, also within brackets: in quotes wherever something else could be read. */
export function scalarText(value: string): string {
  const isPlain = /^[\p{L}\p{N}/._](?:[\p{L}\p{N}/._@:+ =-]*[\p{L}\p{N}/._@+=-])?$/u.test(value) && !/: | #/.test(value)
  if (isPlain && parse(value) === value) return value
  // JSON is YAML; what it leaves as it is and some readers take for an end of line is escaped too.
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
