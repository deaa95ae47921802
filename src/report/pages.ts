import type { Statement } from '../model/message.ts'
import type { ErrorReportRow } from './error-report.ts'
import { grouped, htmlPage, htmlTable, markup } from './html.ts'
import type { Html } from './html.ts'

/** What a verification counted, of a folder or of more. */
export type VerificationFigures = {
  readonly found: number
  readonly copied: number
  readonly skipped: number
  readonly failed: number
  readonly missing: number
  readonly extra: number
  readonly different: number
  readonly unexplained: number
}

export type VerificationReport = VerificationFigures & {
  readonly level: string
  /** ISO 8601. */
  readonly madeAt: string
  readonly mailboxes: readonly (VerificationFigures & {
    readonly name: string
    readonly source: string
    readonly target: string
    /** Why it could not be verified; null when it was. */
    readonly trouble: string | null
    readonly folders: readonly (VerificationFigures & { readonly source: string; readonly target: string })[]
  })[]
  readonly differences: readonly {
    readonly mailbox: string
    readonly folder: string
    readonly kind: string
    readonly subject: string | null
    readonly says: string
  }[]
}

const FIGURES = ['found', 'copied', 'skipped', 'failed', 'missing', 'extra', 'different', 'unexplained'] as const
const LEVELS: Readonly<Record<string, string>> = {
  counts: 'Folders and numbers of messages were compared.',
  fingerprints: 'Every message was looked for: present, once, in the right folder, with date and flags.',
  content: 'The content of the messages was compared.',
}

/** The result of a verification as a page on its own. */
export function verificationPage(report: VerificationReport): string {
  const troubled = report.mailboxes.filter((mailbox) => mailbox.trouble !== null).length
  return htmlPage('Verification', [
    markup`<p>${report.madeAt}. Level: ${report.level}. ${LEVELS[report.level] ?? ''}</p>\n`,
    verdict(report, troubled),
    equation(report),
    htmlTable(
      ['Mailbox', ...FIGURES],
      report.mailboxes.map((mailbox) => ({
        cells: [mailbox.name, ...numbers(mailbox)],
        bad: isBad(mailbox) || mailbox.trouble !== null,
      })),
    ),
    ...report.mailboxes.map(
      (mailbox) =>
        markup`<h2>${mailbox.name}</h2>\n<p>${mailbox.source} → ${mailbox.target}</p>\n${trouble(mailbox.trouble)}${htmlTable(
          ['Folder', 'Target folder', ...FIGURES],
          mailbox.folders.map((folder) => ({ cells: [folder.source, folder.target, ...numbers(folder)], bad: isBad(folder) })),
        )}`,
    ),
    differences(report),
  ])
}

function trouble(says: string | null): Html {
  return says === null ? markup`` : markup`<p class="bad">${says}</p>\n`
}

/** The messages that were not copied, as a page on its own, below the statement that they belong to. */
export function errorPage(statement: Statement, rows: readonly ErrorReportRow[], madeAt: string): string {
  return htmlPage('Messages that were not copied', [
    markup`<p>${madeAt}</p>\n`,
    equation(statement),
    rows.length === 0 ? markup`<p class="good">Every message was copied.</p>\n` : byReason(rows),
    htmlTable(
      [
        'Mailbox',
        'Folder',
        'UID',
        'Date',
        'Bytes',
        'Subject',
        'From',
        'State',
        'Reason',
        'What to do',
        'The server said',
        'Attempts',
        'Repairs',
      ],
      rows.map((row) => ({
        cells: [
          row.mailbox,
          row.folder,
          row.uid,
          row.date,
          row.sizeBytes,
          row.subject,
          row.from,
          row.state,
          row.reason,
          row.help,
          row.serverText,
          row.attempts,
          row.repairs.join(', '),
        ],
        bad: row.state === 'failed',
      })),
    ),
  ])
}

function verdict(report: VerificationFigures, troubled: number): Html {
  if (troubled > 0) return markup`<p class="bad">${troubled} of the mailboxes could not be verified.</p>\n`
  if (isBad(report)) return markup`<p class="bad">The two sides differ: the red lines say where.</p>\n`
  return markup`<p class="good">Nothing is missing, nothing differs, nothing is unexplained.</p>\n`
}

function equation(statement: Pick<Statement, 'found' | 'copied' | 'skipped' | 'failed' | 'unexplained'>): Html {
  const { found, copied, skipped, failed, unexplained } = statement
  const rest = unexplained === 0 ? '' : ` + ${grouped(unexplained)} unexplained`
  const sum = `${grouped(found)} found = ${grouped(copied)} copied + ${grouped(skipped)} skipped + ${grouped(failed)} failed${rest}`
  return markup`<p><strong>${sum}</strong></p>\n`
}

function byReason(rows: readonly ErrorReportRow[]): Html {
  const counts = [...Map.groupBy(rows, (row) => row.reason)].sort(([, a], [, b]) => b.length - a.length)
  return htmlTable(
    ['Reason', 'Messages', 'What to do'],
    counts.map(([reason, of]) => ({ cells: [reason, of.length, of[0]?.help ?? ''] })),
  )
}

function differences(report: VerificationReport): Html {
  if (report.differences.length === 0) return markup``
  const rows = report.differences.map((one) => ({ cells: [one.mailbox, one.folder, one.kind, one.subject, one.says] }))
  return markup`<h2>Differences</h2>\n${htmlTable(['Mailbox', 'Folder', 'Kind', 'Subject', 'What differs'], rows)}`
}

function numbers(figures: VerificationFigures): readonly number[] {
  return FIGURES.map((name) => figures[name])
}

function isBad(figures: VerificationFigures): boolean {
  return figures.missing + figures.extra + figures.different + figures.unexplained + figures.failed !== 0
}
