/** A table as CSV that spreadsheets read as text alone: RFC 4180 quoting, CRLF, a BOM so that umlauts arrive, no formulas. Lazy: a row at a time. */
export function* csv(columns: readonly string[], rows: Iterable<readonly (string | number | null)[]>): Generator<string> {
  yield `\uFEFF${line(columns)}`
  for (const row of rows) yield line(row)
}

function line(fields: readonly (string | number | null)[]): string {
  return `${fields.map((field) => (typeof field === 'number' ? `${field}` : quoted(unarmed(field ?? '')))).join(',')}\r\n`
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * A subject that begins like a formula is run as one by a spreadsheet, which can send away what stands in the other cells (OWASP: CSV
 * injection): an apostrophe before it makes it text. Blanks before the sign do not help it through. NUL would end the field for some readers.
 */
function unarmed(text: string): string {
  const clean = text.replaceAll('\0', '\uFFFD')
  return /^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(clean) ? `'${clean}` : clean
}
