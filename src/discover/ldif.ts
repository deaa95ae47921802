import type { LdapEntry } from './ldap-entry.ts'
import type { Problem } from './found.ts'
import { strange } from './listing.ts'

/** The entries of an LDIF file (RFC 2849): folded lines joined, base64 decoded, remarks and changes to apply left out. */
export function ldifEntries(text: string): { readonly entries: readonly LdapEntry[]; readonly problems: readonly Problem[] } {
  const entries: LdapEntry[] = []
  const problems: Problem[] = []
  let attributes = new Map<string, string[]>()
  let begun = 0
  const finish = (): void => {
    if (attributes.size > 0 && attributes.has('dn')) entries.push({ line: begun, attributes })
    attributes = new Map()
  }
  for (const { line, text: row } of unfolded(text)) {
    if (row === '') {
      finish()
      continue
    }
    // A remark, `version: 1`, what ldapsearch says at the end, and references to other servers.
    if (row.startsWith('#') || /^(?:version|search|result|matchedDN|ref): /i.test(row)) continue
    const match = /^([A-Za-z][\w.;-]*):(:?<?) ?(.*)$/.exec(row)
    if (match === null) {
      problems.push(strange(line, row, 'LDIF: a line is "attribute: value"'))
      continue
    }
    const [, named = '', form = '', value = ''] = match
    const name = named.toLowerCase().replace(/;.*$/, '')
    if (name === 'dn' && attributes.size > 0) finish()
    if (attributes.size === 0) begun = line
    // A value that stands in another file is none that we need.
    if (form.includes('<')) continue
    const clean = form === ':' ? Buffer.from(value, 'base64').toString('utf8') : value
    attributes.set(name, [...(attributes.get(name) ?? []), clean])
  }
  finish()
  return { entries, problems }
}

/** Lines with what was folded below them; the line number is that of the first. */
function unfolded(text: string): readonly { readonly line: number; readonly text: string }[] {
  const rows: { line: number; text: string }[] = []
  for (const [at, row] of text.split(/\r\n|\n|\r/).entries()) {
    const last = rows.at(-1)
    if (row.startsWith(' ') && last !== undefined && last.text !== '') last.text += row.slice(1)
    else rows.push({ line: at + 1, text: row.trimEnd() })
  }
  return rows
}
