import { createHash } from 'node:crypto'
import type { NameRules, Reasons } from './rules.ts'

/** A name with every character the destination cannot take replaced; says what was done. Length and uniqueness come later. */
export function cleanName(given: string, rules: NameRules, reasons: Reasons): string {
  const clean = withoutBadCharacters(given, rules, reasons)
  const trimmed = rules.trimsNames ? withoutBlanks(clean, reasons) : clean
  if (trimmed === '') {
    reasons.push('The name is empty: "_" stands for it.')
    return '_'
  }
  if (/^\.+$/.test(trimmed)) {
    reasons.push('A name of nothing but dots is not accepted: "_" stands for each dot.')
    return '_'.repeat(trimmed.length)
  }
  return trimmed
}

function withoutBadCharacters(given: string, rules: NameRules, reasons: Reasons): string {
  let bad = false
  let out = ''
  // Blanks that are control characters (tab, line end) are blanks where the destination trims, else control characters.
  for (const char of given) {
    const blank = rules.trimsNames && /\s/u.test(char)
    const refused = char === '/' || char === '\\' || char === rules.separator || (!blank && /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(char))
    if (refused) bad = true
    out += refused ? '_' : char
  }
  if (bad) reasons.push('Characters that cannot stand in a folder name became "_".')
  return out
}

function withoutBlanks(given: string, reasons: Reasons): string {
  const out = given.replaceAll(/\s+/gu, ' ').trim()
  if (out !== given) reasons.push('Blanks around and inside the name were tidied up, as the destination does it.')
  return out
}

/** The name with a suffix, cut to the allowed length. A cut name ends in 8 hex digits of a hash, so that two long ones stay two. */
export function fitName(name: string, suffix: string, rules: NameRules, reasons: Reasons): string {
  if (name.length + suffix.length <= rules.maxNameUnits) return name + suffix
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  const cut = name.slice(0, Math.max(0, rules.maxNameUnits - suffix.length - hash.length - 1)).replace(/[\uD800-\uDBFF]$/u, '')
  reasons.push(`The name is longer than ${rules.maxNameUnits} characters: it was cut.`)
  return `${rules.trimsNames ? cut.trimEnd() : cut}_${hash}${suffix}`
}
