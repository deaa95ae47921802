/** One argument of a command (RFC 3501 §9). Text is kept as bytes in Latin-1. */
export type Argument =
  | { readonly kind: 'atom' | 'quoted'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string; readonly bytes: Buffer }
  | { readonly kind: 'list'; readonly items: readonly Argument[] }

export type Command = { readonly tag: string; readonly verb: string; readonly arguments: readonly Argument[] }

/** A command as read: its lines, with a literal between each two. */
export type RawCommand = { readonly lines: readonly string[]; readonly literals: readonly Buffer[] }

/** The command's structure; null when it has none (wrong quoting, brackets, tag). */
export function parseCommand(raw: RawCommand): Command | null {
  const first = raw.lines[0] ?? ''
  const head = /^([^\s(){%*"\\+]+) (UID )?([A-Za-z0-9-]+)(?: |$)/i.exec(first)
  if (head === null) return null
  const verb = `${head[2] ?? ''}${head[3] ?? ''}`.toUpperCase()
  const reader = new ArgumentReader(raw, head[0].length)
  const items = reader.items(false)
  return items === null ? null : { tag: head[1] ?? '', verb, arguments: items }
}

class ArgumentReader {
  readonly #raw: RawCommand
  #line = 0
  #at: number

  constructor(raw: RawCommand, at: number) {
    this.#raw = raw
    this.#at = at
  }

  items(inList: boolean): Argument[] | null {
    const found: Argument[] = []
    for (;;) {
      const text = this.#raw.lines[this.#line] ?? ''
      const char = text[this.#at]
      if (char === undefined) return inList ? null : found
      if (char === ' ') this.#at += 1
      else if (char === ')') {
        this.#at += 1
        return inList ? found : null
      } else if (char === '(') {
        this.#at += 1
        const items = this.items(true)
        if (items === null) return null
        found.push({ kind: 'list', items })
      } else {
        const one = char === '"' ? this.#quoted(text) : char === '{' ? this.#literal(text) : this.#atom(text)
        if (one === null) return null
        found.push(one)
      }
    }
  }

  #quoted(text: string): Argument | null {
    let value = ''
    for (let at = this.#at + 1; at < text.length; at++) {
      const char = text[at]
      if (char === '\\') {
        at += 1
        value += text[at] ?? ''
      } else if (char === '"') {
        this.#at = at + 1
        return { kind: 'quoted', text: value }
      } else value += char
    }
    return null
  }

  #literal(text: string): Argument | null {
    const bytes = this.#raw.literals[this.#line]
    if (bytes === undefined || !/^\{\d+\+?\}$/.test(text.slice(this.#at))) return null
    this.#line += 1
    this.#at = 0
    // An APPEND's message may be megabytes: its text is made only when somebody reads it.
    return {
      kind: 'literal',
      bytes,
      get text() {
        return bytes.toString('latin1')
      },
    }
  }

  #atom(text: string): Argument {
    const start = this.#at
    let at = start
    for (; at < text.length; at++) {
      const char = text[at]
      // The section of a FETCH item belongs to its atom, blanks and brackets included.
      if (char === '[') {
        const end = text.indexOf(']', at)
        at = end < 0 ? text.length : end
      } else if (char === ' ' || char === '(' || char === ')') break
    }
    this.#at = at
    return { kind: 'atom', text: text.slice(start, at) }
  }
}

/** The text of an argument that must be a string or an atom; null for a list or nothing. */
export function textOf(argument: Argument | undefined): string | null {
  return argument === undefined || argument.kind === 'list' ? null : argument.text
}

/** The texts of a list, or of one bare atom. */
export function textsOf(argument: Argument | undefined): readonly string[] {
  if (argument === undefined) return []
  if (argument.kind !== 'list') return [argument.text]
  return argument.items.flatMap((item) => textOf(item) ?? [])
}

/** Quotes a string for a reply; a literal where quoting cannot hold it. */
export function quote(text: string): string {
  if (/[\r\n\0\x80-\xff]/.test(text)) return `{${text.length}}\r\n${text}`
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
