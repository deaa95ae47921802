/** What a stand-in for a host of DNS keeps: one zone, record by record, in words of its own. */

export type StubRecord = {
  readonly id: string
  /** Absolute, in lower case, without its last dot. */
  readonly name: string
  readonly type: string
  readonly ttl: number
  /** As a zone file has it, word by word; strings of TXT unquoted, one character for each byte. */
  readonly data: readonly string[]
  /** What the host keeps beside DNS. */
  readonly more: Readonly<Record<string, unknown>>
}

export class StubZone {
  readonly name: string
  #records: readonly StubRecord[]
  #before: readonly StubRecord[]
  #ids = 0
  /** So many readings after a change still show what was before. */
  lag = 0
  #stale = 0
  serial = 2026010100
  /** Every state since the start. */
  readonly states: (readonly StubRecord[])[] = []

  constructor(name: string) {
    this.name = name
    this.#records = []
    this.#before = []
  }

  get records(): readonly StubRecord[] {
    return this.#records
  }

  /** What one more reading is shown. */
  shown(): readonly StubRecord[] {
    if (this.#stale === 0) return this.#records
    this.#stale--
    return this.#before
  }

  make(record: Omit<StubRecord, 'id' | 'more'> & { readonly more?: StubRecord['more'] }): StubRecord {
    return { more: {}, ...record, id: `r${++this.#ids}` }
  }

  /** All at once: the world never sees anything in between. Throws where the result is no zone; then nothing changed. */
  change(next: readonly StubRecord[]): void {
    for (const { name, type } of next)
      if (type === 'CNAME' && next.some((other) => other.name === name && other.type !== 'CNAME')) throw new Clash(name)
    this.#before = this.#records
    this.#records = next
    this.#stale = this.lag
    this.serial++
    this.states.push(next)
  }

  without(name: string, type: string): readonly StubRecord[] {
    return this.#records.filter((one) => one.name !== name || one.type !== type)
  }

  /** The set as a resolver would tell it. */
  served(name: string, type: string, records = this.#records): readonly string[] {
    return records
      .filter((one) => one.name === name && one.type === type)
      .map(({ data }) => answered(type, data))
      .sort()
  }
}

/** A CNAME beside something else. */
export class Clash extends Error {}

function answered(type: string, data: readonly string[]): string {
  if (type === 'TXT') return data.join('')
  return data.map((word) => word.toLowerCase().replace(/(?<=.)\.$/, '')).join(' ')
}

/** The words of a record that is given as a resolver would tell it. */
export function wordsOf(type: string, text: string): readonly string[] {
  if (type === 'TXT') return text === '' ? [''] : (text.match(/[\s\S]{1,255}/g) ?? [])
  const words = text.split(' ')
  return ['MX', 'CNAME', 'NS', 'SRV'].includes(type) ? [...words.slice(0, -1), `${words.at(-1) ?? ''}.`.replace(/\.\.$/, '.')] : words
}

/** `"one" "two"` as strings; escapes by digits to the base that the host uses. */
export function stringsIn(text: string, base: 8 | 10): readonly string[] {
  const strings: string[] = []
  for (const match of text.matchAll(/"((?:\\.|[^"\\])*)"/gs)) {
    const bytes = Buffer.from(match[1] ?? '', 'utf8').toString('latin1')
    strings.push(
      bytes.replaceAll(/\\([0-9]{3}|.)/gs, (_, escape: string) =>
        escape.length === 3 ? String.fromCharCode(parseInt(escape, base)) : escape,
      ),
    )
  }
  return strings
}

export function quotedStrings(strings: readonly string[], base: 8 | 10): string {
  const escaped = (string: string): string =>
    Array.from(string)
      .map((char) => {
        const code = char.charCodeAt(0)
        if (char === '"' || char === '\\') return `\\${char}`
        return code < 32 || code > 126 ? `\\${code.toString(base).padStart(3, '0')}` : char
      })
      .join('')
  return strings.map((string) => `"${escaped(string)}"`).join(' ')
}

/** The record as one text, as most hosts write it. */
export function wireText({ type, data }: Pick<StubRecord, 'type' | 'data'>, base: 8 | 10 = 10): string {
  return type === 'TXT' ? quotedStrings(data, base) : data.join(' ')
}

/** The words of what a host was sent as one text. Throws where it is not what the host takes. */
export function wordsIn(type: string, text: string, base: 8 | 10 = 10): readonly string[] {
  if (type !== 'TXT') return text.split(' ')
  const strings = stringsIn(text, base)
  if (strings.length === 0 || strings.some((string) => string.length > 255))
    throw new Error('TXT wants quoted strings of at most 255 bytes')
  return strings
}
