import { Failure } from '../model/failure.ts'

/** Domains as they are compared: lower case, ASCII left as it is. Throws `bad-input` for what is none. */
export function domainsOf(given: readonly string[]): readonly string[] {
  return given.map((each) => domainIn(each, '--target-domain'))
}

/** "old.example=new.example", several. Throws `bad-input` for what is no pair, and for a domain that is to become two. */
export function domainMapOf(given: readonly string[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const each of given) {
    const [from, to, ...rest] = each.split('=')
    if (from === undefined || to === undefined || rest.length > 0)
      throw new Failure('bad-input', `--map "${each}" is not understood: write --map old.example.org=example.org.`)
    const old = domainIn(from, '--map')
    const before = map.get(old)
    const now = domainIn(to, '--map')
    if (before !== undefined && before !== now) throw new Failure('bad-input', `--map says that ${old} becomes ${before} and ${now}.`)
    map.set(old, now)
  }
  return map
}

function domainIn(text: string, option: string): string {
  const domain = text.trim().replace(/^@/, '').replace(/\.$/, '').toLowerCase()
  if (/^[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(domain) && !domain.includes('..')) return domain
  throw new Failure('bad-input', `"${text.trim()}" of ${option} is not a domain like example.org.`)
}
