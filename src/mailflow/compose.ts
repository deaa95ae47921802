import { randomBytes } from 'node:crypto'

/** One test message: what finds it again, and its bytes. */
export type ProbeLetter = {
  /** `p.RUN.ROUTE.RANDOM`: in the Message-ID, the subject and a header of its own. */
  readonly id: string
  /** With its brackets. */
  readonly messageId: string
  readonly subject: string
  readonly bytes: Buffer
}

export type Attachment = { readonly name: string; readonly type: string; readonly content: Buffer }

export type ProbeText = {
  readonly run: string
  readonly route: string
  readonly from: string
  readonly to: string
  readonly at: Date
  readonly text?: string
  readonly attachment?: Attachment
  /** The Message-ID that is answered. */
  readonly inReplyTo?: string
}

/** Ours, and nobody else's: what cleans up goes by it. Graph takes it too, as it begins with x-. */
export const PROBE_HEADER = 'X-Cutover-Probe'

export function newRun(): string {
  return randomBytes(4).toString('hex')
}

export function probeId(run: string, route: string): string {
  return `p.${run}.${route}.${randomBytes(4).toString('hex')}`
}

/** What a probe says to a person who finds it. */
export const PROBE_TEXT = 'This is a test message of a mail migration. It is removed again by itself; nothing needs to be done.'

export function subjectOf(id: string): string {
  return `Mail flow test ${id}`
}

/** A plain, harmless message (RFC 5322), ready to be handed to a mail host. */
export function probeLetter({ run, route, from, to, at, text = PROBE_TEXT, attachment, inReplyTo }: ProbeText): ProbeLetter {
  const id = probeId(run, route)
  const messageId = `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`
  const subject = subjectOf(id)
  const head = [
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Message-ID: ${messageId}`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `${PROBE_HEADER}: ${id}`,
    ...(inReplyTo === undefined ? [] : [`In-Reply-To: ${inReplyTo}`, `References: ${inReplyTo}`]),
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
  ]
  const body = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', text, '']
  const lines = attachment === undefined ? [...head, ...body] : [...head, ...withAttachment(id, body, attachment)]
  return { id, messageId, subject, bytes: Buffer.from(lines.join('\r\n')) }
}

function withAttachment(id: string, body: readonly string[], { name, type, content }: Attachment): readonly string[] {
  const boundary = `=_${id}`
  const encoded = content.toString('base64').match(/.{1,76}/g) ?? []
  return [
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...body,
    `--${boundary}`,
    `Content-Type: ${type}; name="${name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${name}"`,
    '',
    ...encoded,
    `--${boundary}--`,
    '',
  ]
}
