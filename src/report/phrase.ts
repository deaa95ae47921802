import type { Language } from './document.ts'
import type { Format } from './format.ts'

/** The phrases of a report: each in every language, or it is a type error. */
export type PhraseTable<Name extends string> = Readonly<Record<Language, Readonly<Record<Name, string>>>>

/**
 * A phrase with its values put in. `{name}` takes a text, or a number grouped by the language. `{count:message|messages}` takes a number
 * and the word that goes with it; Russian has three: `{count:письмо|письма|писем}`. Values are data: braces in them stay as they are.
 */
export function filled(phrase: string, format: Format, values: Readonly<Record<string, string | number>>): string {
  return phrase.replaceAll(/\{(\w+)(?::([^{}]*))?\}/g, (_, name: string, words: string | undefined) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the phrase "${phrase}" wants a value for ${name}`)
    if (typeof value === 'string') return value
    return words === undefined ? format.number(value) : `${format.number(value)}\u00A0${wordFor(value, words.split('|'), format.language)}`
  })
}

const RULES = new Map<Language, Intl.PluralRules>()

function wordFor(count: number, words: readonly string[], language: Language): string {
  let rules = RULES.get(language)
  if (rules === undefined) RULES.set(language, (rules = new Intl.PluralRules(language)))
  const form = rules.select(count)
  const at = form === 'one' ? 0 : form === 'few' ? 1 : words.length - 1
  return words[at] ?? words.at(-1) ?? ''
}
