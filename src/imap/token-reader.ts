import type { Token } from './response.ts'

const MAX_DEPTH = 64

/** Thrown inside the decoder when what comes in cannot be IMAP; the session translates it. */
export class DecodeError extends Error {}

/** Makes tokens out of the text of one response, line by line, with literals in between. Never throws on bad syntax, only on abuse. */
export class TokenReader {
  readonly values: Token[] = []
  readonly #stack: Token[][] = []
  #open: Token[] = this.values

  /** The innermost list that is not closed yet. */
  get open(): readonly Token[] {
    return this.#open
  }

  get depth(): number {
    return this.#stack.length
  }

  add(token: Token): void {
    this.#open.push(token)
  }

  read(line: string, from: number): void {
    let at = from
    const end = line.length
    while (at < end) {
      const char = line.charCodeAt(at)
      if (char === 32) at++
      else if (char === 40) {
        this.#openList()
        at++
      } else if (char === 41) {
        this.#open = this.#stack.pop() ?? this.values
        at++
      } else if (char === 34) at = this.#quoted(line, at + 1)
      else at = this.#atom(line, at)
    }
  }

  #openList(): void {
    if (this.#stack.length >= MAX_DEPTH) throw new DecodeError('parentheses nested too deeply')
    const list: Token[] = []
    this.#open.push(list)
    this.#stack.push(this.#open)
    this.#open = list
  }

  /** A quote that is never closed ends with its line. */
  #quoted(line: string, from: number): number {
    const close = line.indexOf('"', from)
    const escape = line.indexOf('\\', from)
    if (close >= 0 && (escape < 0 || escape > close)) {
      this.#open.push({ quoted: line.slice(from, close) })
      return close + 1
    }
    let text = ''
    let at = from
    while (at < line.length) {
      const char = line[at] ?? ''
      if (char === '"') break
      if (char === '\\') at++
      text += line[at] ?? ''
      at++
    }
    this.#open.push({ quoted: text })
    return at + 1
  }

  #atom(line: string, from: number): number {
    let at = from
    const end = line.length
    while (at < end) {
      const char = line.charCodeAt(at)
      if (char === 32 || char === 40 || char === 41 || char === 34) break
      // BODY[HEADER.FIELDS (DATE)] is one name; a "[" elsewhere, as in a keyword, is a letter like others
      if (char === 91 && /^(?:body|binary)/i.test(line.slice(from, at))) {
        const close = line.indexOf(']', at)
        at = close < 0 ? end : close + 1
      } else at++
    }
    this.#open.push(line.slice(from, at))
    return at
  }
}
