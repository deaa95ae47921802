import { Failure } from '../model/failure.ts'

/** What a mail host answers to one command (RFC 5321 §4.2). */
export type SmtpReply = {
  readonly code: number
  /** `5.4.1` (RFC 3463); null where the host gives none. */
  readonly enhanced: string | null
  /** The host's words, its lines joined by a space, without the codes. */
  readonly text: string
  /** As it came, line by line. */
  readonly lines: readonly string[]
}

/** More than any host says at once; whatever is longer is no mail host. */
const MOST_BYTES = 65_536

/** Puts replies together from what comes over the wire. */
export class ReplyReader {
  #rest = ''
  #lines: string[] = []
  #bytes = 0

  /** Bytes that belong to no reply yet. */
  get pending(): boolean {
    return this.#rest !== '' || this.#lines.length > 0
  }

  /** The replies that are whole now. Throws `not-smtp` for what no mail host says. */
  take(chunk: Buffer): readonly SmtpReply[] {
    this.#rest += chunk.toString('latin1')
    const replies: SmtpReply[] = []
    for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n')) {
      const line = this.#rest.slice(0, end).replace(/\r$/, '')
      this.#rest = this.#rest.slice(end + 1)
      if (!/^[2-5]\d\d(?:[ -]|$)/.test(line)) throw notSmtp(line)
      this.#lines.push(line)
      this.#bytes += line.length
      if (line[3] === '-') continue
      replies.push(replyOf(this.#lines))
      this.#lines = []
      this.#bytes = 0
    }
    if (this.#bytes + this.#rest.length > MOST_BYTES) throw notSmtp(this.#rest.slice(0, 200))
    return replies
  }
}

function notSmtp(line: string): Failure {
  return new Failure('not-smtp', 'What answers there is no mail host.', { serverText: line.slice(0, 200) })
}

/** A reply from its lines; every line of it may repeat the enhanced code. */
export function replyOf(lines: readonly string[]): SmtpReply {
  const last = lines.at(-1) ?? ''
  const texts = lines.map((line) => Buffer.from(line.slice(4), 'latin1').toString('utf8'))
  const enhanced = /^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/.exec(texts.at(-1) ?? '')?.[1] ?? null
  const bare = enhanced === null ? texts : texts.map((text) => (text.startsWith(enhanced) ? text.slice(enhanced.length).trim() : text))
  return { code: Number(last.slice(0, 3)), enhanced, text: bare.join(' ').trim(), lines }
}

/** The code and words as one line, for a report. */
export function replyText({ code, enhanced, text }: SmtpReply): string {
  return [code, enhanced, text].filter((part) => part !== null && part !== '').join(' ')
}

export function isPositive({ code }: SmtpReply): boolean {
  return code >= 200 && code < 300
}

/** Comes back later and may then be taken: greylisting, throttling, a host that is busy. */
export function isTemporary({ code }: SmtpReply): boolean {
  return code >= 400 && code < 500
}

/**
 * Whether a refusal is about the machine that asks, not about the recipient: a blocklist, a range of dynamic addresses, a missing name.
 * What such a host says of recipients to us says nothing about others. Exchange Online: 5.7.606–649, and 5.7.1 that names a list.
 */
export function isAboutUs({ code, enhanced, text }: SmtpReply): boolean {
  // Of the recipient, whatever else the words say (RFC 3463 §3.2); 5.4.1 is how Exchange Online refuses unknown ones.
  if (code < 400 || /^[45]\.(?:1\.|4\.1$)/.test(enhanced ?? '')) return false
  if (/^[45]\.7\.6\d\d$/.test(enhanced ?? '') || /^[45]\.7\.(?:511|25)$/.test(enhanced ?? '')) return true
  return /block(?:ed|list)|black ?list|spamhaus|\brbl\b|dnsbl|banned|dynamic|reverse dns|\bptr\b|client host|your ip|ip address/i.test(text)
}
