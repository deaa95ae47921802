import { Argument, Option, type Command } from 'commander'
import type { SendInput } from '../api/notify-send.ts'
import type { MessagesSendResult } from '../api/notify-results.ts'
import { Failure } from '../model/failure.ts'
import { LANGUAGES, type Language } from '../model/language.ts'
import { MOMENTS, type Moment } from '../model/moment.ts'
import { confirmed } from './confirm.ts'
import { printAsks, printJournal, printMoments, printOutcome, printWanted } from './messages-text.ts'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { count, counted, duration } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type PreviewFlags = ProjectFlags & { readonly to?: string; readonly language?: Language; readonly html?: string; readonly source?: boolean }
type SendFlags = ProjectFlags & {
  readonly due?: boolean
  readonly only?: string
  readonly again?: boolean
  readonly arrived?: boolean
  readonly yes?: boolean
  readonly name?: string
}

const HELP = `
Examples:
  cutover messages plan
  cutover messages preview live --to anna@example.org --html live.html
  cutover messages send --due --name Olga
  cutover messages status

The moments: ${MOMENTS.slice(0, 6).join(', ')},
${MOMENTS.slice(6).join(', ')}. Own texts, times and what is sent
where: docs/guide/messages.md`

const SEND_HELP = `
Examples:
  cutover messages send --due --name Olga
  cutover messages send announcement --name Olga
  cutover messages send access-early --only anna@example.org --again --name Olga
  cutover messages send access-early --only anna@example.org --arrived --name Olga

Shows what would be sent, and asks. Nobody gets a message twice, unless --again
says so. What was being sent when the program ended is not sent again by itself:
ask whether it arrived, then say --arrived or --again.
Exit codes: 0 all is sent, 3 something needs a person or is left.`

export function addMessages(program: Command, run: Runner): void {
  const messages = program.command('messages').description('tell users what happens when, in their language').addHelpText('after', HELP)
  projectOptions(messages.command('plan').description('what goes when to how many, and what was sent')).action((flags: ProjectFlags) =>
    run(flags, (shell) => plan(shell, flags)),
  )
  projectOptions(messages.command('preview').description('show a message as it would be sent').addArgument(momentArgument('<moment>')))
    .option('--to <address>', 'as this person would get it')
    .addOption(new Option('--language <language>', 'in this language').choices(LANGUAGES))
    .option('--html <file>', 'write its HTML there, for a browser')
    .option('--source', 'print the standard template instead, to write an own one')
    .action((moment: Moment, flags: PreviewFlags) => run(flags, (shell) => preview(shell, moment, flags)))
  projectOptions(messages.command('send').description('send what is due, or one message').addArgument(momentArgument('[moment]')))
    .option('--due', 'only what is due, and not more than a day late')
    .option('--only <address>', 'only to this person')
    .option('--again', 'once more, though it was sent; needs --only')
    .option('--arrived', 'send nothing: it did arrive; needs --only')
    .option('--yes', 'do not ask')
    .option('--name <name>', 'who says so; kept for the report')
    .addHelpText('after', SEND_HELP)
    .action((moment: Moment | undefined, flags: SendFlags) => run(flags, (shell) => send(shell, moment ?? null, flags)))
  projectOptions(messages.command('status').description('every message that was sent, and what needs a person')).action(
    (flags: ProjectFlags) => run(flags, (shell) => status(shell, flags)),
  )
}

function momentArgument(name: string): Argument {
  return new Argument(name, 'which message').choices(MOMENTS)
}

async function plan(shell: Shell, flags: ProjectFlags): Promise<number> {
  const result = await (await shell.world.operations.messages()).plan(place(shell, flags))
  shell.json(result)
  const { users, contacts, without, languages, from, by, perMinute } = result
  const way = by === 'graph' ? 'from Microsoft 365' : 'by SMTP'
  const sender = from === null ? '' : ` As ${from}, ${way}, ${count(perMinute)} a minute at most.`
  const tongues = Object.entries(languages).map(([language, some]) => `${language} ${some}`)
  const who = `${counted(users, 'user')}${users === 0 ? '' : ` (${tongues.join(', ')})`}, ${counted(contacts, 'contact')} of the customer`
  const not = without === 0 ? '' : `; ${counted(without, 'mailbox')} get${without === 1 ? 's' : ''} none`
  for (const line of wrapped(printable(`${result.customer}: ${who}${not}.${sender}`), shell.columns)) shell.print(line)
  printMoments(shell, result)
  for (const note of result.notes) for (const line of wrapped(printable(`Note: ${note}`), shell.columns)) shell.print(line)
  printAsks(shell, result.asks, result.timeZone)
  return result.asks.some(({ state }) => state !== 'by-hand') || result.from === null ? EXIT.person : EXIT.done
}

async function preview(shell: Shell, moment: Moment, flags: PreviewFlags): Promise<number> {
  const { to = null, language = null, html = null } = flags
  const shown = await (await shell.world.operations.messages()).preview({ ...place(shell, flags), moment, to, language, htmlFile: html })
  shell.json(shown)
  if (flags.source === true) {
    for (const line of shown.source.replace(/\n$/, '').split('\n')) shell.print(line)
    return EXIT.done
  }
  shell.print(`From:    ${printable(shown.from)}`)
  shell.print(`To:      ${printable(shown.to)}`)
  for (const line of wrapped(`Subject: ${printable(shown.subject)}`, shell.columns)) shell.print(line)
  shell.print()
  for (const line of shown.text.replace(/\n$/, '').split('\n')) shell.print(printable(line))
  if (html !== null) shell.screen.say(`Its HTML is in ${printable(html)}.`)
  return EXIT.done
}

async function send(shell: Shell, moment: Moment | null, flags: SendFlags): Promise<number> {
  const { due = false, only = null, again = false, arrived = false } = flags
  if (moment === null && !due) throw new Failure('bad-input', 'Which message? Name one, or say --due for all that are due.')
  const live = flags.quiet !== true && shell.screen.live
  const input: SendInput = {
    ...place(shell, flags),
    moment,
    due,
    only,
    again,
    arrived,
    retries: 2,
    signal: shell.signal,
    show: (message) => shell.screen.say(message),
    agreed: async (question, messages) => {
      shell.screen.clear()
      printWanted(shell, question, messages)
      const name = flags.name?.trim() ?? ''
      if (name === '') throw new Failure('bad-input', 'Who says so? Give --name: it is kept for the report.')
      return (await confirmed(shell, printable(question.says), flags.yes ?? false)) ? name : null
    },
    onSent: ({ address, outcome }, done, of) => {
      if (outcome.kind !== 'sent' && flags.quiet !== true) shell.screen.say(printOutcome(address, outcome))
      if (live) shell.screen.redraw(`${done} of ${of}: ${printable(address)}`)
    },
    onWait: (ms, waiting) =>
      shell.screen.say(
        `${counted(waiting, 'message')} put off; trying again in ${duration(ms / 1000)}. Ctrl-C leaves: the next run goes on.`,
      ),
  }
  const result = await (await shell.world.operations.messages()).send(input).finally(() => shell.screen.clear())
  shell.json(result)
  return told(shell, result, arrived)
}

function told(shell: Shell, { name, sent, left, asks, timeZone }: MessagesSendResult, arrived: boolean): number {
  if (arrived) {
    shell.print(name === null ? 'Nothing was noted.' : 'Noted.')
    return name === null ? EXIT.person : EXIT.done
  }
  if (name === null) {
    shell.print(left > 0 ? 'Nothing was sent.' : 'Nothing is to be sent now.')
    if (left === 0) printAsks(shell, asks, timeZone)
    return left > 0 || asks.length > 0 ? EXIT.person : EXIT.done
  }
  const of = (kind: string): number => sent.filter(({ outcome }) => outcome.kind === kind).length
  const [refused, doubt] = [of('refused'), of('doubt')]
  const words = [
    `${counted(of('sent'), 'message')} sent`,
    ...(refused > 0 ? [`${count(refused)} refused`] : []),
    ...(doubt > 0 ? [`${count(doubt)} not known`] : []),
    ...(left > 0 ? [`${count(left)} left for the next run`] : []),
  ]
  shell.print(`${words.join(', ')}.`)
  printAsks(shell, asks, timeZone)
  return asks.length + left > 0 ? EXIT.person : EXIT.done
}

async function status(shell: Shell, flags: ProjectFlags): Promise<number> {
  const result = await (await shell.world.operations.messages()).status(place(shell, flags))
  shell.json(result)
  printJournal(shell, result)
  printAsks(shell, result.asks, result.timeZone)
  return result.asks.some(({ state }) => state !== 'by-hand') ? EXIT.person : EXIT.done
}

function place(shell: Shell, flags: ProjectFlags): ReturnType<typeof projectPlace> & { readonly env: Shell['world']['env'] } {
  return { ...projectPlace(shell, flags), env: shell.world.env }
}
