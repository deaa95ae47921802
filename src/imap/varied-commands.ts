import type { Command } from './running-command.ts'

/** Above every UID that a server hands out in practice; one that does not exist is passed over without a word (RFC 3501 §6.4.8). */
const UNUSED_UID = 4_294_000_000
const MOST_REMEMBERED = 10_000
const SET = /^UID (?:FETCH|SEARCH (?:RETURN \(ALL\) )?UID) (?=[\d*])/

/**
 * Makes a command look another one where a server counts equal ones and hangs up (Zimbra, after 25 in five minutes): "UID FETCH 1:20 …" is
 * asked of every small folder. A UID that is not there, another one each time, is added to its set.
 */
export class VariedCommands {
  readonly #given = new Map<string, number>()

  vary(command: Command): Command {
    const [text, ...rest] = command.parts
    const head = typeof text === 'string' && rest.length === 0 ? SET.exec(text)?.[0] : undefined
    if (head === undefined || typeof text !== 'string') return command
    const times = this.#given.get(text) ?? 0
    if (this.#given.size >= MOST_REMEMBERED) this.#given.clear()
    this.#given.set(text, times + 1)
    if (times === 0) return command
    const blank = text.indexOf(' ', head.length)
    const end = blank < 0 ? text.length : blank
    return { ...command, parts: [`${text.slice(0, end)},${UNUSED_UID + times}${text.slice(end)}`] }
  }
}
