import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { ReportDocument } from './document.ts'
import { formatOf } from './format.ts'
import { DARK, GREY, INK, leastHeight, pdfBlock } from './pdf-blocks.ts'
import { pdfLogo } from './pdf-logo.ts'
import { PdfText } from './pdf-text.ts'
import { filled } from './phrase.ts'
import { PRINTER } from './printer-phrases.ts'

const TOP = 58

/**
 * The document as PDF, A4. Same document, same bytes. It loads nothing from anywhere, and pdfmake is loaded at the first call only.
 * Letters that its fonts lack (Arabic, Hebrew, Chinese, Japanese …) are shown as U+FFFD, and the document says so; a logo that cannot be
 * drawn is left out.
 */
export async function documentPdf(report: ReportDocument): Promise<Uint8Array> {
  const { default: pdfmake } = await import('pdfmake')
  const fonts = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')
  const font = (name: string): string => join(fonts, `Roboto-${name}.ttf`)
  const allowed = ['Regular', 'Medium', 'Italic', 'MediumItalic'].map(font)
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => allowed.includes(path))
  pdfmake.setFonts({
    Roboto: { normal: font('Regular'), bold: font('Medium'), italics: font('Italic'), bolditalics: font('MediumItalic') },
  })
  try {
    return await pdfmake.createPdf(definitionOf(report)).getBuffer()
  } catch (error) {
    if (report.logo === null) throw error
    // A picture that only its decoder can tell to be broken.
    return pdfmake.createPdf(definitionOf({ ...report, logo: null })).getBuffer()
  }
}

function definitionOf(report: ReportDocument): TDocumentDefinitions {
  const { language, timeZone, title, subtitle, customer, madeAt } = report
  const format = formatOf(language, timeZone)
  const says = PRINTER[language]
  const text = new PdfText()
  // A4 without its margins.
  const width = report.wide ? 752 : 505
  const made = filled(says.made, format, { at: format.instant(madeAt), zone: timeZone })
  const running = text.line([customer, title].filter((part) => part !== null && part !== '').join(' · '), 110)
  const logo = pdfLogo(report.logo)
  const head: Content[] = [
    ...(logo === null ? [] : [logo]),
    { text: text.line(title, 200), fontSize: 22, bold: true, color: DARK },
    ...(subtitle === null
      ? []
      : [{ text: text.line(subtitle, 400), fontSize: 11.5, color: GREY, margin: [0, 2, 0, 0] as [number, number, number, number] }]),
    ...(customer === null
      ? []
      : [
          {
            text: text.line(filled(says.customer, format, { customer }), 300),
            bold: true,
            margin: [0, 8, 0, 0] as [number, number, number, number],
          },
        ]),
    { text: text.line(made), color: GREY, margin: [0, 1, 0, 6] },
    { canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 2, lineColor: '#1d4e89' }], margin: [0, 0, 0, 8] },
  ]
  const blocks = report.blocks.map((block, at) => pdfBlock(block, { format, text, width, room: roomAfter(report.blocks, at) }))
  const note: Content[] = text.missing
    ? [{ text: text.line(says['not-shown'], 1000), color: GREY, fontSize: 8, margin: [0, 14, 0, 0] }]
    : []
  return {
    pageSize: 'A4',
    pageOrientation: report.wide ? 'landscape' : 'portrait',
    pageMargins: [45, TOP, 45, 48],
    info: { title, author: customer ?? '', creator: 'cutover', producer: 'cutover', creationDate: new Date(madeAt) },
    language,
    displayTitle: true,
    defaultStyle: { font: 'Roboto', fontSize: 9, color: INK, lineHeight: 1.15 },
    images: report.logo !== null && report.logo.type !== 'svg' && logo !== null ? { logo: dataUrl(report.logo) } : {},
    header: (page) =>
      page === 1
        ? ''
        : {
            stack: [
              { text: running, fontSize: 7.5, color: GREY },
              { canvas: [{ type: 'line', x1: 0, y1: 2, x2: width, y2: 2, lineWidth: 0.5, lineColor: '#d5dde6' }] },
            ],
            margin: [45, 28, 45, 0],
          },
    footer: (page, pages) => ({
      columns: [
        { text: text.line(made), alignment: 'left' },
        { text: filled(says['page-of'], format, { page, pages }), alignment: 'right' },
      ],
      fontSize: 7.5,
      color: GREY,
      margin: [45, 14, 45, 0],
    }),
    // A heading at the foot of a page goes over with what it heads: its level is the height that must be left for both.
    pageBreakBefore: ({ headlineLevel, startPosition: { top, pageInnerHeight } }) =>
      headlineLevel !== undefined && top + headlineLevel > TOP + pageInnerHeight,
    content: [...head, ...blocks, ...note],
  }
}

/** How many points a heading and what it heads need at least, to stand on one page. */
function roomAfter(blocks: ReportDocument['blocks'], at: number): number {
  let room = 40
  for (const block of blocks.slice(at + 1)) {
    if (block.kind !== 'text') return room + leastHeight(block)
    room += 28
  }
  return room
}

function dataUrl({ type, bytes }: NonNullable<ReportDocument['logo']>): string {
  return `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`
}
