/** Messages as servers find them hardest to give back unharmed. */
import { createHash } from 'node:crypto'

export function letter(id: string, body: Buffer | string = `This is ${id}.\r\n`): Buffer {
  const header = `Message-ID: <${id}@example.test>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nFrom: anna@example.test\r\nSubject: ${id}\r\n\r\n`
  return Buffer.concat([Buffer.from(header), Buffer.from(body)])
}

/** Text that does not repeat, in lines of 64. */
export function filler(bytes: number): Buffer {
  const lines: Buffer[] = []
  for (let at = 0; at * 66 < bytes; at++) lines.push(Buffer.from(`${createHash('sha256').update(String(at)).digest('hex')}\r\n`))
  return Buffer.concat(lines).subarray(0, bytes)
}

export const LETTERS: ReadonlyMap<string, Buffer> = new Map([
  ['plain', letter('plain')],
  ['8-bit', letter('8-bit', Buffer.from([0xe4, 0xf6, 0xfc, 0xff, 0x80, 0xc3, 0x28, 13, 10]))],
  [
    'every byte but NUL',
    letter('every', Buffer.from([...Array.from({ length: 255 }, (_, at) => at + 1).filter((byte) => byte !== 10 && byte !== 13), 13, 10])),
  ],
  ['no body', letter('no-body', '')],
  ['no end of line at the end', letter('no-end', 'last line')],
  ['lines like answers', letter('answers', ')\r\n* 1 FETCH (UID 1 BODY[] {3}\r\nA1 OK done\r\n+ go on\r\n* BYE\r\n')],
  ['braces at the end of lines', letter('braces', '{10}\r\n{10+}\r\n~{5}\r\n')],
  ['a long line', letter('long-line', `${'x'.repeat(70_000)}\r\n`)],
  ['64 KiB', letter('64k', filler(65_536))],
  ['300 KB', letter('300k', filler(300_000))],
  ['1 MB', letter('1m', filler(1_048_576))],
])

/** The same bytes in pieces of odd sizes. */
export async function* inOddPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 3) % 65_521) yield bytes.subarray(at, at + size)
}

export async function collected(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Where two messages first differ, in words; '' when they do not. */
export function difference(actual: Buffer | undefined, expected: Buffer): string {
  if (actual === undefined) return 'it is not there'
  if (actual.equals(expected)) return ''
  let at = 0
  while (actual[at] === expected[at]) at++
  const shown = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1', Math.max(0, at - 10), at + 20))
  return `${actual.length} bytes for ${expected.length}, at ${at} ${shown(actual)} for ${shown(expected)}`
}
