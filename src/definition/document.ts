import { isAbsolute, resolve } from 'node:path'
import { isMap, isScalar, parseDocument, Scalar, visit, YAMLMap, type Document } from 'yaml'
import type { Column } from './list-columns.ts'
import { COLUMNS } from './list-columns.ts'
import type { Path } from './yaml-file.ts'

/** Where a path of a file stands; one that begins with `file:` may stand anywhere. */
const PATH_FIELDS: readonly Path[] = [
  ['tenant', 'certificate'],
  ['tenant', 'key'],
  ['project', 'logo'],
  ['source', 'access', 'certificate'],
  ['source', 'ca_file'],
  ['switch', 'ca_file'],
]

/**
 * The text of a definition so that it means the same from another directory: paths are whole, and its mailboxes are in the list `list`
 * beside it. Comments and the order of the keys stay. It must be valid.
 */
export function rehomed(text: string, from: string, list: string | null): string {
  const document = parseDocument(text)
  for (const path of PATH_FIELDS) {
    const given = document.getIn(path)
    if (typeof given === 'string') document.setIn(path, wholePath(given, from))
  }
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return
      node.value = wholePlace(node.value, from)
    },
  })
  const mailboxes = document.get('mailboxes')
  if (list !== null && isMap(mailboxes)) {
    for (const pair of mailboxes.items) {
      if (!isScalar(pair.key) || (pair.key.value !== 'entries' && pair.key.value !== 'list')) continue
      pair.key.value = 'list'
      const note = isScalar(pair.value) ? pair.value.comment : null
      pair.value = Object.assign(new Scalar(list), note === null || note === undefined ? {} : { comment: note })
    }
    // `mailboxes: { list: … }` without anything else.
    mailboxes.flow &&= mailboxes.items.length < 2
  }
  return written(document)
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
  const document = parseDocument(text)
  const entries = document.createNode(
    records.map((record) =>
      Object.fromEntries(COLUMNS.flatMap((column) => (record.get(column) === undefined ? [] : [[column, record.get(column)]]))),
    ),
  )
  for (const entry of entries.items) if (isMap(entry)) entry.flow = true
  const mailboxes = document.get('mailboxes')
  if (!isMap(mailboxes)) {
    document.set('mailboxes', document.createNode({ entries }))
    return written(document)
  }
  const listed = mailboxes.items.find(({ key }) => isScalar(key) && key.value === 'list')
  if (listed === undefined || !isScalar(listed.key)) mailboxes.set('entries', entries)
  else {
    listed.key.value = 'entries'
    listed.value = entries
  }
  mailboxes.flow = false
  return written(document)
}

/** The text with another value at a path; undefined takes the key away. */
export function withValue(text: string, path: Path, value: string | undefined): string {
  const document = parseDocument(text)
  if (value === undefined) document.deleteIn(path)
  else {
    const node = document.getIn(path, true)
    // Its comment stays.
    if (isScalar(node)) node.value = value
    else {
      if (!(document.getIn(path.slice(0, -1)) instanceof YAMLMap)) document.setIn(path.slice(0, -1), new YAMLMap())
      document.setIn(path, value)
    }
  }
  return written(document)
}

function written(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}
