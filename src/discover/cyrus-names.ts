import { decodeFolderName } from '../imap/modified-utf7.ts'
import { account, type Found } from './found.ts'

/** One folder as Cyrus names it to an administrator. */
export type CyrusName = {
  readonly line: number | null
  readonly name: string
  readonly separator: string | null
  readonly attributes: string
  readonly sizeBytes: number | null
}

/** One account for every user, and one for the top of each folder that is nobody's. */
export function accountsOf(names: readonly CyrusName[]): readonly Found[] {
  const users = new Map<string, Found>()
  const shared = new Map<string, Found>()
  for (const each of names) {
    if (/\\NonExistent/i.test(each.attributes)) continue
    const place = placeOf(each)
    if (place === null) continue
    const known = place.user ? users : shared
    const before = known.get(place.name)
    if (before !== undefined && each.sizeBytes === null) continue
    const remarks = place.user ? [] : ['folder outside of all mailboxes']
    known.set(
      place.name,
      account({ login: place.name, kind: place.user ? 'user' : 'public', sizeBytes: each.sizeBytes, remarks, line: each.line }),
    )
  }
  return [...users.values(), ...shared.values()]
}

/** Whose mailbox a name belongs to: user/alice/Sent@example.org, example.org!user.alice^smith.Sent, or the top of a folder of nobody. */
function placeOf({ name, separator: told }: CyrusName): { readonly user: boolean; readonly name: string } | null {
  const [, domainBefore = '', bare = ''] = /^(?:([^!\s]+)!)?(.*)$/.exec(name) ?? []
  const separator = told ?? /^user([./])/.exec(bare)?.[1] ?? (bare.includes('/') ? '/' : '.')
  const levels = bare.split(separator)
  const first = levels[0] ?? ''
  if (first === '' || /^DELETED$/i.test(first)) return null
  if (first !== 'user') return { user: false, name: decodeFolderName(first) }
  const owner = levels[1] ?? ''
  if (owner === '') return null
  // Where the dot separates, a dot of the name is written ^.
  const local = decodeFolderName(separator === '.' ? owner.replaceAll('^', '.') : owner)
  const domain = domainBefore !== '' ? domainBefore : (/@([^@]+)$/.exec(levels.length > 2 ? bare : '')?.[1] ?? '')
  return { user: true, name: domain === '' || local.includes('@') ? local : `${local}@${domain}` }
}
