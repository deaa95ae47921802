import type { Message } from '../simulator/mail-store.ts'

export type Address = { readonly name: string; readonly address: string }

/** What Graph tells of a message without its body, read from its header fields. */
export type MessageFields = {
  readonly subject: string
  readonly messageId: string
  readonly from: Address | null
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly sent: Date | null
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly hasAttachments: boolean
  readonly preview: string
}

const known = new WeakMap<Message['content'], MessageFields>()

export function fieldsOf(message: Message): MessageFields {
  const cached = known.get(message.content)
  if (cached !== undefined) return cached
  const text = message.content.bytes().toString('utf8')
  const end = /\r?\n\r?\n/.exec(text)
  const head = text.slice(0, end?.index ?? text.length)
  const headers = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 1 ? [] : [{ name: line.slice(0, colon), value: decodeWords(line.slice(colon + 1).trim()) }]
    })
  const value = (name: string): string => headers.find((one) => one.name.toLowerCase() === name)?.value ?? ''
  const sent = new Date(value('date'))
  const fields: MessageFields = {
    subject: value('subject'),
    messageId: value('message-id'),
    from: addresses(value('from'))[0] ?? null,
    to: addresses(value('to')),
    cc: addresses(value('cc')),
    sent: Number.isNaN(sent.getTime()) ? null : sent,
    headers,
    hasAttachments: /content-disposition:\s*attachment/i.test(text),
    preview: text.slice((end?.index ?? text.length) + (end?.[0].length ?? 0)).slice(0, 200),
  }
  known.set(message.content, fields)
  return fields
}

function decodeWords(text: string): string {
  return text.replace(/=\?([^?]+)\?([BbQq])\?([^?]*)\?=(?:\s+(?==\?))?/g, (whole, charset: string, form: string, data: string) => {
    const bytes =
      form.toUpperCase() === 'B'
        ? Buffer.from(data, 'base64')
        : Buffer.from(
            data.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
            'latin1',
          )
    try {
      return new TextDecoder(charset).decode(bytes)
    } catch {
      return whole
    }
  })
}

function addresses(text: string): Address[] {
  return text.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).flatMap((part) => {
    const match = /^\s*"?([^"<]*?)"?\s*<([^>]+)>\s*$/.exec(part)
    if (match !== null) return [{ name: match[1] ?? '', address: match[2] ?? '' }]
    const bare = part.trim()
    return bare.includes('@') ? [{ name: bare, address: bare }] : []
  })
}
