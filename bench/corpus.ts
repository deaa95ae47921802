import { createCipheriv, createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { CorpusName } from './options.ts'

export type Corpus = {
  readonly name: CorpusName
  readonly messages: number
  readonly bytes: number
  /** The whole conversation that puts it into an empty mailbox: CREATEs, then one APPEND after the other, none waiting for an answer. */
  readonly appendsFile: string
  /** The same with 64 messages an APPEND (MULTIAPPEND, RFC 3502). */
  readonly multiAppendsFile: string
}

/** Twelve folders as in a person's mailbox, with their share of the messages. */
export const FOLDERS: readonly (readonly [name: string, share: number])[] = [
  ['INBOX', 30],
  ['Sent', 18],
  ['Archive', 14],
  ['Archive/2023', 8],
  ['Archive/2024', 8],
  ['Projects', 2],
  ['Projects/North', 6],
  ['Projects/South', 5],
  ['Invoices', 4],
  ['Lists', 3],
  ['Trash', 1.5],
  ['Drafts', 0.5],
]

const LARGEST_BYTES = 20_000_000
const LINE_BYTES = 78
/** So much base64 text is made once; bodies are pieces of it. */
const BLOCK_LINES = 300_000
const APPEND_AT_ONCE = 64
const FLAGS = ['\\Seen', '\\Seen', '\\Seen', '\\Seen', '\\Seen \\Answered', '\\Seen \\Answered', '\\Seen \\Flagged', '']

/** Writes the same corpus for the same name and number, always. The last command of both files has the tag `LAST_TAG`. */
export async function makeCorpus(name: CorpusName, messages: number, file: string): Promise<Corpus> {
  const corpus = { name, messages, appendsFile: file, multiAppendsFile: `${file}-multi` }
  const bytes = await writeAppends(corpus, corpus.appendsFile, 1)
  await writeAppends(corpus, corpus.multiAppendsFile, APPEND_AT_ONCE)
  return { ...corpus, bytes }
}

export const LAST_TAG = 'LAST'

async function writeAppends({ name, messages }: Pick<Corpus, 'name' | 'messages'>, file: string, atOnce: number): Promise<number> {
  const block = base64Block()
  const sizes = shuffled(Array.from({ length: messages }, (_, at) => sizeAt(name, (at + 0.5) / messages)))
  const out = createWriteStream(file, { highWaterMark: 4 * 1024 * 1024 })
  for (const [folder] of FOLDERS) if (folder !== 'INBOX') out.write(`C CREATE "${folder}"\r\n`)
  let at = 0
  let bytes = 0
  let share = 0
  const total = FOLDERS.reduce((sum, [, part]) => sum + part, 0)
  for (const [folder, part] of FOLDERS) {
    share += part
    const begin = at
    for (const end = Math.round((messages * share) / total); at < end; at++) {
      const message = makeMessage(at, sizes[at] ?? 1000, block)
      const size = message.reduce((sum, chunk) => sum + chunk.length, 0)
      bytes += size
      const date = internalDate(new Date(Date.UTC(2019, 0, 1) + at * 9_000_000))
      if ((at - begin) % atOnce === 0) out.write(`T APPEND "${folder}"`)
      out.write(` (${FLAGS[at % FLAGS.length] ?? ''}) "${date}" {${size}+}\r\n`)
      let room = true
      for (const chunk of message) room = out.write(chunk)
      if ((at - begin) % atOnce === atOnce - 1 || at === end - 1) room = out.write('\r\n')
      if (!room) await once(out, 'drain')
    }
  }
  out.end(`${LAST_TAG} NOOP\r\n`)
  await once(out, 'close')
  return bytes
}

/** One message of about this size, as chunks. Equal arguments give equal bytes. */
export function makeMessage(number: number, sizeBytes: number, block: Buffer): readonly Buffer[] {
  const date = new Date(Date.UTC(2019, 0, 1) + number * 9_000_000)
  const boundary = `=_part-${number}`
  const header = [
    `Return-Path: <sender${number % 97}@partner.example.test>`,
    `Received: from mx${number % 3}.partner.example.test (mx.partner.example.test [192.0.2.${number % 250}])`,
    `\tby mail.example.test with ESMTPS id ${hex(number, 12)}; ${date.toUTCString().replace('GMT', '+0000')}`,
    `Received: from desk${number % 41}.partner.example.test by mx${number % 3}.partner.example.test; ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${hex(number, 24)}@partner.example.test>`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `From: "Sender Number ${number % 97}" <sender${number % 97}@partner.example.test>`,
    `To: "The Office" <office@example.test>`,
    `Subject: Report ${number} about order ${(number * 7919) % 100_003} and what follows from it`,
    `X-Mailer: Example Mailer 4.${number % 9}`,
    'MIME-Version: 1.0',
  ]
  if (sizeBytes < 6000) {
    const head = Buffer.from([...header, 'Content-Type: text/plain; charset=us-ascii', '', ''].join('\r\n'))
    return [head, piece(block, number, sizeBytes - head.length)]
  }
  const head = Buffer.from(
    [
      ...header,
      `Content-Type: multipart/mixed; boundary="${boundary}"`,
      '',
      `--${boundary}`,
      'Content-Type: text/plain; charset=us-ascii',
      '',
      'The report is attached.',
      '',
      `--${boundary}`,
      'Content-Type: application/octet-stream',
      `Content-Disposition: attachment; filename="report-${number}.bin"`,
      'Content-Transfer-Encoding: base64',
      '',
      '',
    ].join('\r\n'),
  )
  const tail = Buffer.from(`--${boundary}--\r\n`)
  const chunks: Buffer[] = [head]
  let left = sizeBytes - head.length - tail.length
  for (let part = 0; left > 0; part++) {
    const body = piece(block, number + part, left)
    chunks.push(body)
    left -= body.length
  }
  return [...chunks, tail]
}

/** Lines of base64 that look random and are always the same. */
export function base64Block(): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16))
  const text = cipher.update(Buffer.alloc(BLOCK_LINES * 57)).toString('base64')
  const block = Buffer.alloc(BLOCK_LINES * LINE_BYTES)
  for (let line = 0; line < BLOCK_LINES; line++) block.write(`${text.slice(line * 76, line * 76 + 76)}\r\n`, line * LINE_BYTES, 'latin1')
  return block
}

/** Whole lines from somewhere in the block: at least one, at most `bytes` or what is left of the block. */
function piece(block: Buffer, number: number, bytes: number): Buffer {
  const start = ((number * 7919) % (BLOCK_LINES >> 1)) * LINE_BYTES
  const length = Math.max(1, Math.ceil(bytes / LINE_BYTES)) * LINE_BYTES
  return block.subarray(start, Math.min(start + length, block.length))
}

/** Real mail: log-normal with a median of 10 KB and a mean of 65 KB, up to 20 MB. Small mail: 1 to 4 KB. */
function sizeAt(name: CorpusName, quantile: number): number {
  if (name === 'small') return Math.round(1000 + 3000 * quantile)
  return Math.round(Math.min(LARGEST_BYTES, Math.max(900, 10_000 * Math.exp(1.95 * normalQuantile(quantile)))))
}

/** The inverse of the normal distribution, to about three digits (Abramowitz and Stegun 26.2.23). */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)))
  const z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
  return p < 0.5 ? -z : z
}

function shuffled(values: number[]): readonly number[] {
  let state = 12_345
  for (let at = values.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const other = (state >>> 8) % (at + 1)
    const kept = values[at] ?? 0
    values[at] = values[other] ?? 0
    values[other] = kept
  }
  return values
}

function hex(number: number, digits: number): string {
  return createHash('sha256').update(String(number)).digest('hex').slice(0, digits)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function internalDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${String(date.getUTCDate()).padStart(2, ' ')}-${MONTHS[date.getUTCMonth()] ?? ''}-${date.getUTCFullYear()}`
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}
