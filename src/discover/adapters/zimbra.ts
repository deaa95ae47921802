import { account, sizeOf, type Found, type Kind, type Problem, type Reading } from '../found.ts'
import { linesOf, strange, type Listing, type ListingFile } from '../listing.ts'
import { readPlain } from './plain.ts'

const HEAD = /^# name (\S+)\s*$/
const QUOTA = /^(\S+@\S+) (\d+) (\d+)$/

/** Zimbra's `zmprov`: `-l gaa` (one address a line), `-l gaa -v` (with every attribute), and `gqu HOST` (address, quota, bytes used). */
export const zimbra: Listing = {
  name: 'zimbra',
  title: 'Zimbra (zmprov -l gaa, -v, gqu)',
  command: 'zmprov -l gaa -v   and, for the sizes:   zmprov gqu $(zmhostname)',
  file: {
    recognises: (file) => {
      const lines = linesOf(file)
      return lines.slice(0, 3).some(({ text }) => HEAD.test(text)) || lines.slice(0, 3).every(({ text }) => QUOTA.test(text))
    },
    read,
  },
  live: null,
}

function read(file: ListingFile): Reading {
  const lines = linesOf(file)
  if (lines.some(({ text }) => HEAD.test(text))) return readAttributes(file)
  if (!QUOTA.test(lines[0]?.text ?? '')) return readPlain(file)
  const found: Found[] = []
  const problems: Problem[] = []
  for (const { line, text } of lines) {
    const row = QUOTA.exec(text)
    if (row === null) problems.push(strange(line, text, 'a line of zmprov gqu (address, quota, bytes used)'))
    else found.push(account({ login: row[1] ?? '', sizeBytes: sizeOf(row[3]), line }))
  }
  return { found, problems }
}

function readAttributes(file: ListingFile): Reading {
  const found: Found[] = []
  const problems: Problem[] = []
  let name = ''
  let begun = 0
  let attributes = new Map<string, string[]>()
  const finish = (): void => {
    if (name !== '') found.push(accountOf(name, attributes, begun))
  }
  for (const { line, text } of linesOf(file)) {
    const head = HEAD.exec(text)?.[1]
    if (head !== undefined) {
      finish()
      name = head
      begun = line
      attributes = new Map()
      continue
    }
    // A value of several lines goes on without a name; nothing we read is such a value.
    const attribute = /^([A-Za-z]\w*): (.*)$/.exec(text)
    if (attribute === null) {
      if (name === '') problems.push(strange(line, text, 'a line of zmprov -l gaa -v'))
      continue
    }
    const key = attribute[1] ?? ''
    attributes.set(key, [...(attributes.get(key) ?? []), attribute[2] ?? ''])
  }
  finish()
  return { found, problems }
}

function accountOf(name: string, attributes: ReadonlyMap<string, readonly string[]>, line: number): Found {
  const one = (key: string): string | null => attributes.get(key)?.[0] ?? null
  const status = one('zimbraAccountStatus') ?? 'active'
  const system = one('zimbraIsSystemResource') === 'TRUE' || one('zimbraIsSystemAccount') === 'TRUE'
  const resource = one('zimbraCalResType')
  const kind: Kind = system ? 'system' : resource === null ? 'user' : /^location$/i.test(resource) ? 'room' : 'equipment'
  return account({
    login: name,
    name: one('displayName') ?? one('cn'),
    kind,
    aliases: attributes.get('zimbraMailAlias') ?? [],
    disabled: status !== 'active',
    remarks: status === 'active' ? [] : [`status ${status}`],
    line,
  })
}
