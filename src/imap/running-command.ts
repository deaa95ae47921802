import type { OctetSink } from '../lib/octet-sink.ts'
import { Failure } from '../model/failure.ts'
import type { LiteralHead } from './decoder.ts'
import { literalBytes } from './encoder.ts'
import type { Part } from './encoder.ts'
import type { StatusResponse, Untagged } from './response.ts'

/** A command and who listens while it runs. */
export type Command = {
  /** "FETCH", "UID FETCH" …: for errors; never the arguments. */
  readonly verb: string
  /** Everything after the tag. */
  readonly parts: readonly Part[]
  /** Hears all untagged data while the command runs; `isOldest` when no earlier command is still running. */
  readonly onUntagged?: (response: Untagged, isOldest: boolean) => void
  /** Where a literal goes: a sink; 'hold' to get it with its response; null when it is not this command's. */
  readonly onLiteral?: (head: LiteralHead, bytes: number) => OctetSink | 'hold' | null
  /** After its OK the bytes are no plain IMAP any more (STARTTLS, COMPRESS): decoding stops right behind it. */
  readonly switches?: boolean
  /** It opens a folder; `refuse` is asked at its OK whether the folder is the one that was meant. */
  readonly opens?: { readonly opening: number; readonly refuse: () => Failure | null }
  /** Answers a `+` of a SASL exchange; the line without CRLF. */
  readonly onChallenge?: (text: string) => string
}

/** One command in flight. */
export type RunningCommand = {
  readonly tag: string
  readonly command: Command
  readonly literalBytes: number
  /** The opening that its UIDs belong to; null where they belong to no folder. */
  readonly opening: number | null
  readonly resolve: (reply: StatusResponse) => void
  readonly reject: (failure: unknown) => void
  /** Octets left this machine that could make the server carry it out. */
  left: boolean
  settled: boolean
  /** What a listener of this command threw; it ends the command, not the session. */
  thrown: { readonly error: unknown } | null
}

const SMALL_BYTES = 64 * 1024
const OF_A_FOLDER = /^UID /
const DISCARD: OctetSink = { chunk: () => {}, end: () => {} }

/** The commands in flight, in the order they were given. */
export class RunningCommands {
  readonly #byTag = new Map<string, RunningCommand>()
  #listeners: RunningCommand[] = []
  /** What the server has open, as far as it has answered; a failure when it could not be opened. */
  #open: { readonly opening: number; readonly failure: Failure | null } = { opening: 0, failure: null }

  #answered = 0

  /** How many commands the server has answered. */
  get answered(): number {
    return this.#answered
  }

  get size(): number {
    return this.#byTag.size
  }

  /** `opening`: the last one that was asked for before this command. */
  add(
    tag: string,
    command: Command,
    opening: number,
    resolve: (reply: StatusResponse) => void,
    reject: (failure: unknown) => void,
  ): RunningCommand {
    const running: RunningCommand = {
      tag,
      command,
      literalBytes: literalBytes(command.parts),
      opening: OF_A_FOLDER.test(command.verb) ? opening : null,
      resolve,
      reject,
      left: false,
      settled: false,
      thrown: null,
    }
    this.#byTag.set(tag, running)
    if (command.onUntagged !== undefined || command.onLiteral !== undefined) this.#listeners.push(running)
    return running
  }

  /** Takes out the command with this tag; undefined when there is none. */
  take(tag: string): RunningCommand | undefined {
    const running = this.#byTag.get(tag)
    if (running === undefined) return undefined
    running.settled = true
    this.#byTag.delete(tag)
    const at = this.#listeners.indexOf(running)
    if (at >= 0) this.#listeners.splice(at, 1)
    return running
  }

  /** Settles a command with its tagged answer: an OK, or the failure that it tells. */
  settle({ command, opening, thrown, resolve, reject }: RunningCommand, reply: StatusResponse, failure: Failure | null): void {
    this.#answered++
    const { opens } = command
    let why: unknown = failure
    if (opens !== undefined) {
      const refused = failure ?? opens.refuse()
      this.#open = { opening: opens.opening, failure: refused }
      why = refused
    } else if (opening !== null && this.#isElsewhere(opening)) why = this.#open.failure ?? failure ?? outOfOrder(command.verb)
    if (why === null && thrown !== null) why = thrown.error
    if (why === null) resolve(reply)
    else reject(why)
  }

  /** UIDs of this opening mean nothing to the server at this moment: it has another folder open, or none. */
  #isElsewhere(opening: number): boolean {
    return this.#open.opening !== opening || this.#open.failure !== null
  }

  /** The most octets that one of them carries in literals. */
  get largestLiterals(): number {
    let largest = 0
    for (const running of this.#byTag.values()) largest = Math.max(largest, running.literalBytes)
    return largest
  }

  /** "FETCH, APPEND": what is in flight, for errors. */
  get verbs(): string {
    return [...new Set([...this.#byTag.values()].map((running) => running.command.verb))].join(', ')
  }

  /** The answer to a `+`, from the command that is in a SASL exchange. */
  challenge(text: string): string | null {
    for (const { command } of this.#byTag.values()) if (command.onChallenge !== undefined) return command.onChallenge(text)
    return null
  }

  tell(response: Untagged): void {
    if (this.#listeners.length === 0) return
    const oldest = this.#byTag.values().next().value
    for (const running of this.#listeners.slice()) {
      if (running.thrown !== null || (running.opening !== null && this.#isElsewhere(running.opening))) continue
      try {
        running.command.onUntagged?.(response, running === oldest)
      } catch (error) {
        running.thrown = { error }
      }
    }
  }

  /** A literal that nobody wants is dropped when it is large, and kept with its response otherwise. */
  literal(head: LiteralHead, bytes: number): OctetSink | null {
    for (const { command, opening } of this.#listeners) {
      if (opening !== null && this.#isElsewhere(opening)) continue
      const sink = command.onLiteral?.(head, bytes) ?? null
      if (sink !== null) return sink === 'hold' ? null : sink
    }
    return bytes > SMALL_BYTES ? DISCARD : null
  }

  /** The connection is gone: commands whose octets had not left were certainly not carried out. */
  fail(why: Failure): void {
    const all = [...this.#byTag.values()]
    this.#byTag.clear()
    this.#listeners = []
    for (const running of all) {
      running.settled = true
      running.reject(retold(why, !running.left))
    }
  }
}

function outOfOrder(verb: string): Failure {
  return new Failure('protocol', `The server answered ${verb} before it had opened the folder that it was about.`)
}

/** The same failure, told of a command of which it is certain, or not, that the server did not carry it out. */
export function retold(why: Failure, notDone: boolean): Failure {
  if (why.notDone === notDone) return why
  return new Failure(why.code, why.message, {
    cause: why.cause,
    notDone,
    ...(why.side === undefined ? {} : { side: why.side }),
    ...(why.retryAfterMs === undefined ? {} : { retryAfterMs: why.retryAfterMs }),
    ...(why.serverText === undefined ? {} : { serverText: why.serverText }),
  })
}
