import { formatHeaderDate } from './date-time.ts'
import { base64Lines, encodeHeader, quotedPrintable } from './mime-write.ts'
import { Random } from './random.ts'
import { paragraphs, PEOPLE, VOICES, type Voice } from './seed-text.ts'

/** Which message: the same key gives the same bytes, always. */
export type SeedKey = { readonly seed: number; readonly mailbox: number; readonly index: number }
export type SeedOptions = { readonly owner: string; readonly date: Date; readonly medianBytes: number; readonly maxBytes: number }

const POOL_BYTES = 96 * 1024
let pool: Buffer | null = null

/** Base64 lines of nothing in particular, made once: attachments are cut from it. */
function attachmentPool(): Buffer {
  if (pool !== null) return pool
  const random = new Random(20_240_229)
  const bytes = Buffer.alloc((POOL_BYTES / 76) * 57)
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.int(256)
  pool = Buffer.from(base64Lines(bytes), 'latin1')
  return pool
}

const LINE_BYTES = 78
const FILES: readonly [string, ...string[]] = ['offer.pdf', 'minutes.docx', 'figures.xlsx', 'photo.jpg', 'plan.dwg', 'scan.tif']

export function messageId(key: SeedKey): string {
  const random = new Random(key.seed, 7, key.mailbox, key.index)
  const part = (): string => Math.floor(random.next() * 2 ** 32).toString(36)
  return `<${part()}.${part()}.${key.index}@mail.example.test>`
}

/** One message of a mailbox: text, HTML, attachments, threads, lists, in several languages and charsets. */
export function seedMessage(key: SeedKey, options: SeedOptions): Buffer {
  const random = new Random(key.seed, key.mailbox, key.index)
  const voice = random.pick(VOICES)
  const size = Math.min(options.maxBytes, Math.max(600, random.logNormal(options.medianBytes, 1.7)))
  const { header, html } = seedHeader(key, options, random, voice)
  const characters = Math.min(size * 0.5, 400 + random.int(2500))
  const body = random.chance(0.45) ? null : textPart(random, voice, paragraphs(random, voice, characters))
  const main = body ?? alternative(key, random, voice, paragraphs(random, voice, characters / 2), html)
  const attachmentBytes = size - main.length - header.length
  if (attachmentBytes < 2000) return Buffer.concat([header, main])
  const boundary = `=_mixed_${key.mailbox}_${key.index}`
  const pieces = [
    header,
    ascii(`Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\nThis is a multi-part message.\r\n--${boundary}\r\n`),
    main,
  ]
  const count = 1 + random.int(3)
  for (let i = 0; i < count; i++) {
    const name = random.pick(FILES)
    const head =
      `\r\n--${boundary}\r\nContent-Type: application/octet-stream; name="${name}"\r\n` +
      `Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n`
    pieces.push(ascii(head), ...attachmentLines(random, attachmentBytes / count))
  }
  pieces.push(ascii(`--${boundary}--\r\n`))
  return Buffer.concat(pieces)
}

function* attachmentLines(random: Random, bytes: number): Generator<Buffer> {
  const source = attachmentPool()
  const lines = source.length / LINE_BYTES
  let left = Math.max(1, Math.round(bytes / LINE_BYTES))
  while (left > 0) {
    const from = random.int(lines - 1)
    const step = Math.min(left, lines - from)
    yield source.subarray(from * LINE_BYTES, (from + step) * LINE_BYTES)
    left -= step
  }
}

function seedHeader(key: SeedKey, options: SeedOptions, random: Random, voice: Voice): { header: Buffer; html: boolean } {
  const from = random.pick(PEOPLE)
  const other = `${random.pick(PEOPLE)}@partner.example.org`
  const zone = random.pick([0, 60, 120, -300, 540])
  const reply = key.index > 3 && random.chance(0.35)
  const parent = reply ? { ...key, index: key.index - 1 - random.int(Math.min(20, key.index - 1)) } : null
  const topic = random.pick(voice.subjects)
  const subject = encodeHeader(
    `${reply ? 'Re: ' : ''}${topic}${random.chance(0.5) ? ` (${key.index})` : ''}`,
    random.chance(0.5) ? 'B' : 'Q',
  )
  const date = formatHeaderDate(new Date(options.date.getTime() - 1000 * random.int(90)), zone)
  const id = messageId(key)
  const lines = [
    `Return-Path: <${from}@partner.example.org>`,
    `Received: from mx.partner.example.org (mx.partner.example.org [192.0.2.${1 + random.int(250)}])\r\n\tby mail.old.example.test (Postfix) with ESMTPS id ${key.index.toString(36)}X\r\n\tfor <${options.owner}>; ${date}`,
    `From: ${encodeHeader(voice.charset === 'iso-8859-1' ? `${from} Müller` : from)} <${from}@partner.example.org>`,
    `To: ${options.owner}${random.chance(0.3) ? `,\r\n ${other}` : ''}`,
    `Subject: ${subject}`,
    `Date: ${date}`,
    `Message-ID: ${id}`,
    'MIME-Version: 1.0',
  ]
  if (parent !== null) lines.push(`In-Reply-To: ${messageId(parent)}`, `References: ${messageId(parent)}`)
  if (random.chance(0.12)) {
    lines.push(
      'List-Id: Project news <news.lists.example.org>',
      'List-Unsubscribe: <mailto:news-leave@lists.example.org>',
      'Precedence: list',
    )
  }
  if (random.chance(0.2))
    lines.push(
      `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=partner.example.org; s=k1;\r\n\th=from:to:subject:date; bh=${id.slice(1, 20)}=; b=${'A'.repeat(60)}\r\n\t${'B'.repeat(60)}=`,
    )
  return { header: ascii(`${lines.join('\r\n')}\r\n`), html: random.chance(0.8) }
}

function textPart(random: Random, voice: Voice, text: string, subtype = 'plain'): Buffer {
  const unicode = voice.charset === 'utf-8' || !/^[\x00-\xff]*$/.test(text) || random.chance(0.4)
  const charset = unicode ? 'utf-8' : voice.charset
  const bytes = Buffer.from(`${text}\r\n`, unicode ? 'utf8' : 'latin1')
  const clean = /^[\x00-\x7f]*$/.test(text)
  const encoding = clean ? '7bit' : random.pick(['quoted-printable', '8bit', 'base64'])
  const head = `Content-Type: text/${subtype}; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`
  if (encoding === 'base64') return ascii(head + base64Lines(bytes))
  if (encoding === 'quoted-printable') return ascii(head + quotedPrintable(bytes))
  return Buffer.concat([ascii(head), bytes])
}

function alternative(key: SeedKey, random: Random, voice: Voice, text: string, html: boolean): Buffer {
  if (!html) return textPart(random, voice, `<p>${text.replaceAll('\r\n', '<br>\r\n')}</p>`, 'html')
  const boundary = `=_alt_${key.mailbox}_${key.index}`
  const markup = `<html><body>\r\n<p>${text.replaceAll('\r\n', '<br>\r\n')}</p>\r\n</body></html>`
  return Buffer.concat([
    ascii(`Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n--${boundary}\r\n`),
    textPart(random, voice, text),
    ascii(`\r\n--${boundary}\r\n`),
    textPart(random, voice, markup, 'html'),
    ascii(`\r\n--${boundary}--\r\n`),
  ])
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
