import * as ldif from '../lib/ldif.ts'
import type { Problem } from './found.ts'
import type { LdapEntry } from './ldap-entry.ts'
import { strange } from './listing.ts'

/** The entries of an LDIF file, and what is wrong with it in sentences. */
export function ldifEntries(text: string): { readonly entries: readonly LdapEntry[]; readonly problems: readonly Problem[] } {
  const { entries, problems } = ldif.ldifEntries(text)
  return { entries, problems: problems.map(({ line, text: row }) => strange(line, row, 'LDIF: a line is "attribute: value"')) }
}
