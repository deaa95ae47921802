import { quote } from './command.ts'
import { parseParameterised, type Entity } from './mime-tree.ts'

/** ENVELOPE of a message (RFC 3501 §7.4.2). */
export function envelope(entity: Entity): string {
  const value = (name: string): string | undefined => entity.fields.find((field) => field.name === name)?.value
  const from = addresses(value('from'))
  const or = (name: string): string => (value(name) === undefined ? from : addresses(value(name)))
  const lists = ['to', 'cc', 'bcc'].map((name) => addresses(value(name)))
  const parts = [nstring(value('date')), nstring(value('subject')), from, or('sender'), or('reply-to'), ...lists]
  return `(${[...parts, nstring(value('in-reply-to')), nstring(value('message-id'))].join(' ')})`
}

/** BODYSTRUCTURE, or BODY without the extension data. */
export function bodyStructure(entity: Entity, extended: boolean): string {
  const disposition = dispositionOf(entity)
  if (entity.children.length > 0) {
    const children = entity.children.map((child) => bodyStructure(child, extended)).join('')
    const extension = extended ? ` ${parameters(entity.parameters)} ${disposition} NIL NIL` : ''
    return `(${children} ${quote(entity.subtype.toUpperCase())}${extension})`
  }
  const value = (name: string): string | undefined => entity.fields.find((field) => field.name === name)?.value
  const basic = [
    quote(entity.type.toUpperCase()),
    quote(entity.subtype.toUpperCase()),
    parameters(entity.parameters),
    nstring(value('content-id')),
    nstring(value('content-description')),
    quote(entity.encoding.toUpperCase()),
    `${entity.body.length}`,
  ]
  if (entity.inner !== null) basic.push(envelope(entity.inner), bodyStructure(entity.inner, extended), `${lines(entity.body)}`)
  else if (entity.type === 'text') basic.push(`${lines(entity.body)}`)
  if (extended) basic.push('NIL', disposition, 'NIL', 'NIL')
  return `(${basic.join(' ')})`
}

function nstring(text: string | undefined): string {
  return text === undefined ? 'NIL' : quote(text)
}

function lines(body: Buffer): number {
  let count = 0
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) count += 1
  return count
}

function parameters(map: ReadonlyMap<string, string>): string {
  if (map.size === 0) return 'NIL'
  return `(${[...map].map(([name, value]) => `${quote(name.toUpperCase())} ${quote(value)}`).join(' ')})`
}

function dispositionOf(entity: Entity): string {
  const field = entity.fields.find(({ name }) => name === 'content-disposition')
  if (field === undefined) return 'NIL'
  const parsed = parseParameterised(field.value)
  return `(${quote(parsed.value.toUpperCase())} ${parameters(parsed.parameters)})`
}

function addresses(value: string | undefined): string {
  if (value === undefined) return 'NIL'
  const list: string[] = []
  for (const match of value.matchAll(/(?:"((?:[^"\\]|\\.)*)"|([^<,"]*?))\s*<([^>]*)>|([^\s,<>"]+@[^\s,<>"]+)/g)) {
    const name = (match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? '').trim()
    const [local = '', host] = (match[3] ?? match[4] ?? '').split('@')
    list.push(`(${name === '' ? 'NIL' : quote(name)} NIL ${quote(local)} ${host === undefined ? '".MISSING-HOST-NAME."' : quote(host)})`)
  }
  return list.length === 0 ? 'NIL' : `(${list.join('')})`
}
