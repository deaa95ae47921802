import type { FolderStatus, ListedFolder } from '../model/folder.ts'
import type { SpecialUse } from '../model/special-use.ts'
import { decodeFolderName, utf8 } from './modified-utf7.ts'
import { isNil, isQuoted, textOf } from './response.ts'
import type { DataResponse, Token } from './response.ts'

const SPECIAL_USE: Readonly<Record<string, SpecialUse>> = {
  '\\archive': 'archive',
  '\\drafts': 'drafts',
  '\\junk': 'junk',
  '\\spam': 'junk',
  '\\sent': 'sent',
  '\\trash': 'trash',
  '\\all': 'all',
  '\\allmail': 'all',
  '\\flagged': 'flagged',
  '\\starred': 'flagged',
  '\\important': 'important',
  '\\inbox': 'inbox',
}

/** One row of LIST; null when it names nothing. */
export function listedFolder(response: DataResponse, utf8Names: boolean): ListedFolder | null {
  const [list, separatorToken] = response.values
  const attributes = Array.isArray(list) ? (list as readonly Token[]).flatMap((token) => textOf(token) ?? []) : []
  const separator = separatorOf(separatorToken)
  const name = nameOf(response)
  if (name === '') return null
  return folderNamed(name, separator, attributes, utf8Names)
}

export function folderNamed(name: string, separator: string | null, attributes: readonly string[], utf8Names: boolean): ListedFolder {
  const raw = separator !== null && name.length > 1 && name.endsWith(separator) ? name.slice(0, -separator.length) : name
  const levels = separator === null ? [raw] : raw.split(separator)
  if (levels.length > 1 && levels[0] === '') levels.shift()
  const path = levels.map((level) => (utf8Names ? (utf8(level) ?? level) : decodeFolderName(level)))
  const isInbox = path[0]?.toUpperCase() === 'INBOX'
  if (isInbox) path[0] = 'INBOX'
  const lower = attributes.map((attribute) => attribute.toLowerCase())
  const byAttribute = lower.flatMap((attribute) => SPECIAL_USE[attribute] ?? []).at(0) ?? null
  return {
    name,
    path,
    separator,
    attributes,
    specialUse: isInbox && path.length === 1 ? 'inbox' : byAttribute === 'inbox' ? null : byAttribute,
    selectable: !lower.some((attribute) => attribute === '\\noselect' || attribute === '\\nonexistent'),
    status: null,
  }
}

function separatorOf(token: Token | undefined): string | null {
  if (token === undefined || isNil(token)) return null
  const text = textOf(token)
  return text === '' ? null : text
}

/** Exchange writes names with blanks or control characters unquoted: then the rest of the line is the name. */
function nameOf(response: DataResponse): string {
  const [, , token] = response.values
  if (token === undefined) return ''
  if (response.hasLiteral || isQuoted(token)) return isQuoted(token) ? token.quoted : (textOf(token) ?? '')
  const rest = /^\([^)]*\) (?:"(?:\\.|[^"\\])"|NIL|"") (.*)$/i.exec(response.text)?.[1]
  return rest ?? (typeof token === 'string' ? token : '')
}

/** A name told by STATUS or LIST, NIL being a name like any other. */
export function folderNameOf(token: Token | undefined): string {
  return typeof token === 'string' ? token : (textOf(token) ?? '')
}

/** The answer to STATUS: the folder and its figures; null when the list is missing, empty (163.com), or without the number of messages: that is not 0. */
export function statusOf(response: DataResponse): { name: string; status: FolderStatus } | null {
  const list = response.values.at(-1)
  if (typeof list !== 'object' || !Array.isArray(list) || list.length === 0) return null
  const items = list as readonly Token[]
  const found = new Map<string, string>()
  for (let i = 0; i + 1 < items.length; i += 2) found.set((textOf(items[i]) ?? '').toUpperCase(), textOf(items[i + 1]) ?? '')
  const number = (name: string): number | null => {
    const value = Number(found.get(name) ?? Number.NaN)
    return Number.isFinite(value) && value >= 0 ? value : null
  }
  const messages = number('MESSAGES')
  if (messages === null) return null
  const status = {
    messages,
    uidValidity: found.get('UIDVALIDITY') ?? '0',
    uidNext: number('UIDNEXT') ?? 0,
    highestModseq: modseq(found.get('HIGHESTMODSEQ')),
    sizeBytes: number('SIZE'),
  }
  return { name: folderNameOf(response.values[0]), status }
}

/** A mod-sequence has 63 bits; 0 and nonsense mean that there is none. */
export function modseq(text: string | undefined): bigint | null {
  return text !== undefined && /^[1-9]\d*$/.test(text) ? BigInt(text) : null
}
