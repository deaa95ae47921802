import type { Found, Reading } from './found.ts'

/** Everything that is known of one login, and what was odd in how it was listed. */
export type Joined = { readonly found: Found; readonly listedTwice: boolean; readonly otherCase: readonly string[] }

/**
 * One entry for each login over all readings: sizes from one file meet the names from another, where the one calls by its address what the
 * other calls by its login; the first reading names it. Logins that differ by case alone are one, as mail systems have them; different
 * logins of one listing stay different whatever their addresses. An alias that leads to one mailbox is put down there too.
 */
export function joined(readings: readonly Reading[]): readonly Joined[] {
  const all: Joined[] = []
  const byName = new Map<string, number>()
  for (const { found } of readings) {
    const here = new Set<number>()
    const names = new Map<string, number>()
    for (const each of found) {
      if (each.login === '') continue
      const login = keyOf(each, each.login)
      const address = each.address === null ? login : keyOf(each, each.address)
      const same = names.get(login)
      const earlier = [byName.get(login), byName.get(address)].find((at) => at !== undefined && !here.has(at))
      const at = same ?? earlier ?? all.length
      const before = all[at]
      all[at] = before === undefined ? { found: each, listedTwice: false, otherCase: [] } : merged(before, each, same !== undefined)
      here.add(at)
      names.set(login, at)
    }
    for (const at of here) {
      const { found: one } = all[at] ?? {}
      if (one === undefined) continue
      const address = keyOf(one, one.address ?? one.login)
      byName.set(keyOf(one, one.login), at)
      if (!byName.has(address)) byName.set(address, at)
    }
  }
  return withAliases(all)
}

/** A forwarding that bears the name of a mailbox is another entry than the mailbox. */
function keyOf({ kind }: Found, name: string): string {
  return `${kind === 'alias' ? 'alias ' : ''}${name.toLowerCase()}`
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
