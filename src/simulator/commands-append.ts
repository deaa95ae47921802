import { textOf, textsOf, type Argument, type Command } from './command.ts'
import { folderName } from './commands-folder.ts'
import { parseDateTime } from './date-time.ts'
import { canonicalFlag, isExchange } from './personality.ts'
import type { HandlerTable, Session } from './session.ts'

export const APPEND_COMMANDS: HandlerTable = { APPEND: { needs: 'sign-in', run: append } }

type One = { readonly flags: readonly string[]; readonly date: Date | undefined; readonly bytes: Buffer }

/** Stores one message, or several at once where the server has MULTIAPPEND: then all or none (RFC 3502). */
function append(session: Session, command: Command): void {
  const { personality, store, server, fault, faultState } = session
  const [target, ...rest] = command.arguments
  const name = folderName(session, target)
  const messages = readMessages(session, rest)
  if (name === null || messages === 'syntax') return session.refuse(command, 'syntax')
  if (messages === 'keyword') return session.refuse(command, 'bad-keyword')
  if (messages.length > 1 && !personality.postLogin.includes('MULTIAPPEND')) return session.refuse(command, 'syntax')
  const folder = store.folder(name)
  if (folder?.selectable !== true) return session.refuse(command, 'no-folder-append', textOf(target) ?? '')
  const freeBytes = session.user?.limits?.().freeBytes ?? Infinity
  const full = fault.full === true || messages.reduce((sum, { bytes }) => sum + bytes.length, 0) > freeBytes
  if (full) return session.refuse(command, 'quota')
  const { refusesText, dropsOnText } = fault
  if (dropsOnText !== undefined && messages.some(({ bytes }) => bytes.includes(dropsOnText))) return session.drop()
  if (refusesText !== undefined && messages.some(({ bytes }) => bytes.includes(refusesText)))
    return session.refuse(command, 'refused-content')
  for (const { bytes } of messages) {
    const objection = personality.objection(bytes)
    if (objection !== null) return session.refuse(command, objection)
  }
  const uids: number[] = []
  for (const { flags, date, bytes } of messages) {
    const flaggedOnlyByAppend = isExchange(personality) && flags.includes('\\Flagged')
    const content = server.keep(bytes)
    const internalDate = date ?? new Date(server.now())
    uids.push(store.addMessage(folder.name, content, { flags, internalDate, flaggedOnlyByAppend }).uid)
  }
  server.appends += messages.length
  if (dropsNow(faultState.appends, fault.dropsAfterCommitEvery, fault.dropsAfterCommitAt)) return session.drop()
  const set = uids.length === 1 ? `${uids[0]}` : `${uids[0]}:${uids.at(-1)}`
  if (session.selected?.folder === folder) session.tellChanges(false)
  session.ok(command, fault.noAppendUid === true ? '' : `APPENDUID ${folder.uidValidity} ${set}`)
  session.messages += messages.length
  if (fault.dropsAfterMessages !== undefined && session.messages >= fault.dropsAfterMessages) session.drop()
}

function dropsNow(count: number, every: number | undefined, at: number | undefined): boolean {
  return (every !== undefined && count % every === 0) || count === at
}

function readMessages(session: Session, rest: readonly Argument[]): readonly One[] | 'syntax' | 'keyword' {
  const messages: One[] = []
  let flags: readonly string[] = []
  let date: Date | undefined
  for (const argument of rest) {
    if (argument.kind === 'list') {
      const accepted = acceptFlags(session, textsOf(argument))
      if (accepted === null) return 'keyword'
      flags = accepted
    } else if (argument.kind === 'quoted') {
      const parsed = parseDateTime(argument.text)
      if (parsed === null) return isExchange(session.personality) ? 'keyword' : 'syntax'
      date = parsed
    } else if (argument.kind === 'literal') {
      messages.push({ flags, date, bytes: argument.bytes })
      flags = []
      date = undefined
    } else return 'syntax'
  }
  return messages.length === 0 ? 'syntax' : messages
}

const shared = new Map<string, readonly string[]>()

/** The flags as they will be kept, each once; null when this server refuses one of them. */
export function acceptFlags(session: Session, flags: readonly string[]): readonly string[] | null {
  const { keywords, knownKeywords } = session.personality
  const key = `${session.personality.name} ${flags.join(' ')}`
  const known = shared.get(key)
  if (known !== undefined) return known
  const accepted = new Set<string>()
  for (const flag of flags) {
    const canonical = canonicalFlag(flag)
    if (canonical === null) return null
    if (!flag.startsWith('\\') && !keywords) {
      const spelled = knownKeywords.find((keyword) => keyword.toLowerCase() === flag.toLowerCase())
      if (spelled === undefined) return null
      accepted.add(spelled)
    } else accepted.add(canonical)
  }
  const result = [...accepted]
  // Most messages carry one of a few combinations: one array for each is enough.
  if (shared.size < 10_000) shared.set(key, result)
  return result
}
