import { causeOf } from './causes.ts'
import type { AcceptanceResult, CloseoutIssue, CloseoutTask, Deviation } from './closeout.ts'
import { CLOSEOUT } from './closeout-words.ts'
import type { Cell, ReportOptions, ReportTable } from './document.ts'
import { formatOf } from './format.ts'
import { filled } from './phrase.ts'
import { sideWord } from './timeline.ts'
import { WORDS } from './words.ts'

export function acceptanceTable(all: readonly AcceptanceResult[], { language, timeZone }: ReportOptions): ReportTable {
  const [says, words, format] = [CLOSEOUT[language], WORDS[language], formatOf(language, timeZone)]
  const told = (proofs: AcceptanceResult['proofs']): string => {
    const count = (wanted: boolean | null): number => proofs.filter(({ ok }) => ok === wanted).length
    const open = count(null)
    const held = filled(says.held, format, { held: count(true), all: proofs.length })
    return open === 0 ? held : `${held}; ${filled(says['not-made'], format, { open })}`
  }
  return {
    kind: 'table',
    name: 'acceptance',
    columns: [
      { label: says.criterion, width: 3, align: 'left' },
      { label: words.result, width: 2.4, align: 'left' },
      { label: words.evidence, width: 4.2, align: 'left' },
      { label: words.when, width: 1.9, align: 'left' },
    ],
    rows: all.map(({ id, title, outcome, waived, proofs, at }) => ({
      tone: outcome === 'passed' ? 'good' : waived !== null ? 'warning' : 'bad',
      cells: [
        criterion(id, title, language),
        outcome !== 'passed' && waived !== null ? filled(says.waived, format, waived) : says[outcome],
        proofs.length === 0 ? null : told(proofs),
        moment(at),
      ],
    })),
    empty: says['no-acceptance'],
  }
}

/** Every proof, for who wants to see it. */
export function proofTable(all: readonly AcceptanceResult[], { language }: ReportOptions): ReportTable {
  const [says, words] = [CLOSEOUT[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'proofs',
    columns: [
      { label: says.criterion, width: 3, align: 'left' },
      { label: says.about, width: 3, align: 'left' },
      { label: words.evidence, width: 5, align: 'left' },
      { label: words.result, width: 1.5, align: 'left' },
    ],
    rows: all.flatMap(({ id, title, proofs }) =>
      proofs.map(({ about, says: own, ok }) => ({
        tone: ok === false ? ('bad' as const) : ok === null ? ('warning' as const) : ('plain' as const),
        cells: [criterion(id, title, language), about, own, ok === null ? says['not-run'] : says[ok ? 'passed' : 'failed']],
      })),
    ),
    empty: says['no-acceptance'],
  }
}

function criterion(id: string, title: string, language: ReportOptions['language']): string {
  const says = CLOSEOUT[language]
  const name = (['access', 'moved', 'rules', 'mail', 'protection'] as const).find((one) => one === id)
  return name === undefined ? title : says[name]
}

const RANKS = { red: 0, yellow: 1, note: 2 } as const
const TONES = { red: 'bad', yellow: 'warning', note: 'plain' } as const

/** What is open first, the gravest first; codes are told in the language of the report. */
export function issueTable(all: readonly CloseoutIssue[], options: ReportOptions): ReportTable {
  const { language, timeZone } = options
  const [says, words, format] = [CLOSEOUT[language], WORDS[language], formatOf(language, timeZone)]
  const order = ({ state, severity }: CloseoutIssue): number => (state === 'open' ? 0 : 3) + RANKS[severity]
  const told = ({ code, count, says: own, about }: CloseoutIssue): string => {
    if (code === null) return own
    const many = count === null ? '' : `, ${filled(says.messages, format, { count })}`
    return `${about}${many}: ${causeOf(code, language).cause}`
  }
  return {
    kind: 'table',
    name: 'issues',
    columns: [
      { label: words.what, width: 3.6, align: 'left' },
      { label: words['what-to-do'], width: 3.4, align: 'left' },
      { label: says.severity, width: 1.4, align: 'left' },
      { label: words.who, width: 1.6, align: 'left' },
      { label: words.due, width: 1.4, align: 'left' },
      { label: words.state, width: 1.6, align: 'left' },
    ],
    rows: all
      .toSorted((a, b) => order(a) - order(b))
      .map((one) => ({
        tone: one.state === 'open' ? TONES[one.severity] : 'plain',
        cells: [
          told(one),
          one.code === null ? one.todo : causeOf(one.code, language).remedy,
          says[one.severity],
          one.owner === null ? null : sideWord(one.owner, options),
          one.dueAt === null ? null : { day: one.dueAt },
          one.state === 'accepted' ? filled(words.accepted, format, { name: one.by ?? words.unknown }) : words.open,
        ],
      })),
    empty: says['no-issues'],
  }
}

export function deviationTable(all: readonly Deviation[], { language, timeZone }: ReportOptions): ReportTable {
  const [says, words, format] = [CLOSEOUT[language], WORDS[language], formatOf(language, timeZone)]
  const told = ({ kind, says: own, from, to, reason }: Deviation): string => {
    const date = (at: number | null): string => (at === null ? says['no-date'] : format.instant(at))
    const what = kind === 'postponed' && (from !== null || to !== null) ? `${date(from)} → ${date(to)}` : own
    return reason === null ? what : `${what}. ${reason}`.replace('..', '.')
  }
  return {
    kind: 'table',
    name: 'deviations',
    columns: [
      { label: words.what, width: 2, align: 'left' },
      { label: words.reason, width: 4.5, align: 'left' },
      { label: words.who, width: 1.7, align: 'left' },
      { label: words.when, width: 1.9, align: 'left' },
    ],
    rows: all.map((one) => ({ tone: 'plain', cells: [says[`${one.kind}-kind`], told(one), one.who, moment(one.at)] })),
    empty: says['no-deviations'],
  }
}

export function taskTable(all: readonly CloseoutTask[], options: ReportOptions): ReportTable {
  const [says, words] = [CLOSEOUT[options.language], WORDS[options.language]]
  const signed = ({ signsOff, signedOff }: CloseoutTask): string | null => {
    if (signedOff === null) return signsOff ? words.open : null
    return `${signedOff.name}, ${formatOf(options.language, options.timeZone).day(signedOff.at)}`
  }
  return {
    kind: 'table',
    name: 'responsibilities',
    columns: [
      { label: says.task, width: 4.6, align: 'left' },
      { label: says.side, width: 1.7, align: 'left' },
      { label: words.who, width: 1.7, align: 'left' },
      { label: words.due, width: 1.4, align: 'left' },
      { label: says['signed-off'], width: 2, align: 'left' },
    ],
    rows: all.map((task) => ({
      tone: task.signsOff && task.signedOff === null ? 'warning' : 'plain',
      cells: [task.says, sideWord(task.side, options), task.owner, task.dueAt === null ? null : { day: task.dueAt }, signed(task)],
    })),
    empty: says['no-tasks'],
  }
}

function moment(at: number | null): Cell {
  return at === null ? null : { instant: at }
}
