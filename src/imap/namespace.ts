import type { Token } from './response.ts'
import { textOf } from './response.ts'
import type { Namespace, SessionState } from './session-state.ts'

/** Reads NAMESPACE (RFC 2342): ours, and those of other users and the public; each may be NIL. */
export function parseNamespaces(values: readonly Token[]): { personal: readonly Namespace[]; others: readonly Namespace[] } {
  return { personal: group(values[0]), others: [...group(values[1]), ...group(values[2])] }
}

function group(token: Token | undefined): readonly Namespace[] {
  if (typeof token !== 'object' || !Array.isArray(token)) return []
  return (token as readonly Token[]).flatMap((entry) => {
    if (typeof entry !== 'object' || !Array.isArray(entry)) return []
    const [prefix, separator] = entry as readonly Token[]
    return [{ prefix: textOf(prefix) ?? '', separator: textOf(separator) }]
  })
}

/**
 * Whether a folder is the person's own. Not so: other users' and public folders, and Dovecot's virtual ones, which it lists as
 * personal under a prefix of their own and which only show what is stored elsewhere.
 */
export function isOwnFolder(state: SessionState, name: string): boolean {
  const { namespaces } = state
  if (namespaces === null) return true
  const within = ({ prefix, separator }: Namespace): boolean =>
    prefix !== '' && (name.startsWith(prefix) || (separator !== null && `${name}${separator}` === prefix))
  const longest = (all: readonly Namespace[]): number => Math.max(-1, ...all.filter(within).map(({ prefix }) => prefix.length))
  const virtual = namespaces.personal.slice(1).filter(({ prefix }) => /^virtual\W/i.test(prefix))
  if (virtual.some(within)) return false
  return longest(namespaces.others) <= longest(namespaces.personal)
}
