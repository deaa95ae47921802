import { Secret } from '../model/secret.ts'
import type { CmdletCall, CmdletValue } from './cmdlet.ts'
import { checkCall, subjectOf } from './cmdlet.ts'

/** PowerShell ends a text at any of these, and takes two of them for one (about_Quoting_Rules; its tokenizer calls all of them single quotes). */
const QUOTE = /['\u2018\u2019\u201a\u201b]/g
/** What breaks the line, cannot be seen, turns the order of reading around, or cannot be written in UTF-8. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/**
 * The call as one line of a script for Exchange Online PowerShell, with every value quoted so that it stays a value. A secret is
 * asked for where the script runs (as a SecureString), and a file read there: neither is in the line.
 */
export function asPowerShell(call: CmdletCall): string {
  checkCall(call)
  const subject = subjectOf(call)
  const parts = Object.entries(call.parameters).map(([name, value]) => {
    const prompt = `${name} for ${call.cmdlet}${subject === null ? '' : ` ${subject}`}`
    return argument(name, expression(value, prompt))
  })
  return [call.cmdlet, ...parts].join(' ')
}

/** A switch and a parameter that takes a truth value are both written with a colon. */
export function argument(name: string, written: string): string {
  return /^\$(?:true|false)$/.test(written) ? `-${name}:${written}` : `-${name} ${written}`
}

/** One value, quoted so that it stays one. `prompt`: what is asked for where it is a secret. */
export function expression(value: CmdletValue, prompt: string): string {
  if (value === null) return '$null'
  if (typeof value === 'boolean') return `$${value}`
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (value instanceof Secret) return `(Read-Host -AsSecureString -Prompt ${quoted(prompt)})`
  // Without it the text would be read as local time.
  if (value instanceof Date) return `(([datetime]'${value.toISOString().slice(0, 19)}Z').ToUniversalTime())`
  if (!('kind' in value)) return list(value)
  if (value.kind === 'file') return `([System.IO.File]::ReadAllBytes((Resolve-Path -LiteralPath ${quoted(value.name)}).ProviderPath))`
  if (value.kind === 'table') return table(Object.entries(value.entries).map(([key, entry]) => [quoted(key), expression(entry, prompt)]))
  const { add, remove } = value
  return table([
    ...(add === undefined ? [] : [['Add', list(add)] as const]),
    ...(remove === undefined ? [] : [['Remove', list(remove)] as const]),
  ])
}

function list(values: readonly (string | number)[]): string {
  return `@(${values.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join(', ')})`
}

function table(entries: readonly (readonly [string, string])[]): string {
  return `@{${entries.map(([key, value]) => `${key} = ${value}`).join('; ')}}`
}

/** The text in single quotes, where nothing is expanded; characters that must not stand in a line are named by their numbers. */
export function quoted(text: string): string {
  if (!HIDDEN.test(text)) return plain(text)
  const runs: string[] = []
  let run = ''
  // By UTF-16 units where a surrogate stands alone, by characters elsewhere.
  for (const character of text) {
    if (!HIDDEN.test(character)) {
      run += character
      continue
    }
    if (run !== '') runs.push(plain(run))
    run = ''
    runs.push(...Array.from({ length: character.length }, (_, at) => `[char]0x${character.charCodeAt(at).toString(16).padStart(4, '0')}`))
  }
  if (run !== '') runs.push(plain(run))
  // It begins with a text, as two characters alone would be added up as numbers.
  return `(${[...(runs[0]?.startsWith("'") === true ? [] : ["''"]), ...runs].join(' + ')})`
}

function plain(text: string): string {
  return `'${text.replaceAll(QUOTE, (quote) => quote + quote)}'`
}
