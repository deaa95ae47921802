import { badRequest } from './answers.ts'
import { textOf, type Json, type Props } from './props.ts'

type Test = (row: Props) => boolean
type Token = { readonly kind: 'word' | 'string' | 'mark'; readonly text: string }

/** What `$filter` says, as a test of one row. Knows what a directory or mailbox client asks for; anything else is a bad request. */
export function parseFilter(text: string): Test {
  const parser = new FilterParser(tokens(text))
  const test = parser.either()
  parser.end()
  return test
}

/** The operators that the directory answers only with `ConsistencyLevel: eventual`. */
export function isAdvancedFilter(text: string): boolean {
  return tokens(text).some(
    ({ kind, text }) => kind === 'word' && ['ne', 'not', 'endswith', 'contains', '$count'].includes(text.toLowerCase()),
  )
}

function tokens(text: string): Token[] {
  const found: Token[] = []
  const pattern = /\s*(?:'((?:[^']|'')*)'|([(),])|([^\s(),']+))/gy
  let at = 0
  while (at < text.trimEnd().length) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) throw badRequest(`Invalid filter clause: Syntax error at position ${at} in '${text}'.`)
    at = pattern.lastIndex
    const [, string, mark, word] = match
    if (string !== undefined) found.push({ kind: 'string', text: string.replaceAll("''", "'") })
    else if (mark !== undefined) found.push({ kind: 'mark', text: mark })
    else found.push({ kind: 'word', text: word ?? '' })
  }
  return found
}

class FilterParser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  either(): Test {
    let left = this.#both()
    while (this.#takeWord('or')) {
      const [a, b] = [left, this.#both()]
      left = (row) => a(row) || b(row)
    }
    return left
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#wrong()
  }

  #both(): Test {
    let left = this.#one()
    while (this.#takeWord('and')) {
      const [a, b] = [left, this.#one()]
      left = (row) => a(row) && b(row)
    }
    return left
  }

  #one(): Test {
    if (this.#takeWord('not')) {
      const inner = this.#one()
      return (row) => !inner(row)
    }
    if (this.#takeMark('(')) {
      const inner = this.either()
      this.#expect(')')
      return inner
    }
    const name = this.#word()
    if (this.#takeMark('(')) return this.#call(name)
    const operator = this.#word().toLowerCase()
    if (operator === 'in') return this.#among(name)
    const value = this.#value()
    return (row) => compare(valueAt(row, name), operator, value)
  }

  /** `startswith(a,'b')` or `list/any(x:x eq 'b')`. */
  #call(name: string): Test {
    const lower = name.toLowerCase()
    if (lower.endsWith('/any')) {
      const list = name.slice(0, -'/any'.length)
      const variable = this.#word().replace(/:.*$/, '')
      const inlined = this.#tokens[this.#at - 1]?.text.slice(variable.length + 1) ?? ''
      const property = inlined === '' ? this.#word() : inlined
      if (this.#takeMark('(')) {
        const subject = this.#word()
        this.#expect(',')
        const value = textOf(this.#value())
        this.#expect(')')
        this.#expect(')')
        return (row) => each(row, list, variable, subject, (one) => textual(property.toLowerCase(), one, value))
      }
      const operator = this.#word().toLowerCase()
      const value = this.#value()
      this.#expect(')')
      return (row) => each(row, list, variable, property, (one) => compare(one, operator, value))
    }
    const subject = this.#word()
    this.#expect(',')
    const value = textOf(this.#value())
    this.#expect(')')
    if (this.#takeWord('eq')) this.#value()
    return (row) => textual(lower, valueAt(row, subject), value)
  }

  #among(name: string): Test {
    this.#expect('(')
    const values: Json[] = []
    do values.push(this.#value())
    while (this.#takeMark(','))
    this.#expect(')')
    return (row) => values.some((value) => compare(valueAt(row, name), 'eq', value))
  }

  #value(): Json {
    const token = this.#tokens[this.#at++]
    if (token === undefined || token.kind === 'mark') throw this.#wrong()
    if (token.kind === 'string') return token.text
    if (token.text === 'null') return null
    if (token.text === 'true' || token.text === 'false') return token.text === 'true'
    return /^-?\d+(?:\.\d+)?$/.test(token.text) ? Number(token.text) : token.text
  }

  #word(): string {
    const token = this.#tokens[this.#at++]
    if (token?.kind !== 'word') throw this.#wrong()
    return token.text
  }

  #takeWord(text: string): boolean {
    const token = this.#tokens[this.#at]
    const is = token?.kind === 'word' && token.text.toLowerCase() === text
    if (is) this.#at += 1
    return is
  }

  #takeMark(text: string): boolean {
    const token = this.#tokens[this.#at]
    const is = token?.kind === 'mark' && token.text === text
    if (is) this.#at += 1
    return is
  }

  #expect(mark: string): void {
    if (!this.#takeMark(mark)) throw this.#wrong()
  }

  #wrong(): Error {
    return badRequest(`Invalid filter clause: unexpected '${this.#tokens[Math.max(0, this.#at - 1)]?.text ?? ''}'.`)
  }
}

function each(row: Props, list: string, variable: string, path: string, test: (value: Json | undefined) => boolean): boolean {
  const values = valueAt(row, list)
  if (!Array.isArray(values)) return false
  return values.some((one: Json) => test(path === variable ? one : valueAt({ [variable]: one }, path)))
}

/** The value under a path such as `flag/flagStatus`. */
function valueAt(row: Props, path: string): Json | undefined {
  let value: Json | undefined = row
  for (const part of path.split('/')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const found: readonly [string, Json] | undefined = Object.entries(value).find(([key]) => key.toLowerCase() === part.toLowerCase())
    value = found?.[1]
  }
  return value
}

function compare(left: Json | undefined, operator: string, right: Json): boolean {
  const [a, b] = [comparable(left), comparable(right)]
  switch (operator) {
    case 'eq':
      return a === b
    case 'ne':
      return a !== b
    case 'ge':
      return a !== null && b !== null && a >= b
    case 'gt':
      return a !== null && b !== null && a > b
    case 'le':
      return a !== null && b !== null && a <= b
    case 'lt':
      return a !== null && b !== null && a < b
    default:
      throw badRequest(`Invalid filter clause: unknown operator '${operator}'.`)
  }
}

function comparable(value: Json | undefined): string | number | boolean | null {
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' ? value : null
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z?$/.test(value) ? Date.parse(value.endsWith('Z') ? value : `${value}Z`) : value.toLowerCase()
}

function textual(name: string, value: Json | undefined, part: string): boolean {
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  switch (name) {
    case 'startswith':
      return text.startsWith(part.toLowerCase())
    case 'endswith':
      return text.endsWith(part.toLowerCase())
    case 'contains':
      return text.includes(part.toLowerCase())
    default:
      throw badRequest(`Invalid filter clause: unknown function '${name}'.`)
  }
}
