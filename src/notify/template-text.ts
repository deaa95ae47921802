import { isField, unknownFields, type Field, type FieldProblem, type Values } from './fields.ts'

/** Part of a message. Texts still hold their fields. */
export type Block = { readonly condition: Condition | null } & (
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Item[] }
  | { readonly kind: 'link'; readonly label: string; readonly to: string }
)
type Item = { readonly condition: Condition | null; readonly text: string }
/** Stands there only where the field is not empty, or only where it is. */
type Condition = { readonly field: Field; readonly filled: boolean }

export type TextTemplate = { readonly subject: string; readonly blocks: readonly Block[] }
export type ReadTemplate = { readonly template: TextTemplate; readonly problems: readonly FieldProblem[] }

const MARK = /^\{\{\s*([?!])\s*(\w+)\s*\}\}\s*/
const BULLET = /^(-|\d{1,2}\.)\s+(.*)$/
const LINK = /^\[([^\]]+)\]\(([^()\s]+|\{\{\s*\w+\s*\}\})\)$/

/**
 * Reads a template: `Subject: …` on its first line, then paragraphs with empty lines between them, `# heading`, `- item`, `1. step`, and
 * `[label](address)` alone on a line; lines of a paragraph stay lines. `{{?field}}` at the beginning of one of these leaves it out where the field is empty, `{{!field}}` where it is not.
 * All problems at once, each with its line.
 */
export function readTextTemplate(text: string): ReadTemplate {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const problems: FieldProblem[] = [...unknownFields(lines.join('\n'))]
  const [, subject = ''] = /^Subject:\s*(.*)$/i.exec(lines[0] ?? '') ?? []
  if (subject.trim() === '') problems.push({ line: 1, says: 'the first line must be "Subject: " and the subject' })
  const blocks: Block[] = []
  let open: Block | null = null
  const close = (): void => {
    if (open !== null) blocks.push(open)
    open = null
  }
  for (const [at, raw] of lines.slice(1).entries()) {
    const line = raw.trim()
    if (line === '') {
      close()
      continue
    }
    const { condition, rest } = conditionOf(line)
    if (/\{\{\s*[?!]/.test(rest.replace(BULLET, (_, __, item: string) => conditionOf(item).rest)))
      problems.push({ line: at + 2, says: 'a condition ({{?field}} or {{!field}}) stands at the beginning of a paragraph or an item' })
    const bullet = BULLET.exec(rest)
    const link = LINK.exec(rest)
    if (bullet !== null) {
      const [, sign = '-', whole = ''] = bullet
      const ordered = sign !== '-'
      const item = conditionOf(whole)
      if (open?.kind !== 'list' || open.ordered !== ordered) close()
      const items: readonly Item[] = open?.kind === 'list' ? open.items : []
      open = { kind: 'list', condition: null, ordered, items: [...items, { condition: item.condition ?? condition, text: item.rest }] }
    } else if (link !== null) {
      close()
      blocks.push({ kind: 'link', condition, label: link[1] ?? '', to: link[2] ?? '' })
    } else if (rest.startsWith('# ')) {
      close()
      blocks.push({ kind: 'heading', condition, text: rest.slice(2).trim() })
    } else open = continued(open, condition, rest, close)
  }
  close()
  if (blocks.length === 0) problems.push({ line: Math.max(2, lines.length), says: 'no text follows the subject' })
  return { template: { subject: subject.trim(), blocks }, problems: problems.toSorted((a, b) => a.line - b.line) }
}

/** A line goes on with what is open: an item of a list that is indented, or a paragraph. */
function continued(open: Block | null, condition: Condition | null, text: string, close: () => void): Block {
  if (open?.kind === 'list' && condition === null) {
    const last = open.items.at(-1)
    return { ...open, items: [...open.items.slice(0, -1), { condition: last?.condition ?? null, text: `${last?.text ?? ''} ${text}` }] }
  }
  if (open?.kind === 'paragraph' && condition === null) return { ...open, text: `${open.text}\n${text}` }
  close()
  return { kind: 'paragraph', condition, text }
}

function conditionOf(line: string): { readonly condition: Condition | null; readonly rest: string } {
  const [whole = '', sign, name = ''] = MARK.exec(line) ?? []
  if (sign === undefined || !isField(name)) return { condition: null, rest: line.slice(whole.length) }
  return { condition: { field: name, filled: sign === '?' }, rest: line.slice(whole.length) }
}

/** What is left of it for these values. */
export function blocksFor(blocks: readonly Block[], values: Values): readonly Block[] {
  const holds = (condition: Condition | null): boolean => condition === null || (values[condition.field] !== '') === condition.filled
  return blocks
    .filter(({ condition }) => holds(condition))
    .map((block) => (block.kind === 'list' ? { ...block, items: block.items.filter(({ condition }) => holds(condition)) } : block))
    .filter((block) => block.kind !== 'list' || block.items.length > 0)
}
