import { account, type Found, type Problem } from '../found.ts'
import { linesOf, strange, type Listing, type ListingFile } from '../listing.ts'

/** Logins or addresses, one a line: `doveadm user '*'`, `zmprov -l gaa`, or typed by hand. */
export const plain: Listing = {
  name: 'plain',
  title: 'a plain list of addresses',
  command: '',
  file: {
    recognises: ({ text }) => !text.includes('\0'),
    read: (file) => readPlain(file),
  },
  live: null,
}

/** One a line; `#` begins a remark, `Name <address>` is an address with a name. */
export function readPlain(file: ListingFile): { found: Found[]; problems: Problem[] } {
  const found: Found[] = []
  const problems: Problem[] = []
  for (const { line, text } of linesOf(file)) {
    const entry = text.trim().replace(/[;,]$/, '').trim()
    if (entry === '' || entry.startsWith('#')) continue
    // A passwd-file: what stands behind the colon is nobody's business.
    const inPasswd = /^([^\s:]+):(?:\{[\w.-]+\}|[x*!$]|:)/.exec(entry)?.[1]
    const named = /^(?:"([^"]*)"|([^<>"]*?))\s*<([^<>\s]+@[^<>\s]+)>$/.exec(entry)
    if (inPasswd !== undefined) found.push(account({ login: inPasswd, line }))
    else if (named !== null) found.push(account({ login: named[3] ?? '', name: named[1] ?? named[2] ?? null, line }))
    else if (/^[^\s"'<>,;:()[\]\\]+$/.test(entry) && !/^(?:=|-|@)/.test(entry)) found.push(account({ login: entry, line }))
    else problems.push(strange(line, entry, 'a login or an address: one stands on each line'))
  }
  return { found, problems }
}
