import type { Operations } from '../api/operations.ts'
import type { Clock } from '../lib/clock.ts'

/** A stream to write text to; process.stdout and process.stderr are two. */
export type Sink = {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Everything the command line touches outside itself. */
export type CliWorld = {
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
  /** Standard input, whole; given up when the signal is aborted. */
  readonly stdin: (signal: AbortSignal) => Promise<Buffer>
  /** Shows the question and returns the line that was typed; null where nobody is there to be asked. Throws when the signal is aborted. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | null>
  readonly operations: Operations
  readonly clock: Clock
  /** Calls the listener on SIGINT and SIGTERM until the returned function is called. */
  onSignal(listener: () => void): () => void
  /** How the command is started here, for texts to paste: "cutover" or "./cutover". */
  readonly program: string
  readonly version: string
}

/** What every command understands. */
export type CommonFlags = { readonly json?: boolean; readonly quiet?: boolean; readonly debug?: boolean }

/** One run of one command. */
export type Shell = {
  readonly world: CliWorld
  readonly flags: CommonFlags
  /** The command line as typed, ready to paste. */
  readonly typed: string
  /** Columns that may be used. */
  readonly columns: number
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
  readonly screen: Screen
  /** A line for people on standard output; with --json nothing. */
  print(line?: string): void
  /** The one JSON object, with --json only. */
  json(value: unknown): void
}

/** Standard error: whole lines, and on a terminal one line that is drawn again and again. */
export type Screen = {
  readonly live: boolean
  /** A whole line; the redrawn line makes room. */
  say(line: string): void
  redraw(line: string): void
  clear(): void
}

export const EXIT = { done: 0, failed: 1, usage: 2, person: 3, leftAtOnce: 130 } as const
