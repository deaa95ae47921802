import type { Language } from '../model/language.ts'
import type { Values } from './fields.ts'
import { blocksFor, type Block, type TextTemplate } from './template-text.ts'

const FONT = "'Segoe UI', 'Helvetica Neue', Helvetica, Arial, sans-serif"
const INK = '#242424'
const ACCENT = '#0f548c'

/**
 * The MJML of a text, in which its fields still stand. Same text and same fields that are empty: same page, so that it is made into
 * HTML once for many people. `logo`: the picture is shown; else the customer's name.
 */
export function mjmlPage({ subject, blocks }: TextTemplate, values: Values, language: Language, logo: boolean): string {
  const body = grouped(blocksFor(blocks, values))
  const head = logo
    ? `<mj-image src="{{logo}}" alt="{{customer}}" align="left" width="160px" padding="24px 32px 8px" />`
    : `<mj-text font-size="18px" font-weight="600" color="${ACCENT}" padding="24px 32px 8px">{{customer}}</mj-text>`
  return `<mjml lang="${language}">
<mj-head>
<mj-title>${escaped(subject)}</mj-title>
<mj-attributes>
<mj-all font-family="${FONT}" />
<mj-text font-size="15px" line-height="1.5" color="${INK}" padding="8px 32px" />
<mj-button background-color="${ACCENT}" color="#ffffff" font-size="15px" border-radius="4px" align="left" padding="12px 32px" inner-padding="12px 24px" />
</mj-attributes>
<mj-style inline="inline">h2{font-size:17px;line-height:1.3;margin:20px 0 8px;color:${ACCENT}} p{margin:0 0 12px} ol,ul{margin:0 0 12px;padding-left:24px} li{margin:0 0 8px}</mj-style>
</mj-head>
<mj-body background-color="#f3f4f6" width="640px">
<mj-section padding="12px" />
<mj-section background-color="#ffffff" padding="0 0 20px" border-radius="8px">
<mj-column>
${head}
<mj-divider border-width="1px" border-color="#d8dce2" padding="4px 32px 12px" />
${body}
</mj-column>
</mj-section>
<mj-section padding="12px" />
</mj-body>
</mjml>`
}

/** Blocks that stand in one text, and buttons between them. */
function grouped(blocks: readonly Block[]): string {
  const parts: string[] = []
  let text: string[] = []
  const flush = (): void => {
    if (text.length > 0) parts.push(`<mj-text>${text.join('\n')}</mj-text>`)
    text = []
  }
  for (const block of blocks) {
    if (block.kind === 'link') {
      flush()
      parts.push(`<mj-button href="${escaped(block.to)}">${escaped(block.label)}</mj-button>`)
    } else text.push(partOf(block))
  }
  flush()
  return parts.join('\n')
}

function partOf(block: Block): string {
  if (block.kind === 'link') return `<p><a href="${escaped(block.to)}">${escaped(block.label)}</a></p>`
  if (block.kind === 'heading') return `<h2>${escaped(block.text)}</h2>`
  if (block.kind === 'paragraph') return `<p>${block.text.split('\n').map(inline).join('<br />')}</p>`
  const tag = block.ordered ? 'ol' : 'ul'
  return `<${tag}>${block.items.map(({ text }) => `<li>${inline(text)}</li>`).join('')}</${tag}>`
}

/** The one address that is told within sentences can be clicked. */
function inline(text: string): string {
  return escaped(text).replaceAll(/\{\{\s*webmail\s*\}\}/g, '<a href="{{webmail}}">{{webmail}}</a>')
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
