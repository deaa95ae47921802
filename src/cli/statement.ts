import type { MailboxOutcome, Trouble } from '../api/results.ts'
import type { Statement } from '../model/message.ts'
import { printable, wrapped } from './printable.ts'
import { table } from './table.ts'
import { stateOf } from './trouble.ts'
import { count, counted, duration, size } from './units.ts'
import type { Shell } from './world.ts'

const ROWS_SHOWN = 50

/** found 2,411 = copied 2,398 + skipped 12 + failed 1. `open` of the unexplained belong to mailboxes that are not through. */
export function statementText(statement: Statement, open = 0): string {
  const { found, copied, skipped, failed, unexplained } = statement
  const rest = [
    open === 0 ? '' : ` + not yet copied ${count(open)}`,
    unexplained === open ? '' : ` + UNEXPLAINED ${count(unexplained - open)}`,
  ].join('')
  return `found ${count(found)} = copied ${count(copied)} + skipped ${count(skipped)} + failed ${count(failed)}${rest}`
}

/** What mailboxes that were stopped, or came into trouble, or are at work now, still have before them. */
export function notYetCopied(mailboxes: readonly { readonly unexplained: number; readonly failure: Trouble | null }[]): number {
  return mailboxes.reduce((sum, each) => (each.failure === null ? sum : sum + each.unexplained), 0)
}

/** The statement, and a loud line where the books of a mailbox that is through do not close. */
export function printStatement(shell: Shell, statement: Statement, open = 0): void {
  for (const line of wrapped(statementText(statement, open), shell.columns)) shell.print(line)
  if (statement.unexplained === open) return
  const says = `!!! ${counted(statement.unexplained - open, 'message')} unexplained: the books do not close. Do not switch the old server off. Please report this.`
  for (const line of wrapped(says, shell.columns)) shell.print(line)
}

/** A row per mailbox; of very many only those that did not go through. */
export function printMailboxes(shell: Shell, mailboxes: readonly MailboxOutcome[]): void {
  if (mailboxes.length === 0) return
  const odd = mailboxes.filter((each) => each.failure !== null || each.failed > 0 || each.unexplained !== 0)
  const shown = mailboxes.length > ROWS_SHOWN ? odd.slice(0, ROWS_SHOWN) : mailboxes
  const lines = table(
    [
      { title: 'mailbox', side: 'left', shrinks: true },
      { title: 'found', side: 'right' },
      { title: 'copied', side: 'right' },
      { title: 'skipped', side: 'right' },
      { title: 'failed', side: 'right' },
      { title: 'size', side: 'right' },
      { title: 'time', side: 'right' },
      { title: 'state', side: 'left' },
    ],
    shown.map((each) => [
      printable(each.name),
      count(each.found),
      count(each.copied),
      count(each.skipped),
      count(each.failed),
      size(each.bytes),
      duration(each.seconds),
      stateOf(each.failure),
    ]),
    shell.columns,
  )
  shell.print()
  if (shown.length > 0) for (const line of lines) shell.print(line)
  const hidden = mailboxes.length - shown.length
  if (hidden > 0) shell.print(`(${counted(hidden, 'more mailbox')}: \`${shell.world.program} status\` shows all)`)
}
