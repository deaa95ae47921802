import type { Command } from 'commander'
import type { MailboxTransfer, TransferStatus } from '../api/transfer-status.ts'
import type { ControlPlace } from '../api/project-control.ts'
import { copyExitCode } from './copy.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { notYetCopied, printMailboxes, printStatement } from './statement.ts'
import { table } from './table.ts'
import { printTroubles } from './trouble.ts'
import { count, counted, duration, size } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type TransferFlags = ProjectFlags & {
  readonly state?: string
  readonly batch?: readonly string[]
  readonly reason?: string
  readonly name?: string
}

const HELP = `
Examples:
  cutover transfer
  cutover transfer pause anna@example.org --name Olga --reason "on a journey"
  cutover transfer pause --batch sales --name Olga
  cutover transfer resume
  cutover transfer retry anna@example.org

Without names it is about everybody. A pass that runs ends after what is in
flight; nothing is lost, and the next one goes on there. \`pause\` waits for
\`resume\`, \`stop\` for \`start\`: \`cutover run\` waits for a paused one, and ends
where everybody is stopped. How fast, and at which hours: \`cutover limit\`.`

const WORDS = ['status', 'pause', 'resume', 'stop', 'start', 'retry'] as const
type Word = (typeof WORDS)[number]

export function addTransfer(program: Command, run: Runner): void {
  projectOptions(
    program
      .command('transfer')
      .description('where the copying of each mailbox stands; hold it back, let it go on')
      .argument('[word]', `${WORDS.join(', ')} (default status)`, 'status')
      .argument('[mailbox...]', 'names or addresses; none: all'),
  )
    .option('--state <dir>', 'of copies without a project')
    .option('--batch <name...>', 'mailboxes that move together')
    .option('--reason <text>', 'why; others see it')
    .option('--name <name>', 'who says so')
    .addHelpText('after', HELP)
    .action((word: string, names: readonly string[], flags: TransferFlags, command: Command) => {
      const known = WORDS.find((one) => one === word)
      if (known === undefined) command.error(`error: "${word}" is no word of transfer: ${WORDS.join(', ')}`)
      return run(flags, (shell) => transfer(shell, known ?? 'status', names, flags))
    })
}

function placeOf(shell: Shell, flags: TransferFlags): ControlPlace {
  return flags.state === undefined ? { ...projectPlace(shell, flags), env: shell.world.env } : { stateDir: flags.state }
}

async function transfer(shell: Shell, word: Word, mailboxes: readonly string[], flags: TransferFlags): Promise<number> {
  const control = await shell.world.operations.control()
  const place = placeOf(shell, flags)
  const whom = { mailboxes, batches: flags.batch ?? [] }
  const { name: by = '', reason = '' } = flags
  if (word === 'retry') return retry(shell, place, mailboxes)
  const status =
    word === 'status'
      ? await control.transfer(place)
      : word === 'pause' || word === 'stop'
        ? await control.hold(place, { whom, wish: word, by, reason })
        : await control.release(place, { whom, by })
  const wanted = mailboxes.map((one) => one.toLowerCase())
  const shown = word === 'status' && wanted.length > 0 ? only(status, wanted) : status
  shell.json(shown)
  printTransfer(shell, shown)
  if (word === 'start' || word === 'resume') shell.print('The next pass takes them along: `cutover run`, or one that runs already.')
  return EXIT.done
}

function only(status: TransferStatus, wanted: readonly string[]): TransferStatus {
  const mailboxes = status.mailboxes.filter(
    ({ name, target }) => wanted.includes(name.toLowerCase()) || wanted.includes(target.toLowerCase()),
  )
  return { ...status, mailboxes }
}

async function retry(shell: Shell, place: ControlPlace, mailboxes: readonly string[]): Promise<number> {
  if ('stateDir' in place) {
    shell.screen.say('Without a project the addresses are not known: `cutover copy --retry-failed` does it.')
    return EXIT.usage
  }
  const control = await shell.world.operations.control()
  const result = await watched(shell, (watch) => control.retry(place, mailboxes, { ...watch, show: (text) => shell.screen.say(text) }))
  shell.json(result)
  printStatement(shell, result, notYetCopied(result.mailboxes))
  printMailboxes(shell, result.mailboxes)
  printTroubles(shell, result.mailboxes)
  return copyExitCode(result)
}

function printTransfer(shell: Shell, status: TransferStatus): void {
  const { mailboxes } = status
  printStatement(
    shell,
    status,
    mailboxes.reduce((sum, one) => sum + (one.state === 'done' ? 0 : one.unexplained), 0),
  )
  shell.print(`${counted(mailboxes.length, 'mailbox')}, ${size(status.bytes)}.`)
  if (mailboxes.length === 0) return
  shell.print()
  const rows = mailboxes.map((one) => [
    printable(one.name),
    stateText(one),
    count(one.found),
    count(one.copied),
    count(one.skipped + one.failed),
    one.lagMs === null ? '-' : duration(one.lagMs / 1000),
    one.bytesPerSecond === null ? '-' : `${size(one.bytesPerSecond)}/s`,
    one.leftMs === null ? '-' : duration(one.leftMs / 1000),
    one.throttledMs < 1000 ? '-' : duration(one.throttledMs / 1000),
  ])
  const lines = table(
    [
      { title: 'mailbox', side: 'left', shrinks: true },
      { title: 'state', side: 'left' },
      { title: 'found', side: 'right' },
      { title: 'copied', side: 'right' },
      { title: 'not', side: 'right' },
      { title: 'lag', side: 'right' },
      { title: 'rate', side: 'right' },
      { title: 'left', side: 'right' },
      { title: 'throttled', side: 'right' },
    ],
    rows,
    shell.columns,
  )
  for (const line of lines) shell.print(line)
  const held = mailboxes.filter((one) => one.held !== null)
  for (const { name, held: wish } of held) {
    if (wish === null) continue
    const whose = wish.scope === 'all' ? ', as all are' : wish.scope === 'batch' ? ', with its batch' : ''
    const text = `${printable(name)}: ${wish.wish === 'pause' ? 'paused' : 'stopped'} by ${printable(wish.by)}${whose}${wish.reason === '' ? '' : `: ${printable(wish.reason)}`}`
    for (const line of wrapped(text, shell.columns)) shell.print(line)
  }
  for (const { name, failure, state } of mailboxes)
    if (failure !== null && state === 'broken')
      for (const line of wrapped(`${printable(name)}: ${printable(failure)}`, shell.columns)) shell.print(line)
}

function stateText({ state, unexplained }: MailboxTransfer): string {
  return state === 'done' && unexplained !== 0 ? 'unexplained' : state
}
