import { isIPv4, isIPv6 } from 'node:net'

/** Names that no public DNS server knows (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`). */
const PRIVATE_ENDINGS = ['localhost', 'local', 'localdomain', 'lan', 'home', 'home.arpa', 'internal', 'intranet', 'corp', 'private']
/** For documentation and tests (RFC 2606): nothing answers there, yet nothing is private about them. */
const NOWHERE = ['invalid', 'test', 'example']

export type Reach = 'public' | 'this machine' | 'private network' | 'no such name'

/** Whether a server of that name or address can be reached from the internet, as far as the name tells. Asks no DNS server. */
export function reachOf(host: string): Reach {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (isIPv4(name)) return reachOfIPv4(name)
  if (isIPv6(name)) return reachOfIPv6(name)
  if (name === 'localhost' || name.endsWith('.localhost')) return 'this machine'
  if (NOWHERE.some((ending) => name === ending || name.endsWith(`.${ending}`))) return 'no such name'
  // A name without a dot is found by the search list of one network alone.
  if (!name.includes('.')) return 'private network'
  return PRIVATE_ENDINGS.some((ending) => name.endsWith(`.${ending}`)) ? 'private network' : 'public'
}

function reachOfIPv4(address: string): Reach {
  const [a = 0, b = 0] = address.split('.').map(Number)
  if (a === 127 || a === 0) return 'this machine'
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    // Shared by customers of one provider (RFC 6598).
    (a === 100 && b >= 64 && b <= 127) ||
    a >= 224
  return isPrivate ? 'private network' : 'public'
}

function reachOfIPv6(address: string): Reach {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (mapped !== undefined) return reachOfIPv4(mapped)
  if (address === '::1' || address === '::') return 'this machine'
  return /^(?:f[cd]|fe[89ab]|ff)/.test(address) ? 'private network' : 'public'
}
