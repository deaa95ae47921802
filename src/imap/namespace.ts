import type { Token } from './response.ts'
import { textOf } from './response.ts'
import type { Namespace, Namespaces, SessionState } from './session-state.ts'

/** Reads NAMESPACE (RFC 2342): ours, and those of other users and the public; each may be NIL. */
export function parseNamespaces(values: readonly Token[]): Namespaces {
  const shared = group(values[2])
  return { personal: group(values[0]), others: [...group(values[1]), ...shared], shared }
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
  const within = (namespace: Namespace): boolean => isWithin(namespace, name)
  const longest = (all: readonly Namespace[]): number => Math.max(-1, ...all.filter(within).map(({ prefix }) => prefix.length))
  if (virtualNamespaces(namespaces).some(within)) return false
  return longest(namespaces.others) <= longest(namespaces.personal)
}

/** Those that show what is stored elsewhere. */
export function virtualNamespaces({ personal }: Namespaces): readonly Namespace[] {
  return personal.slice(1).filter(({ prefix }) => /^virtual\W/i.test(prefix))
}

/** Whether a folder stands in a namespace, its root included; an empty prefix tells nothing. */
export function isWithin({ prefix, separator }: Namespace, name: string): boolean {
  return prefix !== '' && (name.startsWith(prefix) || (separator !== null && `${name}${separator}` === prefix))
}
