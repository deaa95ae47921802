import { quote, textOf, type Argument, type Command } from './command.ts'
import { formatDateTime } from './date-time.ts'
import { bodyStructure, envelope } from './envelope.ts'
import { parseSection, readSection, type Section } from './fetch-section.ts'
import type { Message } from './mail-store.ts'
import { parseEntity } from './mime-tree.ts'
import { formatSet, positionsOf, withinLimit, type HandlerTable, type Session } from './session.ts'

export const FETCH_COMMANDS: HandlerTable = {
  FETCH: { needs: 'folder', run: fetch },
  'UID FETCH': { needs: 'folder', run: fetch },
}

type Body = { readonly section: Section; readonly label: string; readonly peek: boolean; readonly from: number; readonly length: number }
type Item = { readonly kind: 'word'; readonly word: string } | { readonly kind: 'body'; readonly body: Body }

const WORDS = new Set(['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE', 'BODY', 'MODSEQ'])
const NONE: ReadonlySet<string> = new Set()
const OLD_SECTIONS: Readonly<Record<string, string>> = { RFC822: '', 'RFC822.HEADER': 'HEADER', 'RFC822.TEXT': 'TEXT' }
const MACROS: Readonly<Record<string, readonly string[]>> = {
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
  FULL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'],
}

async function fetch(session: Session, command: Command): Promise<void> {
  const { selected, fault, personality } = session
  const { oddities = {} } = personality
  const byUid = command.verb === 'UID FETCH'
  const [set, what, modifier] = command.arguments
  const items = readItems(what, oddities.fetchItems)
  const positions = selected === null ? null : positionsOf(selected, textOf(set) ?? '', byUid)
  if (selected === null || items === null || positions === null) return session.refuse(command, 'syntax')
  const options = modifier?.kind === 'list' ? modifier.items.map((item) => (textOf(item) ?? '').toUpperCase()) : []
  const since = options.includes('CHANGEDSINCE') ? Number(options[options.indexOf('CHANGEDSINCE') + 1]) : -1
  const condstore = personality.postLogin.includes('CONDSTORE')
  if ((modifier !== undefined || hasWord(items, 'MODSEQ')) && !condstore) return session.refuse(command, 'not-supported')
  if (since >= 0) session.enabled.add('CONDSTORE')
  if (since >= 0 && options.includes('VANISHED')) tellVanished(session, since)
  const uidOnly = session.enabled.has('UIDONLY')
  if (uidOnly && !byUid) return session.reply(command.tag, 'BAD [UIDREQUIRED] UIDONLY is enabled')
  if (byUid && !uidOnly && !hasWord(items, 'UID')) items.unshift({ kind: 'word', word: 'UID' })
  if (since >= 0 && !hasWord(items, 'MODSEQ')) items.push({ kind: 'word', word: 'MODSEQ' })
  const bodies = items.some((item) => item.kind === 'body')
  const peeks = items.every((item) => item.kind !== 'body' || item.body.peek)
  const marks = !selected.readOnly && items.some((item) => item.kind === 'body' && !item.body.peek)
  const wanted: (readonly [number, Message])[] = []
  for (const position of positions) {
    const message = selected.view[position]
    if (message === undefined || message.gone || message.modseq <= since || fault.hidesUids?.includes(message.uid) === true) continue
    wanted.push([position, message])
  }
  const { kept, code } = withinLimit(oddities.messageLimit, wanted, ([, message]) => message.uid)
  for (const [position, message] of kept) {
    if ((marks || (bodies && oddities.peekMarksSeen === true)) && !message.flags.includes('\\Seen')) {
      session.store.setFlags(selected.folder.name, message.uid, [...message.flags, '\\Seen'])
      selected.seenFlags = selected.folder.flagCount
      if (!hasWord(items, 'FLAGS')) items.push({ kind: 'word', word: 'FLAGS' })
    }
    if (bodies && oddities.omits?.(message, peeks) === true) continue
    const failure = bodies ? (oddities.failsFetch?.(message) ?? null) : null
    if (failure !== null) return session.reply(command.tag, failure)
    if (bodies && session.messages >= (fault.dropsAfterMessages ?? Infinity)) return dropInside(session, message, position)
    writeMessage(session, message, position + 1, items)
    if (!bodies) continue
    session.messages += 1
    await session.wire.drained()
    if (session.wire.closed) return
  }
  session.ok(command, code)
}

/** The connection breaks in the middle of a message. */
function dropInside(session: Session, message: Message, position: number): void {
  const bytes = session.personality.render(message, session.access)
  session.wire.write(`* ${position + 1} FETCH (UID ${message.uid} BODY[] {${bytes.length}}\r\n`)
  session.wire.write(bytes.subarray(0, Math.floor(bytes.length / 2)))
  session.drop()
}

function hasWord(items: readonly Item[], word: string): boolean {
  return items.some((item) => item.kind === 'word' && item.word === word)
}

function tellVanished(session: Session, since: number): void {
  const gone = session.selected?.folder.expunged.filter(({ modseq }) => modseq > since).map(({ uid }) => uid) ?? []
  if (gone.length > 0) session.untagged(`VANISHED (EARLIER) ${formatSet(gone.sort((a, b) => a - b))}`)
}

function readItems(what: Argument | undefined, own: ReadonlySet<string> = NONE): Item[] | null {
  if (what === undefined) return null
  const given = (what.kind === 'list' ? what.items : [what]).map((item) => textOf(item) ?? '')
  const items: Item[] = []
  for (const text of given.flatMap((word) => MACROS[word.toUpperCase()] ?? [word])) {
    const upper = text.toUpperCase()
    const old = OLD_SECTIONS[upper]
    const match = /^BODY(\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?$/i.exec(text)
    if (WORDS.has(upper) || own.has(upper)) items.push({ kind: 'word', word: upper })
    else if (old !== undefined) {
      const section = parseSection(old)
      if (section === null) return null
      items.push({ kind: 'body', body: { section, label: upper, peek: upper === 'RFC822.HEADER', from: 0, length: Infinity } })
    } else if (match !== null) {
      const section = parseSection(match[2] ?? '')
      if (section === null) return null
      const label = `BODY[${(match[2] ?? '').toUpperCase()}]${match[3] === undefined ? '' : `<${match[3]}>`}`
      const peek = match[1] !== undefined
      items.push({ kind: 'body', body: { section, label, peek, from: Number(match[3] ?? 0), length: Number(match[4] ?? Infinity) } })
    } else return null
  }
  return items
}

function writeMessage(session: Session, message: Message, sequence: number, items: readonly Item[]): void {
  const { personality, wire } = session
  let rendered: Buffer | null = null
  const render = (): Buffer => (rendered ??= personality.render(message, session.access))
  const uidOnly = session.enabled.has('UIDONLY')
  let text = uidOnly ? `* ${message.uid} UIDFETCH (` : `* ${sequence} FETCH (`
  const told = uidOnly ? items.filter((item) => item.kind !== 'word' || item.word !== 'UID') : items
  for (const [i, item] of told.entries()) {
    if (i > 0) text += ' '
    if (item.kind === 'word') {
      text += wordOf(session, message, item.word, render)
      continue
    }
    const { section, label, from, length } = item.body
    const whole = readSection(render(), section)
    if (whole === null) {
      text += `${label} NIL`
      continue
    }
    const piece = personality.oddities?.emptyOldItems === true && label.startsWith('RFC822') ? NOTHING : whole.subarray(from, from + length)
    if (personality.oddities?.quotesShortBodies === true && isOneLine(piece)) {
      text += `${label} "${piece.toString('latin1').replace(/["\\]/g, '\\$&')}"`
      continue
    }
    wire.write(`${text}${label} {${piece.length}}\r\n`)
    wire.write(piece)
    text = ''
  }
  wire.write(`${text})\r\n`)
}

function wordOf(session: Session, message: Message, word: string, render: () => Buffer): string {
  const { personality } = session
  if (word === 'UID') return `UID ${message.uid}`
  if (word === 'FLAGS') return `FLAGS (${message.flags.join(' ')})`
  if (word === 'MODSEQ') return `MODSEQ (${message.modseq})`
  if (word === 'RFC822.SIZE') return `RFC822.SIZE ${personality.sizeOf(message)}`
  if (word === 'INTERNALDATE')
    return `INTERNALDATE ${quote(personality.oddities?.internalDate?.(message) ?? formatDateTime(message.internalDate, personality.zoneMinutes))}`
  if (!WORDS.has(word))
    return personality.oddities?.fetchItem?.(session.store, session.selected?.folder.name ?? '', message, word) ?? `${word} NIL`
  const entity = parseEntity(render())
  if (word === 'ENVELOPE') return `ENVELOPE ${personality.oddities?.doublesEnvelope === true ? `(${envelope(entity)})` : envelope(entity)}`
  return `${word} ${bodyStructure(entity, word === 'BODYSTRUCTURE')}`
}

const NOTHING = Buffer.alloc(0)

/** Short, and without what a quoted string cannot hold; octets above 127 stand in it as they are. */
function isOneLine(bytes: Buffer): boolean {
  return bytes.length < 256 && !bytes.includes(10) && !bytes.includes(13) && !bytes.includes(0)
}
