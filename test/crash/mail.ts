import { createHash } from 'node:crypto'

/** What a test message is made of; everything else about it follows from `id`. */
export type Letter = {
  /** Also in its Message-ID; null: it has none, and no Date either, so that only its body tells who it is. */
  readonly id: string | null
  readonly subject?: string
  readonly body?: string
  readonly bytes?: number
}

/** A message, the same bytes for the same letter. `bytes` fills the body up with lines of ordinary length. */
export function letter({
  id,
  subject = `Letter ${id ?? 'without a name'}`,
  body = `This is ${id ?? 'nameless'}.\r\n`,
  bytes = 0,
}: Letter): Buffer {
  const identity = id === null ? [] : [`Message-ID: <${id}@old.example.test>`, 'Date: Mon, 02 Mar 2026 10:00:00 +0000']
  const header = [...identity, 'From: anna@partner.example.test', `Subject: ${subject}`, '', body].join('\r\n')
  const lines: string[] = [header]
  let length = header.length
  for (let round = 0; length < bytes; round++) {
    const line = `${createHash('sha256')
      .update(`${id ?? ''} ${round}`)
      .digest('hex')}\r\n`
    lines.push(line)
    length += line.length
  }
  return Buffer.from(lines.join(''), 'latin1')
}

/** A line that Exchange would choke on. */
export const LONG_LINE = `${'a long line without any end '.repeat(500)}\r\n`
/** A Subject that Exchange refuses: nobody knows the charset. */
export const UNKNOWN_CHARSET = '=?x-nobody-knows?Q?Gr=FC=DFe?='
