import { parseCommand, type Command, type RawCommand } from './command.ts'
import { APPEND_COMMANDS } from './commands-append.ts'
import { FETCH_COMMANDS } from './commands-fetch.ts'
import { FOLDER_COMMANDS } from './commands-folder.ts'
import { LIST_COMMANDS } from './commands-list.ts'
import { MESSAGE_COMMANDS } from './commands-message.ts'
import { SEARCH_COMMANDS } from './commands-search.ts'
import { SESSION_COMMANDS } from './commands-session.ts'
import type { Fault } from './faults.ts'
import { isExchange, type Personality } from './personality.ts'
import type { HandlerTable, Session } from './session.ts'

const HANDLERS: HandlerTable = {
  ...SESSION_COMMANDS,
  ...FOLDER_COMMANDS,
  ...LIST_COMMANDS,
  ...APPEND_COMMANDS,
  ...FETCH_COMMANDS,
  ...MESSAGE_COMMANDS,
  ...SEARCH_COMMANDS,
}
const HARD_LIMIT_BYTES = 150 * 1024 * 1024

/** Serves one connection until either side leaves. Never throws. */
export async function serve(session: Session): Promise<void> {
  const { wire, server } = session
  session.untagged(session.personality.greeting)
  try {
    while (!session.ended) {
      const raw = await readCommand(session)
      if (raw === null) break
      if (raw !== 'handled') await dispatch(session, raw)
    }
  } finally {
    if (session.user !== null) {
      const { address } = session.user
      server.connections.set(address, (server.connections.get(address) ?? 1) - 1)
    }
    wire.end()
  }
}

async function dispatch(session: Session, raw: RawCommand): Promise<void> {
  const command = parseCommand(raw)
  if (command === null) {
    const tag = /^[^\s(){%*"\\+]+/.exec(raw.lines[0] ?? '')?.[0] ?? '*'
    return session.reply(tag, session.personality.refuse('syntax', ''))
  }
  const handler = HANDLERS[command.verb]
  if (handler === undefined || session.personality.unknownVerbs.has(command.verb)) return session.refuse(command, 'unknown-command')
  if (handler.needs !== 'nothing' && session.user === null) return session.refuse(command, 'wrong-state')
  if (!(await passesFaults(session, command))) return
  if (repeatsTooOften(session, raw)) return session.bye('BYE Zimbra IMAP4rev1 server closing connection: command throttled')
  const { selected, user } = session
  // Somebody deleted the open folder.
  if (selected !== null && user?.store.folder(selected.folder.name) !== selected.folder) session.selected = null
  if (handler.needs === 'folder' && session.selected === null) return session.refuse(command, 'wrong-state')
  const sequenceNumbers = command.verb === 'FETCH' || command.verb === 'STORE' || command.verb === 'SEARCH'
  if (session.selected !== null && command.verb !== 'APPEND') session.tellChanges(!sequenceNumbers)
  await handler.run(session, command)
}

/** false when the command was answered, or the session ended, by something that the mailbox suffers from. */
async function passesFaults(session: Session, command: Command): Promise<boolean> {
  const { user, fault, faultState, server } = session
  if (user === null || command.verb === 'LOGOUT') return true
  session.commands += 1
  faultState.commands += 1
  if (fault.unavailableEvery !== undefined && faultState.commands % fault.unavailableEvery === 0) {
    session.wire.write('Server Unavailable. 15\r\n')
    session.ended = true
    return false
  }
  if (session.commands > (fault.stallsAfterCommands ?? Infinity)) {
    session.wire.flush()
    while ((await session.wire.line()) !== null);
    return false
  }
  faultState.bytesOut += session.wire.bytesOut - session.countedOut
  session.countedOut = session.wire.bytesOut
  if (faultState.bytesOut > (fault.bandwidthBytes ?? Infinity)) {
    session.reply(command.tag, 'NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)')
    return false
  }
  const expired = user.expiresAtMs !== null && server.now() >= user.expiresAtMs
  if (expired || session.commands > (fault.tokenCommands ?? Infinity)) {
    session.bye('BYE Session invalidated - AccessTokenExpired')
    return false
  }
  if (!session.connected && command.verb !== 'CAPABILITY' && command.verb !== 'ID' && command.verb !== 'NOOP') {
    session.reply(command.tag, 'BAD User is authenticated but not connected.')
    return false
  }
  if (fault.delayMs !== undefined) {
    session.wire.flush()
    const { delayMs } = fault
    await new Promise((resolve) => setTimeout(resolve, delayMs))
  }
  if (command.verb === 'APPEND' && fault.budget !== undefined && !withinBudget(session, command, fault.budget)) return false
  if (command.verb === 'UID FETCH' && fault.throttlesFetch !== undefined && ++faultState.fetches % fault.throttlesFetch.every === 0) {
    const form = ++faultState.throttled % 2 === 1 ? 'BAD' : 'NO'
    session.reply(command.tag, `${form} Request is throttled. Suggested Backoff Time: ${fault.throttlesFetch.ms} milliseconds`)
    return false
  }
  if (command.verb !== 'APPEND' || fault.throttle === undefined || faultState.appends % fault.throttle.every !== 0) return true
  faultState.throttled += 1
  const form = fault.throttle.form ?? (faultState.throttled % 2 === 1 ? 'NO' : 'BAD')
  session.wire.write(`${command.tag} ${form} Request is throttled. Suggested Backoff Time: ${fault.throttle.ms} milliseconds\r\n`)
  if (fault.throttle.disconnect === true) session.drop()
  return false
}

function withinBudget(session: Session, command: Command, budget: NonNullable<Fault['budget']>): boolean {
  const { faultState, server } = session
  const { bytesPerSecond, burstBytes } = budget
  const { bytes, atMs } = faultState.balance ?? { bytes: burstBytes, atMs: server.now() }
  const now = server.now()
  const balance = Math.min(burstBytes, bytes + ((now - atMs) / 1000) * bytesPerSecond)
  let size = 0
  for (const argument of command.arguments) if (argument.kind === 'literal') size += argument.bytes.length
  const passes = balance > 0
  faultState.balance = { bytes: passes ? balance - size : balance, atMs: now }
  if (passes) return true
  faultState.throttled += 1
  const waitMs = Math.ceil(((burstBytes / 2 - balance) / bytesPerSecond) * 1000)
  session.reply(command.tag, `NO Request is throttled. Suggested Backoff Time: ${waitMs} milliseconds`)
  session.strike()
  return false
}

const FIVE_MINUTES_MS = 5 * 60_000

function repeatsTooOften(session: Session, raw: RawCommand): boolean {
  const { sameCommandLimit } = session.personality.oddities ?? {}
  if (sameCommandLimit === undefined || session.user === null) return false
  const text = [
    ...raw.lines.map((line, at) => (at === 0 ? line.replace(/^\S+ /, '') : line)),
    ...raw.literals.map((one) => one.toString('latin1', 0, 4096)),
  ].join('\n')
  const now = session.server.now()
  const recent = [...(session.recentCommands.get(text) ?? []).filter((at) => at > now - FIVE_MINUTES_MS), now]
  session.recentCommands.set(text, recent)
  return recent.length > sameCommandLimit
}

/** Reads one command with its literals; 'handled' when the reading itself had to answer. */
async function readCommand(session: Session): Promise<RawCommand | 'handled' | null> {
  const { wire, personality } = session
  const lines: string[] = []
  const literals: Buffer[] = []
  for (;;) {
    const bytes = await wire.line()
    if (bytes === null) return null
    const line = bytes.toString('latin1')
    if (bytes.length >= personality.maxLineBytes) {
      const tag = /^\S+/.exec(lines[0] ?? line)?.[0] ?? '*'
      session.reply(tag.length > 100 ? '*' : tag, personality.refuse('line-too-long', ''))
      return 'handled'
    }
    lines.push(line)
    const match = line.endsWith('}') ? /\{(\d+)(\+)?\}$/.exec(line) : null
    if (match === null || (match[2] === '+' && !takesAtOnce(personality, Number(match[1])))) {
      if (lines.length === 1 && line === '') return 'handled'
      return { lines, literals }
    }
    const size = Number(match[1])
    const isAppend = /^\S+ APPEND /i.test(lines[0] ?? '')
    const waits = match[2] === undefined
    if (isAppend && (await refusesSize(session, lines[0] ?? '', size, waits))) return 'handled'
    if (waits) {
      wire.write(`+ ${personality.continuation}\r\n`)
      wire.flush()
    }
    if (isAppend && lines.length === 1) session.faultState.appends += 1
    const every = session.fault.dropsMidLiteralEvery
    if (isAppend && every !== undefined && session.faultState.appends % every === 0) {
      await wire.literal(Math.floor(size / 2))
      wire.end()
      return null
    }
    const literal = await wire.literal(size)
    if (literal === null) return null
    const limit = personality.literalLineLimitBytes
    const long = isAppend && limit !== null ? endOfLongLine(literal, limit) : -1
    if (long >= 0) return breakOnLongLine(session, lines[0] ?? '', literal.subarray(long))
    literals.push(literal)
  }
}

/** Whether a literal of this size may come without being asked for (RFC 7888). */
function takesAtOnce({ preLogin, postLogin }: Personality, size: number): boolean {
  return preLogin.includes('LITERAL+') || (postLogin.includes('LITERAL-') && size <= 4096)
}

/** Refuses a message that is announced too large; what a client sends without waiting is read and dropped. */
async function refusesSize(session: Session, line: string, size: number, waits: boolean): Promise<boolean> {
  const { wire, server, personality, fault } = session
  if (size <= (fault.maxMessageBytes ?? session.user?.limits?.().maxMessageBytes ?? server.maxMessageBytes)) return false
  const untagged = isExchange(personality) && (fault.oversize === 'untagged' || size > HARD_LIMIT_BYTES)
  if (!waits) {
    // The rest of the command's line follows the literal.
    if (!(await wire.discard(size))) return true
    await wire.line()
  }
  if (untagged) session.untagged('BAD command line limit exceeded')
  else session.reply(/^\S+/.exec(line)?.[0] ?? '*', personality.refuse('too-large', ''))
  return true
}

/** Offset after the first line that is `limit` bytes or longer; -1 when there is none. */
function endOfLongLine(bytes: Buffer, limit: number): number {
  let start = 0
  while (bytes.length - start >= limit) {
    const lf = bytes.indexOf(10, start)
    const end = lf < 0 ? bytes.length : bytes[lf - 1] === 13 ? lf - 1 : lf
    if (end - start >= limit) return lf < 0 ? bytes.length : lf + 1
    start = lf + 1
  }
  return -1
}

/**
 * Exchange's oddest: an over-long line inside the message ends the literal. What follows of the message is read as commands,
 * answered with a "tag" out of the text, and the connection ends.
 */
function breakOnLongLine(session: Session, appendLine: string, rest: Buffer): 'handled' {
  const { wire, personality } = session
  const text = /[^\s]+/.exec(rest.toString('latin1', 0, Math.min(rest.length, 4096)))?.[0]
  const tag = text ?? /^\S+/.exec(appendLine)?.[0] ?? '*'
  wire.write(`${tag} ${personality.refuse('line-too-long', '')}\r\n`)
  session.drop()
  return 'handled'
}
