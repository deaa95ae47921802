import type { Trouble } from '../api/results.ts'
import { FAILURES } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import { printable, wrapped } from './printable.ts'
import { count } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

const NAMES_SHOWN = 5

export function troubleOf(failure: Failure): Trouble {
  return {
    code: failure.code,
    message: failure.message,
    help: failure.help,
    side: failure.side ?? null,
    serverText: failure.serverText ?? null,
  }
}

/** The sentence, the server's own words, and what to do: each wrapped, everything foreign escaped. */
export function troubleLines(trouble: Trouble, columns: number): readonly string[] {
  const side = trouble.side === null ? '' : `${trouble.side === 'source' ? 'Source' : 'Destination'}: `
  return [
    ...linesOf(trouble).flatMap((line, at) => wrapped(`${at === 0 ? side : ''}${printable(line)}`, columns, at === 0 ? '  ' : '    ')),
    ...(trouble.serverText === null || trouble.message.includes(trouble.serverText)
      ? []
      : wrapped(`The server said: ${printable(trouble.serverText)}`, columns, '  ')),
    ...wrapped(`What to do: ${printable(trouble.help)}`, columns, '  '),
  ]
}

/** What is wrong with the input is a list, a line each; anything else may quote a server, whose line ends are not ours. */
function linesOf(trouble: Trouble): readonly string[] {
  return trouble.code === 'bad-input' ? trouble.message.split('\n') : [trouble.message]
}

/** One block per distinct trouble, with the mailboxes it befell; a thousand mailboxes with one cause are one block. */
export function printTroubles(shell: Shell, mailboxes: readonly { readonly name: string; readonly failure: Trouble | null }[]): void {
  const blocks = new Map<string, { trouble: Trouble; names: string[] }>()
  for (const { name, failure } of mailboxes) {
    if (failure === null || failure.code === 'stopped') continue
    const key = JSON.stringify([failure.code, failure.side, failure.message, failure.serverText])
    const block = blocks.get(key)
    if (block === undefined) blocks.set(key, { trouble: failure, names: [name] })
    else block.names.push(name)
  }
  for (const { trouble, names } of blocks.values()) {
    shell.print()
    const shown = names.slice(0, NAMES_SHOWN).map(printable).join(', ')
    const more = names.length > NAMES_SHOWN ? ` and ${count(names.length - NAMES_SHOWN)} more` : ''
    for (const line of wrapped(`${shown}${more}:`, shell.columns)) shell.print(line)
    for (const line of troubleLines(trouble, shell.columns)) shell.print(line)
  }
}

/** 2 for wrong input, 3 where only a person can help or the work was stopped, 1 otherwise. */
export function exitCodeOf(code: Trouble['code']): number {
  if (code === 'bad-input') return EXIT.usage
  return FAILURES[code].next === 'ask' ? EXIT.person : EXIT.failed
}

/** The code for several mailboxes: what is plainly failed outweighs what waits for a person. */
export function exitCodeOfAll(mailboxes: readonly { readonly failure: Trouble | null }[]): number {
  const codes = mailboxes.flatMap(({ failure }) => (failure === null ? [] : [exitCodeOf(failure.code)]))
  if (codes.length === 0) return EXIT.done
  return codes.includes(EXIT.failed) ? EXIT.failed : EXIT.person
}

/** The state of a mailbox in one word or two, for tables. */
export function stateOf(failure: Trouble | null): string {
  if (failure === null) return 'done'
  if (failure.code === 'stopped') return 'stopped'
  return exitCodeOf(failure.code) === EXIT.failed ? 'failed' : 'needs you'
}

/** Prints what was thrown, as text or JSON, and tells the exit code. What is not a `Failure` is a bug of ours, and said to be one. */
export function reportThrown(shell: Shell, error: unknown): number {
  const { screen, flags, columns, world } = shell
  screen.clear()
  if (flags.debug === true) screen.say(error instanceof Error ? printableStack(error) : printable(String(error)))
  if (error instanceof Failure) {
    const trouble = troubleOf(error)
    shell.json({ error: trouble })
    if (error.code === 'stopped') for (const line of stoppedLines(shell)) screen.say(line)
    else if (flags.json !== true) {
      screen.say(`${world.program}: could not go on.`)
      for (const line of troubleLines(trouble, columns)) screen.say(line)
    }
    return exitCodeOf(error.code)
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const help = `Please report it with what you ran and this text.${flags.debug === true ? '' : ' Run it again with --debug to see where it happened.'}`
  if (flags.json === true) shell.json({ error: { code: 'bug', message, help } })
  else {
    for (const line of wrapped(`This is a bug in cutover: ${printable(message)}`, columns)) screen.say(line)
    for (const line of wrapped(help, columns, '  ')) screen.say(line)
  }
  return EXIT.failed
}

/** Where some mailboxes were stopped: says how to go on, on standard error, in every mode. */
export function sayStopped(shell: Shell, mailboxes: readonly { readonly failure: Trouble | null }[]): boolean {
  const stopped = mailboxes.some(({ failure }) => failure?.code === 'stopped')
  if (stopped) for (const line of stoppedLines(shell)) shell.screen.say(line)
  return stopped
}

export function stoppedLines(shell: Shell): readonly string[] {
  return ['Stopped. Nothing is lost. To go on, run the same command again:', `  ${shell.typed}`]
}

function printableStack(error: Error): string {
  const lines = (error.stack ?? error.message).split('\n').map(printable)
  return [...lines, ...(error.cause instanceof Error ? ['caused by:', printableStack(error.cause)] : [])].join('\n')
}
