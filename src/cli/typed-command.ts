import { printable } from './printable.ts'

/** A command line to paste into a shell, as typed; words are quoted only where a shell wants it. */
export function typedCommand(program: string, words: readonly string[]): string {
  return [program, ...words.map(quoted)].join(' ')
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return `'${printable(word).replaceAll("'", String.raw`'\''`)}'`
}
