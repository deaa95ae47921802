/** One entry of a directory; the names of the attributes in lower case and without options (`;binary`, `;range=0-1499`). */
export type LdifEntry = { readonly line: number; readonly attributes: ReadonlyMap<string, readonly string[]> }

/** Lines that are no "attribute: value". */
export type LdifProblem = { readonly line: number; readonly text: string }

export type Ldif = { readonly entries: readonly LdifEntry[]; readonly problems: readonly LdifProblem[] }

/**
 * The entries of an LDIF file (RFC 2849): folded lines joined, base64 decoded, remarks and changes to apply left out. Values of the
 * attributes in `binary` stay in base64.
 */
export function ldifEntries(text: string, binary: ReadonlySet<string> = new Set()): Ldif {
  const entries: LdifEntry[] = []
  const problems: LdifProblem[] = []
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
      problems.push({ line, text: row })
      continue
    }
    const [, named = '', form = '', value = ''] = match
    const name = named.toLowerCase().replace(/;.*$/, '')
    if (name === 'dn' && attributes.size > 0) finish()
    if (attributes.size === 0) begun = line
    // A value that stands in another file is none that we need.
    if (form.includes('<')) continue
    const clean = form === ':' && !binary.has(name) ? Buffer.from(value, 'base64').toString('utf8') : value
    const values = attributes.get(name)
    if (values === undefined) attributes.set(name, [clean])
    else values.push(clean)
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
