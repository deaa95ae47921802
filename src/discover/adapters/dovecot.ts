import { account, sizeOf, type Found, type Problem, type Reading } from '../found.ts'
import { jsonDocuments, objectsIn, stringAt } from '../json.ts'
import { linesOf, strange, type Listing, type ListingFile } from '../listing.ts'
import { readPlain } from './plain.ts'

const TAB_HEADER = /^username\t.*\b(?:messages|vsize)\b/im
const TABLE_HEADER = /^username +mailbox +.*\b(?:messages|vsize)\b/i
const FLOW = /^(\S+) (.+?)((?: (?:messages|vsize|recent|unseen|uidnext|uidvalidity|highestmodseq|guid|firstsaved)=\S*)+)$/

/** Dovecot's `doveadm`: who is there, and with `mailbox status` how large. All four of its output formats. */
export const dovecot: Listing = {
  name: 'dovecot',
  title: "Dovecot (doveadm user '*', doveadm mailbox status)",
  command: "doveadm user '*'   or, with sizes:   doveadm -f tab mailbox status -A 'messages vsize' '*'",
  file: {
    recognises: (file) => {
      const first = linesOf(file)[0]?.text ?? ''
      if (TAB_HEADER.test(first) || TABLE_HEADER.test(first) || FLOW.test(first)) return true
      return /^\s*\[\s*\{\s*"username"\s*:[^}]*"mailbox"\s*:/.test(file.text.slice(0, 2000))
    },
    read,
  },
  live: null,
}

type Folder = { readonly line: number; readonly user: string; readonly messages: number | null; readonly sizeBytes: number | null }

function read(file: ListingFile): Reading {
  const lines = linesOf(file)
  const first = lines[0]?.text ?? ''
  const problems: Problem[] = []
  if (/^\s*\[/.test(file.text)) {
    const documents = jsonDocuments(file.text)
    const folders = documents.values.flatMap(({ line, value }) =>
      objectsIn(value).map((each) => ({
        line,
        user: stringAt(each, 'username') ?? '',
        messages: sizeOf(Reflect.get(each, 'messages')),
        sizeBytes: sizeOf(Reflect.get(each, 'vsize')),
      })),
    )
    return { found: summed(folders), problems: documents.problems }
  }
  if (TAB_HEADER.test(first)) {
    const columns = first.toLowerCase().split('\t')
    const folders: Folder[] = []
    for (const { line, text } of lines.slice(1)) {
      const cells = text.split('\t')
      const cell = (name: string): string | undefined => cells[columns.indexOf(name)]
      const user = cell('username') ?? ''
      if (user === '' || cells.length !== columns.length) problems.push(strange(line, text, `a row of ${columns.length} columns`))
      else folders.push({ line, user, messages: sizeOf(cell('messages')), sizeBytes: sizeOf(cell('vsize')) })
    }
    return { found: summed(folders), problems }
  }
  if (TABLE_HEADER.test(first)) {
    const names = first.trim().toLowerCase().split(/ +/)
    const folders: Folder[] = []
    for (const { line, text } of lines.slice(1)) {
      const cells = text.trim().split(/ +/)
      // Names of folders hold blanks: the figures stand at the end.
      const at = (name: string): string | undefined => cells[cells.length - (names.length - names.indexOf(name))]
      if (cells.length < names.length) problems.push(strange(line, text, 'a row of the table'))
      else folders.push({ line, user: cells[0] ?? '', messages: sizeOf(at('messages')), sizeBytes: sizeOf(at('vsize')) })
    }
    return { found: summed(folders), problems }
  }
  if (!FLOW.test(first)) return readPlain(file)
  const folders: Folder[] = []
  for (const { line, text } of lines) {
    const match = FLOW.exec(text)
    const figures = match?.[3] ?? ''
    const figure = (name: string): number | null => sizeOf(new RegExp(` ${name}=(\\S*)`).exec(figures)?.[1])
    if (match === null) problems.push(strange(line, text, 'a line of doveadm mailbox status'))
    else folders.push({ line, user: match[1] ?? '', messages: figure('messages'), sizeBytes: figure('vsize') })
  }
  return { found: summed(folders), problems }
}

/** One account for all of its folders. */
function summed(folders: readonly Folder[]): readonly Found[] {
  const users = new Map<string, Found>()
  for (const folder of folders) {
    if (folder.user === '') continue
    const before = users.get(folder.user) ?? account({ login: folder.user, line: folder.line })
    users.set(folder.user, {
      ...before,
      messages: plus(before.messages, folder.messages),
      sizeBytes: plus(before.sizeBytes, folder.sizeBytes),
    })
  }
  return [...users.values()]
}

function plus(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b
}
