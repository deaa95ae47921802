import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, Node, Pair, YAMLError, YAMLMap } from 'yaml'

export type Path = readonly (string | number)[]
export type Position = { readonly line: number; readonly column: number }
export type YamlProblem = Position & { readonly says: string }

export type YamlFile = {
  /** Plain data; undefined where there are problems. */
  readonly value: unknown
  readonly problems: readonly YamlProblem[]
  /** Where the value stands, or the deepest one around it that is there. `key`: where its key stands. */
  at(path: Path, key?: 'key'): Position
}

/** Some ten thousand mailboxes, each with all that can be said of it. */
const MOST_BYTES = 4 * 2 ** 20
const DEEPEST = 40
const START: Position = { line: 1, column: 1 }

/** Reads YAML 1.2 with the position of everything in it. No text of the file is repeated in a problem: it may be a secret. */
export function yamlFile(bytes: Buffer): YamlFile {
  const nowhere = (says: string): YamlFile => ({ value: undefined, problems: [{ ...START, says }], at: () => START })
  if (bytes.length > MOST_BYTES) return nowhere('the file is larger than 4 MB: mailboxes belong into the list of mailboxes')
  const text = decoded(bytes)
  if (text === null) return nowhere('the file is not UTF-8: save it again with this encoding')
  if (tooDeep(text)) return nowhere(`more than ${DEEPEST} brackets or dashes stand within each other`)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error', uniqueKeys: false })
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  // A mistake draws others behind it on its line.
  const problems = new Map<number, YamlProblem>()
  const add = (offset: number, says: string): void => {
    const at = position(offset)
    if (!problems.has(at.line)) problems.set(at.line, { ...at, says })
  }
  for (const error of [...document.errors, ...document.warnings]) add(error.pos[0], sentence(error))
  visit(document, {
    // The parser's own check compares every key with every other one.
    Map: (_, map) => {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : null
        if (name !== null && seen.has(name)) add(startOf(key) ?? 0, 'this key stands here twice')
        if (name !== null) seen.add(name)
      }
    },
    Node: (_, node: Node) => {
      const anchored = isAlias(node) || ('anchor' in node && node.anchor !== undefined)
      if (anchored) add(node.range?.[0] ?? 0, 'anchors and aliases (& and *) are not used here: write the value out')
    },
  })
  const at = (path: Path, key?: 'key'): Position => position(offsetOf(document, path, key))
  if (problems.size > 0) return { value: undefined, problems: [...problems.values()], at }
  return { value: document.toJS(), problems: [], at }
}

function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Before it is parsed: nesting without end takes the parser's stack and minutes. */
function tooDeep(text: string): boolean {
  for (const line of text.split('\n')) if ((/^(?:[\s?:-]+\s)*/.exec(line)?.[0].match(/[?:-]/g)?.length ?? 0) > DEEPEST) return true
  if (/^ {200}/m.test(text)) return true
  let open = 0
  for (const sign of text) {
    if (sign === '[' || sign === '{') open += 1
    else if (sign === ']' || sign === '}') open = Math.max(0, open - 1)
    if (open > DEEPEST) return true
  }
  return false
}

function offsetOf(document: Document, path: Path, key: 'key' | undefined): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(step))
      if (pair === undefined) return offset
      const keyAt = startOf(pair.key)
      // An empty value stands nowhere.
      const isEmpty = isScalar(pair.value) && pair.value.value === null && pair.value.source === ''
      offset = (last && key === 'key') || isEmpty ? (keyAt ?? offset) : (startOf(pair.value) ?? keyAt ?? offset)
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = startOf(node) ?? offset
    } else return offset
  }
  return offset
}

const pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()

function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = pairs.get(map)
  if (known !== undefined) return known
  const made = new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])))
  pairs.set(map, made)
  return made
}

function startOf(node: unknown): number | undefined {
  if (isPair(node)) return startOf(node.key)
  if (isCollection(node) && node.range === undefined) return undefined
  return isNode(node) ? node.range?.[0] : undefined
}

/** Ours, as those of the parser may repeat what stands there. */
const SENTENCES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab stands before it: indent with blanks',
  BAD_INDENT: 'it does not begin in the column of what it belongs to, or a bracket is not closed',
  MISSING_CHAR: 'something is missing here or above: a closing quote or bracket, or the colon after a key',
  BLOCK_AS_IMPLICIT_KEY: 'a value that holds ": " stands in quotes, and a key stands on one line',
  MULTILINE_IMPLICIT_KEY: 'a value that holds ": " stands in quotes, and a key stands on one line',
  BAD_SCALAR_START: 'a value that begins with @, ` or % stands in quotes',
  MULTIPLE_DOCS: 'a second document begins here (---): there is one',
  TAG_RESOLVE_FAILED: 'tags (!) are not used here: a value that begins with ! stands in quotes',
  BAD_DQ_ESCAPE: 'in double quotes \\ begins an escape: use single quotes',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
}

function sentence({ code }: YAMLError): string {
  return SENTENCES[code] ?? 'this is not YAML: look at the blanks before it, at colons, quotes and brackets'
}
