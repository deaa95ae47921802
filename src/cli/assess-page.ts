import type { AssessedMailbox, AssessFinding, Assessment } from '../api/assess.ts'
import { printable, wrapped } from './printable.ts'
import { table } from './table.ts'
import { count, counted, duration, size } from './units.ts'
import type { Shell } from './world.ts'

const FINDINGS_SHOWN = 12
const MAILBOXES_SHOWN = 10
const NAMES_SHOWN = 4
const MARKS: Readonly<Record<AssessFinding['rank'], string>> = { block: '!!', warn: '! ', note: '- ' }

/** The important first: what was seen in a few lines, what stands in the way, the biggest mailboxes, time and price. */
export function printAssessment(shell: Shell, assessment: Assessment, details: boolean): void {
  printHead(shell, assessment)
  printFindings(shell, assessment, details)
  printMailboxes(shell, assessment.mailboxes, details)
  if (details) printFolders(shell, assessment.mailboxes)
  printBehind(shell, assessment, details)
  printAhead(shell, assessment, details)
}

function say(shell: Shell, text: string, indent = ''): void {
  for (const line of wrapped(printable(text), shell.columns, indent)) shell.print(line)
}

function printHead(shell: Shell, { server, totals, reading }: Assessment): void {
  if (server !== null) {
    const version = server.version === null || !/\d/.test(server.version) ? '' : ` ${server.version}`
    say(shell, `${server.host}: ${server.title}${version}${server.tls === null ? ', NOT ENCRYPTED' : ''}`)
  }
  const parts = [
    counted(totals.mailboxes, 'mailbox'),
    counted(totals.folders, 'folder'),
    counted(totals.messages, 'message'),
    size(totals.bytes),
    ...(totals.unread === 0 ? [] : [`${count(totals.unread)} NOT READ TO THE END`]),
  ]
  say(shell, parts.join(', '))
  say(shell, reading.says)
}

function printFindings(shell: Shell, { findings, stopped, totals }: Assessment, details: boolean): void {
  shell.print()
  const blocks = findings.filter(({ rank }) => rank === 'block').length
  const warns = findings.filter(({ rank }) => rank === 'warn').length
  shell.print(
    blocks === 0
      ? `${stopped || totals.unread > 0 ? 'So far nothing' : 'Nothing'} stands in the way. ${counted(warns, 'thing')} to look at.`
      : `${counted(blocks, 'thing')} to be solved first (!!), ${count(warns)} to look at (!).`,
  )
  const together = grouped(findings)
  const shown = details ? together : together.filter(({ rank }) => rank !== 'note').slice(0, FINDINGS_SHOWN)
  for (const { rank, about, says, help } of shown) {
    const [first = '', ...rest] = wrapped(printable(`${about}: ${says}`), shell.columns - 3)
    shell.print(`${MARKS[rank]} ${first.trimStart()}`)
    for (const line of rest) shell.print(`   ${line.trimStart()}`)
    if (help !== null) say(shell, help, '   ')
  }
  const hidden = together.length - shown.length
  if (hidden > 0) shell.print(`(${count(hidden)} more: --details)`)
}

/** What is the same for several is told once, with a few of their names. */
function grouped(findings: readonly AssessFinding[]): readonly AssessFinding[] {
  const groups = Map.groupBy(findings, ({ rank, code, says, help }) => JSON.stringify([rank, code, says, help]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const names = group.slice(0, NAMES_SHOWN).map(({ about }) => about)
    const more = group.length - names.length
    return [{ ...first, about: `${names.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}` }]
  })
}

function printMailboxes(shell: Shell, mailboxes: readonly AssessedMailbox[], details: boolean): void {
  if (mailboxes.length === 0) return
  const sorted = mailboxes.toSorted((a, b) => b.bytes - a.bytes)
  const shown = details ? sorted : sorted.slice(0, MAILBOXES_SHOWN)
  const right = (title: string) => ({ title, side: 'right' as const })
  const head = [
    { title: 'mailbox', side: 'left' as const, shrinks: true },
    right('messages'),
    right('size'),
    right('biggest'),
    right('read'),
    right('first copy'),
    { title: '', side: 'left' as const },
  ]
  const rows = shown.map((one) => [
    printable(one.name),
    count(one.messages),
    size(one.bytes),
    one.biggest[0] === undefined ? '-' : size(one.biggest[0].bytes),
    count(one.read.messages),
    one.forecastMs === null ? '-' : duration(one.forecastMs.median / 1000),
    [
      ...(one.failure === null ? [] : [one.failure.code]),
      ...(one.vip ? ['VIP'] : []),
      ...(one.risks.length > (one.vip ? 1 : 0) ? ['RISK'] : []),
    ].join(' '),
  ])
  shell.print()
  for (const line of table(head, rows, shell.columns)) shell.print(line)
  const hidden = sorted.length - shown.length
  if (hidden > 0) shell.print(`(${counted(hidden, 'smaller mailbox')}: --details)`)
}

function printFolders(shell: Shell, mailboxes: readonly AssessedMailbox[]): void {
  const changed = mailboxes.flatMap(({ name, folders }) =>
    folders.filter(({ reasons }) => reasons.length > 0).map((folder) => ({ name, folder })),
  )
  if (changed.length === 0) return
  shell.print()
  shell.print('Folders that change:')
  for (const { name, folder } of changed) {
    const messages = folder.messages === null ? '' : ` (${counted(folder.messages, 'message')})`
    say(shell, `${name}: ${folder.source} -> ${folder.target ?? '(not copied)'}${messages}`, '  ')
    for (const reason of folder.reasons) say(shell, reason, '       ')
  }
}

function printBehind(shell: Shell, { leftBehind }: Assessment, details: boolean): void {
  shell.print()
  const system = leftBehind.system === null ? '' : ` (${leftBehind.system})`
  say(
    shell,
    `IMAP carries mail and folders only. By hand${system}: ${leftBehind.items.map(({ title }) => `${title.charAt(0).toLowerCase()}${title.slice(1)}`).join(', ')}.`,
  )
  if (details) for (const { title, how } of leftBehind.items) say(shell, `${title}: ${how}`, '  ')
  else shell.print('--details tells the way for each of them.')
}

const LIMITED: Readonly<Record<NonNullable<Assessment['forecast']>['limitedBy'], string>> = {
  source: 'the old server sets the pace',
  exchange: 'Exchange sets the pace: what one mailbox takes in an hour',
  messages: 'Exchange sets the pace: what one mailbox takes of single messages',
  'biggest-mailbox': 'the biggest mailbox sets the end',
  allowance: 'the old server hands out only so much a day',
  limit: 'the limit that was set sets the pace',
}

function printAhead(shell: Shell, { forecast, price }: Assessment, details: boolean): void {
  shell.print()
  if (forecast === null) shell.print('There is no mail to copy.')
  else {
    const { median, p90 } = forecast.totalMs
    const longest = forecast.longest === null ? '' : ` Last is ${forecast.longest.name} (${duration(forecast.longest.ms / 1000)}).`
    const says = `First copy: ${duration(median / 1000)}, in one case of ten longer than ${duration(p90 / 1000)}; ${LIMITED[forecast.limitedBy]}.${longest}`
    say(shell, says)
    if (details) for (const one of forecast.assumes) say(shell, one, '  ')
  }
  const extras = price.extras.map(({ says, amount }) => `, ${says} ${money(amount)}`).join('')
  const mailboxes = counted(price.mailboxes, 'mailbox')
  say(shell, `Price: ${price.currency} ${money(price.total)} (${money(price.base)}, ${mailboxes} at ${money(price.perMailbox)}${extras})`)
}

function money(amount: number): string {
  return Number.isInteger(amount) ? count(amount) : amount.toFixed(2)
}
