import type { MessagesPlanResult, MessagesStatusResult, MessageSent, MessageView, MomentView } from '../api/notify-results.ts'
import { timeText } from '../lib/local-time.ts'
import { bullet } from './plan-text.ts'
import { printable, wrapped } from './printable.ts'
import { table } from './table.ts'
import { count, counted } from './units.ts'
import type { Shell } from './world.ts'

const NAMES_SHOWN = 5

/** One line for each moment. */
export function printMoments(shell: Shell, { moments, timeZone, cutoverAt }: MessagesPlanResult): void {
  const rows = moments
    .filter(({ moment, counts }) => moment !== 'new-date' || counts['by-hand'] !== undefined)
    .map((one) => [one.moment, one.says, whenOf(one, timeZone), standsOf(one)])
  const head = [
    { title: 'Message', side: 'left' as const },
    { title: '', side: 'left' as const, shrinks: true },
    { title: 'When', side: 'left' as const },
    { title: 'Stands', side: 'left' as const, shrinks: true },
  ]
  shell.print()
  for (const line of table(head, rows, shell.columns)) shell.print(line)
  shell.print()
  shell.print(
    cutoverAt === null
      ? 'No cutover is planned: what is counted from it waits.'
      : `Cutover: ${timeText(cutoverAt, timeZone)} (${timeZone}).`,
  )
}

function whenOf({ moment, from, counts }: MomentView, timeZone: string): string {
  if (from !== null) return timeText(from, timeZone)
  if (counts.waits === undefined) return ''
  return WAITS[moment] ?? 'no date yet'
}

const WAITS: Readonly<Partial<Record<MomentView['moment'], string>>> = {
  live: 'after the switch',
  done: 'once all is there',
  'follow-up': '7 days after it',
}

const WORDS = [
  ['sent', 'sent'],
  ['due', 'due'],
  ['overdue', 'late'],
  ['refused', 'refused'],
  ['doubt', 'in doubt'],
  ['blocked', 'blocked'],
  ['by-hand', 'to be told'],
  ['planned', 'to come'],
  ['waits', 'waiting'],
  ['missed', 'missed'],
] as const

function standsOf({ counts }: MomentView): string {
  if (counts.off !== undefined) return 'switched off'
  const words = WORDS.flatMap(([state, word]) => (counts[state] === undefined ? [] : [`${count(counts[state])} ${word}`]))
  return words.length === 0 ? (counts['not-needed'] === undefined ? 'nobody' : 'not needed') : words.join(', ')
}

/** What a person has to look at: the same about many is told once. */
export function printAsks(shell: Shell, asks: readonly MessageView[], timeZone: string): void {
  const groups = [
    ...Map.groupBy(asks, ({ moment, state, says }) => `${moment} ${state} ${state === 'refused' ? '' : (says ?? '')}`).values(),
  ]
  if (groups.length === 0) return
  shell.print()
  shell.print('Needs a person:')
  for (const group of groups) {
    const [first] = group
    if (first === undefined) continue
    const say = (text: string, sign: '-' | ' '): void => {
      for (const line of bullet(printable(text), shell.columns, sign)) shell.print(line)
    }
    const due = first.state === 'overdue' && first.dueAt !== null ? ` since ${timeText(first.dueAt, timeZone)}` : ''
    say(
      `${first.moment}: ${TROUBLE[first.state] ?? first.state}${due}, ${counted(group.length, 'person').replace('persons', 'people')}.`,
      '-',
    )
    for (const { address, name, says } of group.slice(0, NAMES_SHOWN))
      say(`${address}${name === address ? '' : ` (${name})`}${says === null ? '' : `: ${says}`}`, ' ')
    if (group.length > NAMES_SHOWN) say(`and ${count(group.length - NAMES_SHOWN)} more`, ' ')
    const todo = TODO[first.state]?.(first)
    if (todo !== undefined) say(todo, ' ')
  }
}

const TROUBLE: Readonly<Partial<Record<MessageView['state'], string>>> = {
  overdue: 'not sent although it was due',
  doubt: 'nobody knows whether it was sent',
  refused: 'refused for good',
  blocked: 'cannot reach them this way',
  'by-hand': 'they know another date than the one that holds now',
}

const TODO: Readonly<Partial<Record<MessageView['state'], (one: MessageView) => string>>> = {
  overdue: ({ moment }) => `To send it all the same: \`cutover messages send ${moment}\`.`,
  doubt: ({ moment, address }) =>
    `Ask whether it arrived, then \`cutover messages send ${moment} --only ${address} --arrived\`, or --again in its place.`,
  refused: ({ moment, address }) => `Put the address right, then \`cutover messages send ${moment} --only ${address} --again\`.`,
  'by-hand': ({ moment }) => `To tell them: \`cutover messages send ${moment}\`.`,
}

/** What would be sent, before it is asked for. */
export function printWanted(shell: Shell, { lines }: { readonly lines: readonly string[] }, messages: readonly MessageView[]): void {
  shell.print('Would be sent:')
  for (const each of lines) for (const line of bullet(printable(each), shell.columns)) shell.print(line)
  const copies = messages.reduce((sum, { to }) => sum + to.length, 0)
  if (copies > messages.length)
    for (const line of wrapped(
      `To ${count(copies)} mailboxes in all, so that everybody can read it: old and new side, private addresses.`,
      shell.columns,
      '  ',
    ))
      shell.print(line)
  const names = messages.slice(0, NAMES_SHOWN).map(({ address }) => address)
  const rest = messages.length - names.length
  if (names.length > 0)
    for (const line of wrapped(printable(`To ${names.join(', ')}${rest > 0 ? ` and ${count(rest)} more` : ''}.`), shell.columns, '  '))
      shell.print(line)
}

export function printOutcome(address: string, { kind, says }: MessageSent['outcome']): string {
  const word = { sent: 'sent', later: 'put off', refused: 'refused', doubt: 'not known whether it arrived' }[kind]
  return printable(`${address}: ${word}: ${says}`)
}

const ROWS_SHOWN = 50

/** The journal, newest first. */
export function printJournal(shell: Shell, { rows, timeZone }: MessagesStatusResult): void {
  if (rows.length === 0) {
    shell.print('Nothing was sent yet.')
    return
  }
  const head = [
    { title: 'When', side: 'left' as const },
    { title: 'Message', side: 'left' as const },
    { title: 'To', side: 'left' as const, shrinks: true },
    { title: 'State', side: 'left' as const },
  ]
  const lines = rows
    .slice(0, ROWS_SHOWN)
    .map(({ at, moment, version, address, state }) => [
      timeText(at, timeZone),
      version > 1 ? `${moment} (${version})` : moment,
      printable(address),
      STATES[state],
    ])
  for (const line of table(head, lines, shell.columns)) shell.print(line)
  if (rows.length > ROWS_SHOWN) shell.print(`... and ${count(rows.length - ROWS_SHOWN)} more; --json shows all.`)
}

const STATES = { sending: 'in doubt', sent: 'sent', later: 'put off', refused: 'refused', doubt: 'in doubt' } as const
