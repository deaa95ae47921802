import type { Found, Reading } from './found.ts'

/** Everything that is known of one login, and what was odd in how it was listed. */
export type Joined = { readonly found: Found; readonly listedTwice: boolean; readonly otherCase: readonly string[] }

/**
 * One entry for each login over all readings: sizes from one file meet the names from another. Logins that differ by case alone are one,
 * as mail systems have them. An alias that leads to one mailbox is put down there too.
 */
export function joined(readings: readonly Reading[]): readonly Joined[] {
  const all = new Map<string, Joined>()
  const keys = new Map<string, string>()
  for (const { found } of readings) {
    const seen = new Set<string>()
    for (const each of found) {
      const login = each.login.toLowerCase()
      const key = keys.get(login) ?? keys.get(each.address?.toLowerCase() ?? '') ?? login
      const before = all.get(key)
      if (before === undefined) all.set(key, { found: each, listedTwice: false, otherCase: [] })
      else if (bothKinds(before.found, each)) all.set(key, merged(before, each, seen.has(key)))
      else all.set(`${key} ${each.kind}`, { found: each, listedTwice: false, otherCase: [] })
      seen.add(key)
      keys.set(login, key)
      // An address that several logins have does not make them one: only what another listing calls by it.
      if (each.address !== null && !keys.has(each.address.toLowerCase()) && each.kind !== 'alias') keys.set(each.address.toLowerCase(), key)
    }
  }
  return withAliases([...all.values()])
}

/** A forwarding that bears the name of a mailbox is another entry than the mailbox. */
function bothKinds(a: Found, b: Found): boolean {
  return (a.kind === 'alias') === (b.kind === 'alias') && sameLogin(a, b)
}

function sameLogin(a: Found, b: Found): boolean {
  const names = [a.login, a.address ?? ''].map((each) => each.toLowerCase())
  return (
    names.includes(b.login.toLowerCase()) ||
    (a.login.toLowerCase() !== b.login.toLowerCase() && names.includes((b.address ?? '').toLowerCase()))
  )
}

function merged({ found, listedTwice, otherCase }: Joined, more: Found, again: boolean): Joined {
  const exact = found.login === more.login
  const sameFolded = found.login.toLowerCase() === more.login.toLowerCase()
  return {
    found: {
      ...found,
      address: found.address ?? more.address,
      name: found.name ?? more.name,
      kind: found.kind === 'user' ? more.kind : found.kind,
      aliases: [...new Set([...found.aliases, ...more.aliases])],
      mailAlias: found.mailAlias ?? more.mailAlias,
      leadsTo: [...new Set([...found.leadsTo, ...more.leadsTo])],
      sizeBytes: found.sizeBytes ?? more.sizeBytes,
      messages: found.messages ?? more.messages,
      disabled: found.disabled || more.disabled,
      remarks: [...new Set([...found.remarks, ...more.remarks])],
    },
    listedTwice: listedTwice || (again && exact),
    otherCase: exact || !sameFolded || otherCase.includes(more.login) ? otherCase : [...otherCase, more.login],
  }
}

function withAliases(all: readonly Joined[]): readonly Joined[] {
  const more = new Map<string, string[]>()
  for (const { found } of all) {
    const [owner, second] = found.leadsTo
    if (found.kind !== 'alias' || owner === undefined || second !== undefined) continue
    more.set(owner.toLowerCase(), [...(more.get(owner.toLowerCase()) ?? []), found.address ?? found.login])
  }
  return all.map((each) => {
    const { found } = each
    if (found.kind === 'alias') return each
    const own = [found.login, found.address ?? ''].map((name) => name.toLowerCase())
    const added = [...new Set(own)].flatMap((name) => more.get(name) ?? []).filter((alias) => !own.includes(alias.toLowerCase()))
    return added.length === 0 ? each : { ...each, found: { ...found, aliases: [...new Set([...found.aliases, ...added])] } }
  })
}
