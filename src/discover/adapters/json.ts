import { accountIn, isKnown } from '../column-names.ts'
import { columnName } from '../columns.ts'
import type { Found, Problem, Reading } from '../found.ts'
import { isObject, jsonDocuments } from '../json.ts'
import type { Listing, ListingFile } from '../listing.ts'

/** How deep a list may be wrapped: {"data": {"users": [...]}}. */
const DEEPEST = 4

/** Any JSON with a list of objects that have an address or a login: answers of APIs of which nothing else is known. */
export const json: Listing = {
  name: 'json',
  title: 'JSON (fields told by their names)',
  command: "aws workmail list-users --organization-id ...   or the answer of a mail server's API",
  file: {
    recognises: ({ text }) => /^\s*[{[]/.test(text) && jsonDocuments(text).values.some(({ value }) => objects(value, DEEPEST).length > 0),
    read,
  },
  live: null,
}

function read(file: ListingFile): Reading {
  const { values, problems: broken } = jsonDocuments(file.text)
  const problems: Problem[] = [...broken]
  const found: Found[] = []
  for (const { line, value } of values) {
    const cells = objects(value, DEEPEST)
    if (cells.length === 0) problems.push({ line, says: 'no list in it has a field called email, address, login or user' })
    found.push(...cells.flatMap((each) => accountIn(each, line) ?? []))
  }
  return { found, problems }
}

/** The objects with a known field, wherever they stand; what stands within such an object is its own. */
function objects(value: unknown, deep: number): readonly ReadonlyMap<string, string>[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => objects(each, deep))
  if (!isObject(value)) return []
  const cells = cellsOf(value)
  if ([...cells].some(([name, cell]) => isKnown(name) && cell !== '')) return [cells]
  return deep === 0 ? [] : Object.values(value).flatMap((each: unknown) => objects(each, deep - 1))
}

/** Fields as a table has them: {"name": {"first": ...}} becomes the column "first". */
function cellsOf(value: object): ReadonlyMap<string, string> {
  const cells = new Map<string, string>()
  const put = (name: string, one: unknown): void => {
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') cells.set(columnName(name), String(one).trim())
    else if (Array.isArray(one)) cells.set(columnName(name), one.filter((each) => typeof each === 'string').join(' '))
  }
  for (const [name, one] of Object.entries(value)) {
    if (name === 'name' && isObject(one)) for (const [part, text] of Object.entries(one)) put(`${part}name`, text)
    else put(name, one)
  }
  return cells
}
