import { textOf, textsOf, type Argument, type Command } from './command.ts'
import { parseDate } from './date-time.ts'
import type { Message } from './mail-store.ts'
import { parseEntity } from './mime-tree.ts'
import { isExchange } from './personality.ts'
import { formatSet, parseSet, withinLimit, type HandlerTable, type Selected, type Session } from './session.ts'

export const SEARCH_COMMANDS: HandlerTable = {
  SEARCH: { needs: 'folder', run: search },
  'UID SEARCH': { needs: 'folder', run: search },
}

type Test = (message: Message, sequence: number) => boolean
const DAY_MS = 86_400_000
const FLAG_KEYS: Readonly<Record<string, readonly [flag: string, set: boolean]>> = {
  ANSWERED: ['\\Answered', true],
  DELETED: ['\\Deleted', true],
  DRAFT: ['\\Draft', true],
  FLAGGED: ['\\Flagged', true],
  SEEN: ['\\Seen', true],
  UNANSWERED: ['\\Answered', false],
  UNDELETED: ['\\Deleted', false],
  UNDRAFT: ['\\Draft', false],
  UNFLAGGED: ['\\Flagged', false],
  UNSEEN: ['\\Seen', false],
}

function search(session: Session, command: Command): void {
  const { selected, personality } = session
  const keys = [...command.arguments]
  let returns: readonly string[] | null = null
  if (textOf(keys[0])?.toUpperCase() === 'RETURN') {
    if (!personality.postLogin.includes('ESEARCH')) return session.refuse(command, 'not-supported')
    returns = textsOf(keys[1]).map((word) => word.toUpperCase())
    keys.splice(0, 2)
  }
  if (textOf(keys[0])?.toUpperCase() === 'CHARSET') {
    const charset = textOf(keys[1])?.toUpperCase()
    if (charset !== 'US-ASCII' && (charset !== 'UTF-8' || isExchange(personality)))
      return session.reply(command.tag, 'NO [BADCHARSET (US-ASCII)] The specified charset is not supported.')
    keys.splice(0, 2)
  }
  const test =
    selected === null ? null : new KeyReader(keys, selected, personality.keywords, personality.postLogin.includes('CONDSTORE')).all()
  if (selected === null || test === null || keys.length === 0) return session.refuse(command, 'not-supported')
  const byUid = command.verb === 'UID SEARCH'
  const blind = personality.oddities?.noDateSearch === true && keys.some((key) => /^(SENT)?(BEFORE|ON|SINCE)$/i.test(textOf(key) ?? ''))
  const matching: (readonly [number, Message])[] = []
  for (const [i, message] of selected.view.entries()) if (!blind && !message.gone && test(message, i + 1)) matching.push([i + 1, message])
  const { kept, code } = withinLimit(personality.oddities?.messageLimit, matching, ([, message]) => message.uid)
  const found = kept.map(([sequence, { uid }]) => (byUid ? uid : sequence))
  if (returns === null) session.untagged(`SEARCH${found.map((number) => ` ${number}`).join('')}`)
  else session.untagged(extended(command.tag, byUid, returns, found))
  session.ok(command, code)
}

/** RFC 4731. */
function extended(tag: string, byUid: boolean, returns: readonly string[], found: readonly number[]): string {
  const wants = (word: string): boolean => returns.includes(word) || (word === 'ALL' && returns.length === 0)
  const [first] = found
  let reply = `ESEARCH (TAG "${tag}")${byUid ? ' UID' : ''}`
  if (first !== undefined && wants('MIN')) reply += ` MIN ${first}`
  if (first !== undefined && wants('MAX')) reply += ` MAX ${found.at(-1)}`
  if (wants('COUNT')) reply += ` COUNT ${found.length}`
  if (first !== undefined && wants('ALL')) reply += ` ALL ${formatSet(found)}`
  return reply
}

class KeyReader {
  readonly #keys: readonly Argument[]
  readonly #selected: Selected
  readonly #keywords: boolean
  readonly #modseq: boolean
  #at = 0

  constructor(keys: readonly Argument[], selected: Selected, keywords: boolean, modseq: boolean) {
    this.#keys = keys
    this.#selected = selected
    this.#keywords = keywords
    this.#modseq = modseq
  }

  all(): Test | null {
    const tests: Test[] = []
    while (this.#at < this.#keys.length) {
      const test = this.#one()
      if (test === null) return null
      tests.push(test)
    }
    return (message, sequence) => tests.every((test) => test(message, sequence))
  }

  #text(): string {
    const text = textOf(this.#keys[this.#at])
    this.#at += 1
    return text ?? ''
  }

  #one(): Test | null {
    const key = this.#keys[this.#at]
    this.#at += 1
    if (key === undefined) return null
    if (key.kind === 'list') return new KeyReader(key.items, this.#selected, this.#keywords, this.#modseq).all()
    const word = key.text.toUpperCase()
    const flag = FLAG_KEYS[word]
    if (flag !== undefined) return (message) => message.flags.includes(flag[0]) === flag[1]
    if (/^[\d*]/.test(word)) return this.#set(word, false)
    switch (word) {
      case 'ALL':
      case 'OLD':
        return () => true
      case 'NEW':
      case 'RECENT':
        return () => false
      case 'UID':
        return this.#set(this.#text(), true)
      case 'NOT': {
        const test = this.#one()
        return test === null ? null : (message, sequence) => !test(message, sequence)
      }
      case 'OR': {
        const [left, right] = [this.#one(), this.#one()]
        return left === null || right === null ? null : (message, sequence) => left(message, sequence) || right(message, sequence)
      }
      case 'KEYWORD':
      case 'UNKEYWORD': {
        const keyword = this.#text()
        return this.#keywords ? (message) => message.flags.includes(keyword) === (word === 'KEYWORD') : null
      }
      case 'LARGER':
      case 'SMALLER': {
        const bytes = Number(this.#text())
        return word === 'LARGER' ? (message) => message.content.sizeBytes > bytes : (message) => message.content.sizeBytes < bytes
      }
      case 'MODSEQ': {
        const modseq = Number(this.#text())
        return this.#modseq ? (message) => message.modseq >= modseq : null
      }
      default:
        return this.#dates(word) ?? this.#texts(word)
    }
  }

  #set(set: string, byUid: boolean): Test | null {
    const { view } = this.#selected
    const ranges = parseSet(set, byUid ? (view.at(-1)?.uid ?? 0) : view.length)
    if (ranges === null) return null
    return (message, sequence) => {
      const number = byUid ? message.uid : sequence
      return ranges.some(([from, to]) => from <= number && number <= to)
    }
  }

  #dates(word: string): Test | null {
    const match = /^(SENT)?(BEFORE|ON|SINCE)$/.exec(word)
    const date = match === null ? null : parseDate(this.#text())
    if (match === null || date === null) return null
    const day = Math.floor(date.getTime() / DAY_MS)
    return (message) => {
      const sent = match[1] === undefined ? null : parseEntity(message.content.bytes(), 1000).fields.find(({ name }) => name === 'date')
      const its = Math.floor((sent === undefined || sent === null ? message.internalDate.getTime() : Date.parse(sent.value)) / DAY_MS)
      return match[2] === 'BEFORE' ? its < day : match[2] === 'ON' ? its === day : its >= day
    }
  }

  #texts(word: string): Test | null {
    const fieldName = word === 'HEADER' ? this.#text().toLowerCase() : word.toLowerCase()
    const needle = this.#text().toLowerCase()
    if (word === 'TEXT' || word === 'BODY') return (message) => message.content.bytes().toString('latin1').toLowerCase().includes(needle)
    if (!['HEADER', 'FROM', 'TO', 'CC', 'BCC', 'SUBJECT'].includes(word)) return null
    return (message) =>
      parseEntity(message.content.bytes(), 1000).fields.some(
        ({ name, value }) => name === fieldName && value.toLowerCase().includes(needle),
      )
  }
}
