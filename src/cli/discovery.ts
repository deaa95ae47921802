import type { DiscoveredMailbox, DiscoverResult } from '../api/discovery.ts'
import { printable, wrapped } from './printable.ts'
import { table } from './table.ts'
import { count, counted, size } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

const KINDS: readonly (readonly [kind: string, title: string])[] = [
  ['user', 'users'],
  ['shared', 'shared mailboxes'],
  ['room', 'rooms'],
  ['equipment', 'equipment'],
]
const NOT_MOVED: readonly (readonly [kind: string, title: string])[] = [
  ['group', 'groups'],
  ['alias', 'forwardings and aliases'],
  ['contact', 'contacts and guests'],
  ['public', 'public folders'],
  ['system', 'system accounts'],
  ['skip', 'left out by hand'],
]
/** What a person must decide before the list can be used. */
const DECIDE = new Set(['no-target', 'same-target'])
const FLAGS: readonly (readonly [code: string, title: string])[] = [
  ['no-target', 'no target: fill it in, or give --target-domain'],
  ['same-target', 'several have one target: keep one, or give others theirs'],
  ['unknown-domain', 'domain unknown to the new tenant: --map old=new, or add it'],
  ['changed-domain', 'target is not the present first address'],
  ['other-case', 'listed in several spellings'],
  ['listed-twice', 'listed twice'],
  ['disabled', 'disabled or suspended'],
  ['role', 'role accounts (postmaster, info, ...): shared mailboxes?'],
]
const NAMES_SHOWN = 3
const PROBLEMS_SHOWN = 10

/** The summary, what to look at, and what was written; tells the exit code. */
export function printDiscovery(shell: Shell, result: DiscoverResult): number {
  for (const { input, title, found } of result.listings)
    for (const line of wrapped(`${printable(input)}: ${counted(found, 'account')}, read as ${title}`, shell.columns)) shell.print(line)
  shell.print()
  for (const line of summary(result.mailboxes, shell.columns)) shell.print(line)
  printFlags(shell, result)
  printProblems(shell, result)
  printWritten(shell, result)
  const undecided = result.mailboxes.some(({ flags }) => flags.some(({ code }) => DECIDE.has(code)))
  return undecided || result.problems.length > 0 ? EXIT.person : EXIT.done
}

function summary(mailboxes: readonly DiscoveredMailbox[], columns: number): readonly string[] {
  const row = (kinds: readonly string[], title: string): readonly string[] => {
    const these = mailboxes.filter(({ kind }) => kinds.includes(kind))
    const sizes = these.flatMap(({ sizeBytes }) => (sizeBytes === null ? [] : [sizeBytes]))
    const bytes = sizes.reduce((sum, each) => sum + each, 0)
    const known = sizes.length === 0 ? '-' : `${size(bytes)}${sizes.length < these.length ? ` (${count(sizes.length)} known)` : ''}`
    return [title, count(these.length), known]
  }
  const has = ([kind]: readonly [string, string]): boolean => mailboxes.some((each) => each.kind === kind)
  const moving = KINDS.filter(has).map(([kind, title]) => row([kind], title))
  const staying = NOT_MOVED.filter(has).map(([kind, title]) => [...row([kind], title).slice(0, 2), ''])
  const total = KINDS.map(([kind]) => kind)
  const addresses = mailboxes.filter(({ moves }) => moves).reduce((sum, { aliases }) => sum + aliases.length, 0)
  return table(
    [
      { title: 'mailboxes', side: 'left', shrinks: true },
      { title: 'number', side: 'right' },
      { title: 'size', side: 'right' },
    ],
    [
      ...moving,
      ...(moving.length > 1 ? [row(total, 'all mailboxes to move')] : []),
      ...(addresses > 0 ? [['their further addresses', count(addresses), '']] : []),
      ...(staying.length > 0
        ? [
            ['no mailboxes, nothing to copy:', '', ''],
            ...staying.map(([title = '', number = '', rest = '']) => [`  ${title}`, number, rest]),
          ]
        : []),
    ],
    columns,
  )
}

function printFlags(shell: Shell, { mailboxes }: DiscoverResult): void {
  const rows = FLAGS.flatMap(([code, title]) => {
    const these = mailboxes.filter(({ flags }) => flags.some((flag) => flag.code === code))
    return these.length === 0 ? [] : [{ title, these }]
  })
  if (rows.length === 0) return
  shell.print()
  shell.print('To look at:')
  for (const { title, these } of rows) {
    for (const line of wrapped(`${count(these.length)} ${title}`, shell.columns, '  ')) shell.print(line)
    const names = these.slice(0, NAMES_SHOWN).map(({ login }) => printable(login))
    const more = these.length > NAMES_SHOWN ? `, and ${count(these.length - NAMES_SHOWN)} more` : ''
    for (const line of wrapped(`${names.join(', ')}${more}`, shell.columns, '      ')) shell.print(line)
  }
}

function printProblems(shell: Shell, { problems }: DiscoverResult): void {
  if (problems.length === 0) return
  shell.print()
  shell.print('Not understood, and so not in the list:')
  for (const { input, line, says } of problems.slice(0, PROBLEMS_SHOWN)) {
    const where = `${printable(input)}${line === null ? '' : `, line ${line}`}`
    for (const each of wrapped(`${where}: ${printable(says)}`, shell.columns, '  ')) shell.print(each)
  }
  if (problems.length > PROBLEMS_SHOWN) shell.print(`  and ${count(problems.length - PROBLEMS_SHOWN)} more; --json tells all`)
}

function printWritten(shell: Shell, { written, mailboxes }: DiscoverResult): void {
  shell.print()
  const moving = mailboxes.filter(({ moves }) => moves).length
  if (written === null) {
    shell.print('Nothing was written: give --out mailboxes.csv for the list.')
    return
  }
  const file = printable(written.file)
  const rest = written.rows - moving
  const others = rest > 0 ? `, and ${counted(rest, 'row')} to know of that ${rest === 1 ? 'is' : 'are'} not copied` : ''
  const says = written.merged
    ? `Merged into ${file}: ${count(written.added.length)} new, ${count(written.gone.length)} not listed any more (kept and marked).`
    : `Wrote ${file}: ${counted(moving, 'mailbox')} to move${others}.`
  for (const line of wrapped(says, shell.columns)) shell.print(line)
  for (const line of wrapped('Look through it, put passwords in or give --access, then try them all:', shell.columns)) shell.print(line)
  for (const line of wrapped(`${shell.world.program} logins --source imaps://HOST --mailboxes ${file}`, shell.columns, '  '))
    shell.print(line)
}
