/** One header field of a message: its name as written, its value unfolded. */
export type HeaderField = { readonly name: string; readonly value: string }

/** The fields above the first empty line, from the top. What is no field is left out. */
export function headerFields(message: Buffer | string): readonly HeaderField[] {
  const text = typeof message === 'string' ? message : message.toString('latin1')
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? ''
  return head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 1 || /\s/.test(line.slice(0, colon).trimEnd())
        ? []
        : [{ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }]
    })
}

export function valuesOf(fields: readonly HeaderField[], name: string): readonly string[] {
  return fields.filter((field) => field.name.toLowerCase() === name.toLowerCase()).map(({ value }) => value)
}

/** One host that a message went through (RFC 5321 §4.4), as the next one wrote it down. */
export type Hop = { readonly from: string; readonly ip: string | null; readonly by: string; readonly at: number | null }

/** The way of a message, the last hop first, as the lines stand in it. What is below the first host that is trusted may be made up. */
export function hopsOf(fields: readonly HeaderField[]): readonly Hop[] {
  return valuesOf(fields, 'Received').map((value) => {
    const date = Date.parse(value.slice(value.lastIndexOf(';') + 1))
    const [, ip] = /\[(?:IPv6:)?([\da-f.:]+)\]/i.exec(value) ?? /\(([\d.]+|[\da-f:]+:[\da-f:]+)\)/i.exec(value) ?? []
    return {
      from: /\bfrom\s+([^\s;()]+)/i.exec(value)?.[1]?.toLowerCase() ?? '',
      ip: ip ?? null,
      by: /\bby\s+([^\s;()]+)/i.exec(value)?.[1]?.toLowerCase() ?? '',
      at: Number.isNaN(date) ? null : date,
    }
  })
}

/** A host that was passed more than twice: mail runs in a circle there. null: none was. */
export function circleIn(hops: readonly Hop[]): string | null {
  const passed = new Map<string, number>()
  for (const { by } of hops) if (by !== '') passed.set(by, (passed.get(by) ?? 0) + 1)
  return [...passed].find(([, times]) => times > 2)?.[0] ?? null
}

export type Mechanism = { readonly result: string; readonly properties: Readonly<Record<string, string>> }

/** What a receiver found (RFC 8601): the last word of each of `spf`, `dkim`, `dmarc`, `compauth`, `arc`; of several signatures the best. */
export function authenticationResults(fields: readonly HeaderField[]): Readonly<Record<string, Mechanism>> {
  const found: Record<string, Mechanism> = {}
  // The topmost was written by the host that is nearest to the mailbox.
  const [value = ''] = valuesOf(fields, 'Authentication-Results')
  for (const part of value.replace(/\([^()]*\)/g, ' ').split(';')) {
    const [, name = '', result = '', rest = ''] = /^\s*([a-z]+)\s*=\s*([a-z]+)(.*)$/is.exec(part) ?? []
    if (name === '') continue
    const properties = Object.fromEntries([...rest.matchAll(/([\w.]+)\s*=\s*([^\s;]+)/g)].map((match) => [match[1] ?? '', match[2] ?? '']))
    const key = name.toLowerCase()
    if (found[key]?.result !== 'pass') found[key] = { result: result.toLowerCase(), properties }
  }
  return found
}

/** `X-Forefront-Antispam-Report` of Exchange Online Protection: SFV, SCL, CAT, CIP and the rest; null where it did not look. */
export function antispamReport(fields: readonly HeaderField[]): Readonly<Record<string, string>> | null {
  const [value] = valuesOf(fields, 'X-Forefront-Antispam-Report')
  if (value === undefined) return null
  return Object.fromEntries(
    value.split(';').flatMap((part) => {
      const colon = part.indexOf(':')
      return colon < 1 ? [] : [[part.slice(0, colon).trim().toUpperCase(), part.slice(colon + 1).trim()]]
    }),
  )
}

const MEANINGS: Readonly<Record<string, string>> = {
  NSPM: 'not spam',
  SPM: 'spam',
  SKN: 'marked clean by a rule',
  SKS: 'marked as spam by a rule',
  SKA: 'on a list of allowed senders',
  SKB: 'on a list of blocked senders',
  SFE: 'a safe sender of the user',
  BLK: 'blocked by the user',
  SKQ: 'released from quarantine',
}

/** The verdict in words: `spam (SCL 9, HSPM)`. */
export function verdictText(report: Readonly<Record<string, string>>): string {
  const verdict = report['SFV'] ?? ''
  const category = report['CAT'] ?? ''
  return `${MEANINGS[verdict] ?? verdict} (SCL ${report['SCL'] ?? '?'}${category === '' || category === 'NONE' ? '' : `, ${category}`})`
}
