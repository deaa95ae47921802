import { filled, type Values } from './fields.ts'
import { blocksFor, type Block, type TextTemplate } from './template-text.ts'

const WIDTH = 72

/** The message for mail programs that show no HTML, in lines of at most 72 columns; addresses of pages are never broken. */
export function plainText({ blocks }: TextTemplate, values: Values): string {
  const parts = blocksFor(blocks, values).map((block) => partOf(block, values))
  return `${parts.join('\n\n')}\n`
}

function partOf(block: Block, values: Values): string {
  if (block.kind === 'link') return `${filled(block.label, values)}:\n${filled(block.to, values)}`
  if (block.kind === 'heading') {
    const text = filled(block.text, values)
    return `${text}\n${'-'.repeat(Math.min(WIDTH, Array.from(text).length))}`
  }
  if (block.kind === 'paragraph')
    return block.text
      .split('\n')
      .flatMap((line) => wrapped(filled(line, values), WIDTH))
      .join('\n')
  return block.items
    .map(({ text }, at) => {
      const sign = block.ordered ? `${at + 1}. ` : '- '
      const lines = wrapped(filled(text, values), WIDTH - sign.length)
      return lines.map((line, of) => `${of === 0 ? sign : ' '.repeat(sign.length)}${line}`).join('\n')
    })
    .join('\n')
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  // A no-break space keeps what belongs together on one line (French colons).
  for (const word of text.split(/[ \t]+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && Array.from(longer).length > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}
