import { trimBlanks } from './header-fields.ts'

/** One address of a header value; both parts are as written: latin1 characters and encoded words, quotes and comments removed. */
export type Address = { readonly name: string; readonly address: string }

/** More than this of one header is not looked at. */
const MAX_ADDRESSES = 20_000

/**
 * The addresses of an unfolded From, To or Cc value, in order: quoted strings, comments, groups and `<>` understood, nothing
 * thrown for what is malformed (a value without any address gives its text as the address). Linear.
 */
export function splitAddresses(value: string): readonly Address[] {
  const found: Address[] = []
  let text: string[] = []
  let angle: string[] | null = null
  let comment = ''
  let depth = 0
  let quoted = false
  let inAngle = false
  const finish = (): void => {
    const words = text.join('').replaceAll(/[ \t]+/g, ' ')

    if (angle !== null) found.push({ name: words, address: bare(angle.join('')) })
    else if (words !== '') found.push({ name: trimBlanks(comment), address: bare(words) })
    text = []
    angle = null
    comment = ''
    inAngle = false
  }
  for (let at = 0; at < value.length && found.length < MAX_ADDRESSES; at++) {
    let char = value[at] ?? ''
    const escaped = char === '\\' && (quoted || depth > 0) && at + 1 < value.length
    if (escaped) char = value[++at] ?? ''
    if (quoted) {
      if (char === '"' && !escaped) quoted = false
      else (inAngle ? (angle ?? text) : text).push(char)
    } else if (depth > 0) {
      if (char === '(' && !escaped) depth++
      else if (char === ')' && !escaped) depth--
      else if (comment.length < 500) comment += char
    } else if (char === '"') quoted = true
    else if (char === '(') depth = 1
    else if (char === '<' && !inAngle) {
      angle = []
      inAngle = true
    } else if (char === '>') inAngle = false
    else if (inAngle) angle?.push(char)
    else if (char === ',' || char === ';') finish()
    else if (char === ':' && angle === null) text = []
    else text.push(char)
  }
  finish()
  return found
}

/** Without the blanks that folding leaves behind and without an obsolete route. */
function bare(address: string): string {
  const plain = trimBlanks(address.replaceAll(/[ \t]+/g, address.includes('@') ? '' : ' '))
  return plain.startsWith('@') && plain.includes(':') ? plain.slice(plain.indexOf(':') + 1) : plain
}
