import { CLOSEOUT } from './closeout-words.ts'
import type { Cell, ReportOptions, ReportTable } from './document.ts'
import { formatOf } from './format.ts'
import { filled } from './phrase.ts'

/** What was planned, and what came of it. Amounts in whole units of the currency, as they are written on an invoice. */
export type BudgetData = {
  readonly currency: string
  readonly base: number
  readonly perMailbox: number
  readonly mailboxes: { readonly planned: number; readonly actual: number }
  readonly hours: { readonly planned: number; readonly actual: number | null; readonly rate: number } | null
  readonly extras: readonly BudgetLine[]
  /** Beside the price: licences, tools. */
  readonly costs: readonly BudgetLine[]
}

/** `actual` null: nothing was told. */
export type BudgetLine = { readonly says: string; readonly planned: number; readonly actual: number | null }

type Line = { readonly says: string; readonly planned: number; readonly actual: number; readonly assumed: boolean }

/** Planned against actual; where nothing was told, the planned figure counts, and a star says so. */
export function budgetTable(data: BudgetData, { language, timeZone }: ReportOptions): ReportTable {
  const [says, format] = [CLOSEOUT[language], formatOf(language, timeZone)]
  const { base, perMailbox, mailboxes, hours, currency } = data
  const price: Line[] = [
    { says: says.base, planned: base, actual: base, assumed: false },
    {
      says: filled(says['per-mailbox'], format, { ...mailboxes, price: format.money(perMailbox, currency) }),
      planned: perMailbox * mailboxes.planned,
      actual: perMailbox * mailboxes.actual,
      assumed: false,
    },
    ...data.extras.map(lineOf),
  ]
  if (hours !== null) {
    const actual = hours.actual ?? hours.planned
    price.push({
      says: filled(says.hours, format, { planned: hours.planned, actual, price: format.money(hours.rate, currency) }),
      planned: hours.planned * hours.rate,
      actual: actual * hours.rate,
      assumed: hours.actual === null,
    })
  }
  const costs = data.costs.map(lineOf)
  const money = (amount: number): Cell => ({ money: amount, currency })
  const row = ({ says: what, planned, actual, assumed }: Line): ReportTable['rows'][number] => ({
    tone: actual > planned ? 'warning' : 'plain',
    cells: [assumed ? `${what} *` : what, money(planned), money(actual), money(actual - planned)],
  })
  return {
    kind: 'table',
    name: 'budget',
    columns: [
      { label: says.item, width: 5, align: 'left' },
      { label: says.plan, width: 1.6, align: 'right' },
      { label: says.actual, width: 1.6, align: 'right' },
      { label: says.difference, width: 1.6, align: 'right' },
    ],
    rows: [
      ...price.map(row),
      row(total(says['price-total'], price)),
      ...costs.map(row),
      ...(costs.length === 0 ? [] : [row(total(says['cost-total'], costs))]),
    ],
    empty: '',
  }
}

export function isAssumed({ hours, extras, costs }: BudgetData): boolean {
  return (hours !== null && hours.actual === null) || [...extras, ...costs].some(({ actual }) => actual === null)
}

function lineOf({ says, planned, actual }: BudgetLine): Line {
  return { says, planned, actual: actual ?? planned, assumed: actual === null }
}

/** In cents, so that no 0.1 + 0.2 stands on an invoice. */
function total(says: string, lines: readonly Line[]): Line {
  const sum = (of: (line: Line) => number): number => lines.reduce((all, line) => all + Math.round(of(line) * 100), 0) / 100
  return { says, planned: sum((line) => line.planned), actual: sum((line) => line.actual), assumed: false }
}
