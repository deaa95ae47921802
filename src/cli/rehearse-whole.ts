import type { RehearsedProject, RehearsedStep } from '../api/rehearse-whole.ts'
import { printable, wrapped } from './printable.ts'
import { count, duration } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

/** Those of the simulated company, where nobody says otherwise. */
const [MAILBOXES, MESSAGES] = [8, 60]

/** A whole project on simulators, told as it goes. */
export async function rehearseWhole(
  shell: Shell,
  flags: {
    readonly mailboxes: number | undefined
    readonly messages: number | undefined
    readonly seed: number
    readonly to: string | undefined
  },
): Promise<number> {
  const live = flags.to === undefined || shell.flags.quiet !== true
  let phase = ''
  const result = await shell.world.operations
    .rehearseWhole({
      mailboxes: flags.mailboxes ?? MAILBOXES,
      messages: flags.messages ?? MESSAGES,
      seed: flags.seed,
      directory: flags.to ?? null,
      signal: shell.signal,
      onDoing: (says) => {
        if (live && shell.screen.live && shell.flags.quiet !== true) shell.screen.redraw(`${printable(says)} ...`)
      },
      onStep: (step) => {
        shell.screen.clear()
        if (step.phase !== phase) shell.print()
        phase = step.phase
        printStep(shell, step)
      },
    })
    .finally(() => shell.screen.clear())
  shell.json(result)
  printEnd(shell, result)
  return result.ok ? EXIT.done : EXIT.failed
}

function printStep(shell: Shell, { at, says, ok }: RehearsedStep): void {
  const [first = '', ...rest] = wrapped(`${ok ? '' : 'NOT OK: '}${printable(capital(says))}`, shell.columns - INDENT)
  shell.print(`${dayAndHour(at)}  ${first}`)
  for (const line of rest) shell.print(`${' '.repeat(INDENT)}${line}`)
}

const INDENT = 18

/** A domain or a mailbox at the beginning is written as it is. */
function capital(text: string): string {
  return /^[a-z]+ /.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text
}

/** In the time zone of the made-up customer. */
function dayAndHour(at: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Berlin',
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('hour')}:${part('minute')}`
}

function printEnd(shell: Shell, result: RehearsedProject): void {
  const { mail, view, beganAt, endedAt } = result
  const say = (text: string): void => {
    for (const line of wrapped(text, shell.columns)) shell.print(line)
  }
  shell.print()
  say(
    `Mail that came meanwhile: ${count(mail.sent)} messages, ${count(mail.late)} of them to the old side after the switch; ` +
      `${count(mail.once)} are at the new side once, ${count(mail.missing)} missing, ${count(mail.doubled)} doubled.`,
  )
  for (const { says } of view.blockers) say(`Open: ${printable(says)}`)
  say(`${Math.round((endedAt - beganAt) / 86_400_000)} days of the project in ${duration(result.seconds)}.`)
  say(`Reports: ${result.reports.map(({ title }) => printable(title)).join(', ')}.`)
  say(`They and the store are in ${printable(result.directory)}`)
  shell.print(result.ok ? 'The rehearsal went through.' : 'The rehearsal did NOT go through: see above.')
}
