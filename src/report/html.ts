import { createHash } from 'node:crypto'

/** Text that is HTML already. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | readonly Html[] | string | number | null

/** HTML with everything that is filled in escaped, except what is HTML already. Not called `html`: the formatter would reflow the text. */
export function markup(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(fixed.map((text, at) => text + (at < parts.length ? rendered(parts[at] ?? null) : '')).join(''))
}

function rendered(part: Part): string {
  if (part === null) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map((one) => one.text).join('')
  return escaped(`${part}`)
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
      // Control characters are no HTML, and the ones that turn the writing direction would make a subject read as another one.
      .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD')
  )
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
td { min-width: 3rem; max-width: 26rem; }
th { white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.bad td { background: #c0392b22; }
p.good { border-left: .3rem solid #2e8b57; padding-left: .6rem; } p.bad { border-left: .3rem solid #c0392b; padding-left: .6rem; }
`

/** A whole page that loads nothing and runs nothing: it may be sent by mail and opened anywhere. */
export function htmlPage(title: string, body: readonly Html[]): string {
  const style = createHash('sha256').update(STYLE).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`
  return page.text
}

/** A table; numbers stand right and are grouped by threes. Text may run in either direction. */
export function htmlTable(
  columns: readonly string[],
  rows: Iterable<{ readonly cells: readonly (string | number | null)[]; readonly bad?: boolean }>,
): Html {
  const body: Html[] = []
  let numeric: readonly boolean[] = []
  for (const { cells, bad } of rows) {
    if (numeric.length === 0) numeric = cells.map((cell) => typeof cell === 'number')
    const tds = cells.map((cell) =>
      typeof cell === 'number' ? markup`<td class="number">${grouped(cell)}</td>` : markup`<td dir="auto">${cell}</td>`,
    )
    body.push(bad === true ? markup`<tr class="bad">${tds}</tr>\n` : markup`<tr>${tds}</tr>\n`)
  }
  const head = columns.map((name, at) => (numeric[at] === true ? markup`<th class="number">${name}</th>` : markup`<th>${name}</th>`))
  return markup`<div class="scroll"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}
