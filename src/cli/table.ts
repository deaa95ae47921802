import { cut, padded, widthOf } from './printable.ts'

export type Column = {
  readonly title: string
  readonly side: 'left' | 'right'
  /** This one gives way when the table is too wide. */
  readonly shrinks?: boolean
}

/** Lines of a table that is at most `columns` wide. Cells are expected to be printable already. */
export function table(head: readonly Column[], rows: readonly (readonly string[])[], columns: number): readonly string[] {
  const widths = head.map((column, at) => Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[at] ?? ''))))
  const gaps = 2 * (head.length - 1)
  let over = widths.reduce((sum, width) => sum + width, gaps) - columns
  const shrinking = head.map((column, at) => (column.shrinks === true ? at : -1)).filter((at) => at >= 0)
  while (over > 0) {
    const widest = shrinking.reduce((best, at) => ((widths[at] ?? 0) > (widths[best] ?? 0) ? at : best), shrinking[0] ?? -1)
    const width = widths[widest]
    if (width === undefined || width <= 8) break
    const other = Math.max(8, ...shrinking.filter((at) => at !== widest).map((at) => widths[at] ?? 0))
    const step = Math.max(1, Math.min(over, width - other, width - 8))
    widths[widest] = width - step
    over -= step
  }
  const line = (cells: readonly string[]): string =>
    head
      .map((column, at) => padded(cut(cells[at] ?? '', widths[at] ?? 0), widths[at] ?? 0, column.side))
      .join('  ')
      .trimEnd()
  return [line(head.map((column) => column.title)), ...rows.map(line)]
}
