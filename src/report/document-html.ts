import { createHash } from 'node:crypto'
import type { Block, Cell, ReportDocument, ReportTable } from './document.ts'
import { formatOf } from './format.ts'
import type { Format } from './format.ts'
import { Html, markup } from './html.ts'
import { DOCUMENT_STYLE } from './html-style.ts'
import { filled } from './phrase.ts'
import { PRINTER } from './printer-phrases.ts'

/**
 * The document as a page that loads nothing and runs nothing, so that it may be sent by mail and opened anywhere; on paper it has margins,
 * page numbers and its name at the head of each page. Same document, same bytes.
 */
export function documentHtml(report: ReportDocument): string {
  const format = formatOf(report.language, report.timeZone)
  const says = PRINTER[report.language]
  const style =
    DOCUMENT_STYLE + pageRule([report.customer, report.title].filter((text) => text !== null).join(' · '), says.page, report.wide)
  const digest = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`
  const made = filled(says.made, format, { at: format.instant(report.madeAt), zone: report.timeZone })
  return markup`<!doctype html>
<html lang="${report.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${report.title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<header>
${logo(report)}<h1 dir="auto">${report.title}</h1>
${optional(report.subtitle, 'subtitle')}${optional(report.customer === null ? null : filled(says.customer, format, { customer: report.customer }), 'customer')}<p class="made">${made}</p>
</header>
<main>
${report.blocks.map((block) => blockHtml(block, format, report))}</main>
</body>
</html>
`.text
}

/** Names in CSS, which markup's escaping is not made for: nothing but letters and digits stands there as itself. */
function pageRule(header: string, page: string, wide: boolean): string {
  const css = (text: string): string =>
    Array.from(text.toWellFormed(), (char) => (/^[A-Za-z0-9]$/.test(char) ? char : escapedCss(char))).join('')
  return `@page { size: A4 ${wide ? 'landscape' : 'portrait'}; @top-left { content: "${css(header)}"; } @bottom-right { content: "${css(page)} " counter(page) " / " counter(pages); } }\n`
}

function escapedCss(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return `\\${(code < 0x20 ? 0xff_fd : code).toString(16)} `
}

function logo({ logo, customer }: ReportDocument): Html {
  if (logo === null) return markup``
  const type = { png: 'image/png', jpeg: 'image/jpeg', svg: 'image/svg+xml' }[logo.type]
  // A picture in <img> runs no scripts and loads nothing, whatever an SVG holds.
  return markup`<img class="logo" alt="${customer}" src="data:${type};base64,${Buffer.from(logo.bytes).toString('base64')}">\n`
}

function optional(text: string | null, name: string): Html {
  return text === null ? markup`` : markup`<p class="${name}" dir="auto">${text}</p>\n`
}

function blockHtml(block: Block, format: Format, report: ReportDocument): Html {
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? markup`<h2 dir="auto">${block.text}</h2>\n` : markup`<h3 dir="auto">${block.text}</h3>\n`
    case 'text':
      return markup`<p dir="auto">${block.text}</p>\n`
    case 'verdict':
      return markup`<p class="verdict ${block.tone}" dir="auto">${block.text}</p>\n`
    case 'list':
      return markup`<ul>${block.items.map((item) => markup`<li dir="auto">${item}</li>`)}</ul>\n`
    case 'figures':
      return markup`<dl class="figures">${block.figures.map(
        ({ label, value, tone }) => markup`<div class="${tone}"><dd>${value}</dd><dt>${label}</dt></div>`,
      )}</dl>\n`
    case 'pairs':
      return markup`<table class="pairs"><tbody>\n${block.pairs.map(
        ({ label, value }) => markup`<tr><th scope="row">${label}</th><td dir="auto">${value}</td></tr>\n`,
      )}</tbody></table>\n`
    case 'bars':
      return markup`<table class="bars"><tbody>\n${block.bars.map(bar)}</tbody></table>\n`
    case 'table':
      return table(block, format)
    case 'timeline':
      return markup`<table class="timeline"><tbody>\n${block.entries.map(
        ({ at, says, tone }) => markup`<tr class="${tone}"><th scope="row">${format.instant(at)}</th><td dir="auto">${says}</td></tr>\n`,
      )}</tbody></table>\n`
    case 'signatures':
      return markup`<table class="signatures"><tbody>\n${block.lines.map(
        ({ role, name }) =>
          markup`<tr><th scope="row">${role}</th><td><span>${name}</span><small>${PRINTER[report.language]['name-and-date']}</small></td><td><span></span><small>${PRINTER[report.language].signature}</small></td></tr>\n`,
      )}</tbody></table>\n`
    case 'page-break':
  }
  return markup`<div class="page-break"></div>\n`
}

function bar({ label, value, share, tone }: { label: string; value: string; share: number; tone: string }): Html {
  const width = (Math.min(1, Math.max(0, share)) * 100).toFixed(1)
  const drawn = markup`<svg class="${tone}" width="100%" height="10" aria-hidden="true"><rect class="ground" width="100%" height="10"/><rect width="${width}%" height="10"/></svg>`
  return markup`<tr><th scope="row" dir="auto">${label}</th><td>${drawn}</td><td class="number">${value}</td></tr>\n`
}

function table({ columns, rows, empty }: ReportTable, format: Format): Html {
  if (rows.length === 0) return markup`<p class="empty">${empty}</p>\n`
  const sides = columns.map((column) => (column.align === 'right' ? 'number' : 'text'))
  const head = columns.map((column, at) => markup`<th scope="col" class="${sides[at] ?? 'text'}">${column.label}</th>`)
  const body = rows.map(
    ({ cells, tone }) => markup`<tr class="${tone}">${cells.map((cell, at) => td(cell, sides[at] ?? 'text', format))}</tr>\n`,
  )
  const parts = columns.reduce((sum, { width }) => sum + width, 0)
  const cols = columns.map(({ width }) => markup`<col width="${((width / parts) * 100).toFixed(1)}%">`)
  return markup`<div class="scroll"><table class="data">
<colgroup>${cols}</colgroup>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`
}

function td(cell: Cell, side: string, format: Format): Html {
  return markup`<td class="${side}" dir="auto">${format.cell(cell)}</td>`
}
