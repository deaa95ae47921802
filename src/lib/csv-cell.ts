/**
 * A cell that a spreadsheet would run (OWASP: CSV injection); blanks and invisible characters before the sign do not help it through.
 * Apostrophes before it are those that `inert` put there.
 */
const FORMULA = /^'*(?:[\s\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n])/u

/** The text as a spreadsheet takes it for text: one apostrophe before what would be a formula. `original` takes it away again, exactly. */
export function inert(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}

/** What `inert` was given. Apostrophes before anything else belong to the text. */
export function original(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell
}

/** One line of a CSV file without its end; quotes are put where RFC 4180 wants them, and where blanks at the ends would be lost. */
export function csvLine(cells: readonly string[], delimiter = ','): string {
  return cells.map((cell) => quoted(cell, delimiter)).join(delimiter)
}

function quoted(text: string, delimiter: string): string {
  // NUL ends the field for some readers.
  const clean = text.replaceAll('\0', '\uFFFD')
  return clean.includes(delimiter) || /[",;\t\r\n]|^\s|\s$/.test(clean) ? `"${clean.replaceAll('"', '""')}"` : clean
}
