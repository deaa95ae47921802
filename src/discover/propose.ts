import { isAddress } from '../model/mail-address.ts'
import { KINDS, type Found, type Kind } from './found.ts'
import type { Joined } from './join.ts'
import { isRole, isSystem } from './special-accounts.ts'

/** What a person should look at. */
export type FlagCode =
  | 'no-target'
  | 'same-target'
  | 'unknown-domain'
  | 'changed-domain'
  | 'listed-twice'
  | 'other-case'
  | 'disabled'
  | 'role'
  | 'system'
  | 'no-mailbox'

export type Flag = { readonly code: FlagCode; readonly says: string }

/** One row of the list: who, and where to. */
export type Proposal = {
  readonly found: Found
  readonly kind: Kind
  /** null where there is nothing to move, or where no address can be proposed. */
  readonly target: string | null
  readonly flags: readonly Flag[]
}

export type ProposeOptions = {
  /** Domains of the new tenant; a login without a domain gets the first. */
  readonly targetDomains: readonly string[]
  /** Old domain to new one, both in lower case. */
  readonly domainMap: ReadonlyMap<string, string>
  /** What a list that is there already says, by the login in lower case: it wins. */
  readonly kept: ReadonlyMap<string, { readonly target: string; readonly kind: string }>
}

const MOVES: ReadonlySet<Kind> = new Set(['user', 'shared', 'room', 'equipment'])
const WORDS: Readonly<Partial<Record<Kind, string>>> = { group: 'group', contact: 'contact', public: 'public folder' }
/** Domains that no tenant can hold (RFC 2606, 6762, 8375, and what Active Directory is often called). */
const INTERNAL = /(?:^|\.)(?:local|localdomain|localhost|lan|internal|intranet|corp|home|private|invalid|home\.arpa)$/

/** Whether this is a mailbox that can be copied. */
export function moves(kind: Kind): boolean {
  return MOVES.has(kind)
}

/** A target for every mailbox, and all that is odd about it. Pure: the same listing gives the same proposals. */
export function proposals(all: readonly Joined[], options: ProposeOptions): readonly Proposal[] {
  const drafts = all.map((each) => draft(each, options))
  const owners = new Map<string, Proposal[]>()
  for (const each of drafts) {
    const key = each.target?.toLowerCase()
    if (key !== undefined) owners.set(key, [...(owners.get(key) ?? []), each])
  }
  return drafts.map((each) => {
    const others = (owners.get(each.target?.toLowerCase() ?? '') ?? []).filter((one) => one !== each)
    if (each.target === null || others.length === 0) return each
    const says = `same target as ${others.map(({ found }) => found.login).join(', ')}`
    return { ...each, flags: [{ code: 'same-target', says }, ...each.flags] }
  })
}

function draft({ found, listedTwice, otherCase }: Joined, options: ProposeOptions): Proposal {
  const kept = options.kept.get(found.login.toLowerCase())
  const kind = kindOf(found, kept?.kind ?? '')
  const flags: Flag[] = []
  const flag = (code: FlagCode, says: string): void => void flags.push({ code, says })
  let target: string | null = null
  if (moves(kind)) {
    const typed = kept?.target ?? ''
    const wished = typed === '' || isMapped(typed, found, options) ? targetOf(found, options) : { address: typed, was: null }
    if (wished === null)
      flag('no-target', found.address === null ? 'no target: no address is known' : 'no target: its address is not usable')
    else {
      target = wished.address
      const domain = domainOf(target)
      if (wished.was !== null) flag('changed-domain', `was ${wished.was}`)
      if (isUnknown(domain, options)) flag('unknown-domain', `unknown domain ${domain}`)
    }
    if (found.disabled) flag('disabled', 'disabled')
    if (isRole(target ?? found.login)) flag('role', 'role account')
  } else if (kind === 'skip') flag('no-mailbox', 'left out by hand')
  else if (kind === 'system') flag('system', 'system account')
  else flag('no-mailbox', kind === 'alias' ? `alias of ${found.leadsTo.join(' ') || 'nobody'}` : (WORDS[kind] ?? kind))
  if (listedTwice) flag('listed-twice', 'listed twice')
  if (otherCase.length > 0) flag('other-case', `also listed as ${otherCase.join(', ')}`)
  return { found, kind, target, flags }
}

/** A target that was only proposed, its own address, gives way to a map that is given now. */
function isMapped(target: string, found: Found, { domainMap }: ProposeOptions): boolean {
  const own = [found.login, found.address ?? ''].some((each) => each.toLowerCase() === target.toLowerCase())
  return own && domainMap.has(domainOf(target))
}

/** What a person wrote wins; but a plain `user` may turn out to be more. */
function kindOf(found: Found, typed: string): Kind {
  const kept = KINDS.find((each) => each === typed.trim().toLowerCase())
  if (kept !== undefined && !(kept === 'user' && moves(found.kind))) return kept
  return kept === undefined && moves(found.kind) && (isSystem(found.login) || isSystem(found.address ?? '')) ? 'system' : found.kind
}

/** `was`: the address it replaces, where the domain was changed without having been asked for in so many words. */
function targetOf(
  found: Found,
  { targetDomains, domainMap }: ProposeOptions,
): { readonly address: string; readonly was: string | null } | null {
  const addresses = [found.address, ...(found.login.includes('@') ? [found.login] : []), ...found.aliases].filter((each) => each !== null)
  const usable = addresses.map(tidy).filter(isAddress)
  const mapped = (address: string): string => {
    const to = domainMap.get(domainOf(address))
    return to === undefined ? address : `${localOf(address)}@${to}`
  }
  const [first] = usable
  if (first !== undefined && domainMap.has(domainOf(first))) return { address: mapped(first), was: null }
  // An alias in the new domain is better than a first address that cannot be kept.
  const own = usable.find((each) => targetDomains.includes(domainOf(each))) ?? usable.find((each) => domainMap.has(domainOf(each)))
  const outside = first !== undefined && !targetDomains.includes(domainOf(first))
  if (first !== undefined && own !== undefined && outside)
    return { address: mapped(own), was: INTERNAL.test(domainOf(first)) ? null : first }
  const [domain] = targetDomains
  if (first !== undefined && !(INTERNAL.test(domainOf(first)) && domain !== undefined)) return { address: first, was: null }
  const local = localOf(first ?? found.address ?? found.login)
  // "DOMAIN\anna" signs in as anna.
  const address = `${local.replace(/^.*\\/, '').replaceAll(/\s+/g, '.')}@${domain ?? ''}`
  return domain !== undefined && isAddress(address) ? { address, was: first ?? null } : null
}

function isUnknown(domain: string, { targetDomains, domainMap }: ProposeOptions): boolean {
  if (targetDomains.length === 0 && domainMap.size === 0) return INTERNAL.test(domain)
  return !targetDomains.includes(domain) && ![...domainMap.values()].includes(domain)
}

function tidy(address: string): string {
  const clean = address.replace(/^smtp:/i, '').replace(/\.$/, '')
  const at = clean.lastIndexOf('@')
  return at < 0 ? clean : clean.slice(0, at + 1) + clean.slice(at + 1).toLowerCase()
}

function localOf(address: string): string {
  return address.split('@')[0] ?? ''
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
