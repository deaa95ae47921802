import { columned } from '../columns.ts'
import type { Found, Problem, Reading } from '../found.ts'
import { accountOf, type LdapEntry } from '../ldap-entry.ts'
import { ldifEntries } from '../ldif.ts'
import type { Listing, ListingFile, LiveSettings } from '../listing.ts'

/** Several values of one attribute in one cell of a table. */
const SEPARATOR = /[;|]\s*|\s+(?=(?:smtp|sip|x500|x400|eum|spo):)|,\s*(?=(?:smtp|sip|x500|x400|eum|spo):)/i

/** A directory: LDIF (ldapsearch, ldifde), a table of it (csvde, Get-ADUser), or the directory itself. */
export const ldap: Listing = {
  name: 'ldap',
  title: 'LDAP, Active Directory (LDIF, csvde, or the directory itself)',
  command: 'ldapsearch -LLL -x -D BIND-DN -W -b BASE "(|(mail=*)(proxyAddresses=*))"   or   csvde -f users.csv -r "(mail=*)"',
  file: {
    recognises: (file) =>
      /^(?:version: ?1|dn::? )/im.test(file.text.slice(0, 20_000)) ||
      ['dn', 'distinguishedname'].some((name) => tableNames(file).includes(name)),
    read,
  },
  live: {
    url: 'ldaps://directory.example.org',
    uses: ['login', 'base', 'filter', 'login-attribute'],
    needs: [],
    secret: 'the password of the bind DN; without --login the directory is asked anonymously',
    async list(url, settings, { ctx, progress }) {
      const { ldapEntries } = await import('../ldap-live.ts')
      const { entries, problems } = await ldapEntries(url, settings, ctx, progress)
      return { found: accounts(entries, settings.text['login-attribute'] ?? null), problems }
    },
  },
}

function read(file: ListingFile, settings: LiveSettings['text']): Reading {
  const loginAttribute = settings['login-attribute'] ?? null
  if (/^(?:version: ?1|dn::? )/im.test(file.text.slice(0, 20_000))) {
    const { entries, problems } = ldifEntries(file.text)
    return { found: accounts(entries, loginAttribute), problems }
  }
  const { rows, problems: unreadable } = columned(file.bytes)
  const problems: Problem[] = [...unreadable]
  const entries = rows.map(({ line, cells }): LdapEntry => ({
    line,
    attributes: new Map(
      [...cells].flatMap(([name, cell]) =>
        cell === '' ? [] : [[inDirectory(name), /,?dn$/.test(name) ? [cell] : cell.split(SEPARATOR)] as const],
      ),
    ),
  }))
  return { found: accounts(entries, loginAttribute), problems }
}

function tableNames(file: ListingFile): readonly string[] {
  return columned(file.bytes.subarray(0, 65_536)).names
}

/** PowerShell names some attributes otherwise. */
function inDirectory(name: string): string {
  if (name === 'emailaddress') return 'mail'
  return name === 'surname' ? 'sn' : name
}

function accounts(entries: readonly LdapEntry[], loginAttribute: string | null): readonly Found[] {
  return entries.flatMap((entry) => accountOf(entry, loginAttribute) ?? [])
}
