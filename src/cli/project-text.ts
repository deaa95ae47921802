import type { ProjectSummary } from '../api/project-store.ts'
import { timeText } from '../lib/local-time.ts'
import { printable, wrapped } from './printable.ts'
import { count, counted } from './units.ts'

/** What a project is, in a few lines of "label: value". */
export function planLines(project: ProjectSummary, columns: number): readonly string[] {
  const { customer, domains, mailboxes, batches, timeZone, kickoffAt, cutoverAt } = project
  const shownBatches =
    batches.length < 2
      ? ''
      : ` in ${counted(batches.length, 'batch')}: ${batches.map((each) => `${each.name} ${count(each.mailboxes)}`).join(', ')}`
  return [
    ['customer', customer],
    ['domains', domains.length === 0 ? 'none yet' : domains.join(', ')],
    ['mailboxes', `${mailboxesText(mailboxes)}${shownBatches}`],
    ...(kickoffAt === null ? [] : [['kickoff', timeText(kickoffAt, timeZone).replace(/, \d\d:\d\d$/, '')]]),
    ['cutover', cutoverText(cutoverAt, timeZone)],
  ].flatMap(([label = '', value = '']) => labelled(label, value, columns))
}

/** "customer   Example GmbH", the value wrapped beside its label. */
export function labelled(label: string, value: string, columns: number): readonly string[] {
  const [first = '', ...rest] = wrapped(printable(value), columns - 13)
  return [`  ${label.padEnd(11)}${first}`.trimEnd(), ...rest.map((line) => `${' '.repeat(13)}${line}`)]
}

export function cutoverText(cutoverAt: number | null, timeZone: string): string {
  return cutoverAt === null ? 'not planned' : `${timeText(cutoverAt, timeZone)} (${timeZone})`
}

export function mailboxesText(mailboxes: number): string {
  return mailboxes === 0 ? 'none yet' : counted(mailboxes, 'mailbox')
}
