import { isAbsolute, resolve } from 'node:path'
import { isMap, isNode, isScalar, parseDocument, visit } from 'yaml'
import type { Node, Pair, YAMLMap } from 'yaml'
import type { Column } from './list-columns.ts'
import { COLUMNS } from './list-columns.ts'
import { edited, scalarText, type Edit } from './text-edits.ts'
import type { Path } from './yaml-file.ts'

/** Where a path of a file stands; one that begins with `file:` may stand anywhere. */
const PATH_FIELDS: readonly Path[] = [
  ['messages', 'folder'],
  ['tenant', 'certificate'],
  ['tenant', 'key'],
  ['project', 'logo'],
  ['source', 'access', 'certificate'],
  ['source', 'ca_file'],
  ['switch', 'ca_file'],
]

/**
 * The text of a definition so that it means the same from another directory: paths are whole, and its mailboxes are in the list `list`
 * beside it. Everything else stays as it was written. It must be valid.
 */
export function rehomed(text: string, from: string, list: string | null): string {
  const document = parseDocument(text)
  const paths = new Set(PATH_FIELDS.map((path) => document.getIn(path, true)))
  const mailboxes = document.get('mailboxes')
  const listed = list === null || !isMap(mailboxes) ? undefined : (pairOf(mailboxes, 'entries') ?? pairOf(mailboxes, 'list'))
  const edits: Edit[] = []
  if (list !== null && listed !== undefined) {
    const place = placeOf(text, listed)
    // What is noted beside the key; beside a list it stands behind its name.
    const [, note = ''] = /^entries:([ \t]+#[^\n]*)\n/.exec(text.slice(place.start, place.end)) ?? []
    edits.push({ ...place, text: `list: ${list}${note}` })
  }
  visit(document, {
    Pair: (_, pair) => (pair === listed ? visit.SKIP : undefined),
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return
      const whole = paths.has(node) ? wholePath(node.value, from) : wholePlace(node.value, from)
      const [start = 0, end = 0] = node.range ?? []
      if (whole !== node.value) edits.push({ start, end, text: scalarText(whole) })
    },
  })
  return edited(text, edits)
}

/** `file:PATH` with a whole path; anything else as it is. */
export function wholePlace(place: string, from: string): string {
  const [, path] = /^file:\s*(\S.*)$/.exec(place) ?? []
  return path === undefined ? place : `file:${wholePath(path.trim(), from)}`
}

function wholePath(path: string, from: string): string {
  const bare = path.replace(/^file:/, '').trim()
  return isAbsolute(bare) ? bare : resolve(from, bare)
}

/** The text with its mailboxes in itself, in place of the list: one line each. */
export function withEntries(text: string, records: readonly ReadonlyMap<Column, string>[]): string {
  const mailboxes = parseDocument(text).get('mailboxes')
  const listed = isMap(mailboxes) ? pairOf(mailboxes, 'list') : undefined
  const entries = records.map((record) => {
    const cells = COLUMNS.flatMap((column) => (record.has(column) ? [`${column}: ${scalarText(record.get(column) ?? '')}`] : []))
    return `{ ${cells.join(', ')} }`
  })
  if (!isMap(mailboxes) || listed === undefined) return text
  const place = placeOf(text, listed)
  if (mailboxes.flow === true) return edited(text, [{ ...place, text: `entries: [\n    ${entries.join(',\n    ')}\n  ]` }])
  const indent = columnOf(text, place.start)
  const [note = ''] = /^[ \t]+#[^\n]*/.exec(text.slice(place.end)) ?? []
  return edited(text, [
    {
      start: place.start,
      end: place.end + note.length,
      text: `entries:${note}${entries.map((entry) => `\n${indent}  - ${entry}`).join('')}`,
    },
  ])
}

/** The text with another value at a path, in a mapping that is there; undefined takes the key away. */
export function withValue(text: string, path: Path, value: string | undefined): string {
  const document = parseDocument(text)
  const mapping = document.getIn(path.slice(0, -1))
  const key = String(path.at(-1))
  if (!isMap(mapping)) return text
  const pair = pairOf(mapping, key)
  if (pair === undefined) return value === undefined ? text : edited(text, [addition(text, mapping, `${key}: ${scalarText(value)}`)])
  const place = placeOf(text, pair)
  if (value === undefined) return edited(text, [removal(text, place, mapping)])
  return edited(text, [{ ...place, text: `${key}: ${scalarText(value)}` }])
}

function addition(text: string, mapping: YAMLMap, entry: string): Edit {
  const start = startOf(mapping.items[0]?.key) ?? mapping.range?.[1] ?? text.length
  const after = mapping.flow === true ? ', ' : `\n${columnOf(text, start)}`
  return { start, end: start, text: `${entry}${mapping.items.length === 0 ? '' : after}` }
}

function removal(text: string, { start, end }: Place, mapping: YAMLMap): Edit {
  if (mapping.flow === true) {
    const [behind = ''] = /^\s*,\s*/.exec(text.slice(end)) ?? []
    const [before = ''] = behind === '' ? (/,\s*$/.exec(text.slice(0, start)) ?? []) : []
    return { start: start - before.length, end: end + behind.length, text: '' }
  }
  // Its line goes with it, and what is noted there; where it begins an entry of a list ("- key: …") the next key moves up to it.
  const lineEnd = text.indexOf('\n', end)
  const next = lineEnd < 0 ? text.length : lineEnd + 1
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const isAlone = /^\s*$/.test(text.slice(lineStart, start))
  return { start: isAlone ? lineStart : start, end: isAlone ? next : next + (/^ */.exec(text.slice(next))?.[0].length ?? 0), text: '' }
}

type Place = { readonly start: number; readonly end: number }

/** From the key to the end of its value, without what is noted behind it. */
function placeOf(text: string, pair: Pair): Place {
  const start = startOf(pair.key) ?? 0
  const end = isNode(pair.value) ? (pair.value.range?.[1] ?? start) : start
  return { start, end: start + text.slice(start, end).trimEnd().length }
}

function pairOf(mapping: YAMLMap, key: string): Pair | undefined {
  return mapping.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node satisfies Node).range?.[0] : undefined
}

/** Blanks up to where something stands on its line. */
function columnOf(text: string, at: number): string {
  return ' '.repeat(at - (text.lastIndexOf('\n', at - 1) + 1))
}
