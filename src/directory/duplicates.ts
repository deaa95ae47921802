import { finding, valueOf, valuesOf, type AdFinding, type AdObject } from './ad-object.ts'
import { smtpOf } from './address-rules.ts'

type Use = { readonly object: AdObject; readonly attribute: string; readonly value: string }

const NAMED = 3

/**
 * Addresses and names to sign in with that several objects have, without regard to case. In the cloud they are one list over users, groups
 * and contacts (microsoft365.md §3.2), whatever the attribute: the first object that comes has it, the others are refused.
 */
export function duplicateFindings(objects: readonly AdObject[]): readonly AdFinding[] {
  const uses = new Map<string, Use[]>()
  for (const object of objects) {
    for (const use of usesOf(object)) {
      const key = use.address.toLowerCase()
      const all = uses.get(key)
      if (all === undefined) uses.set(key, [use])
      else all.push(use)
    }
  }
  const found: AdFinding[] = []
  for (const [address, all] of uses) {
    const holders = [...new Set(all.map(({ object }) => object))]
    if (holders.length < 2) continue
    for (const { object, attribute, value } of all) {
      const others = holders.filter((one) => one !== object).map(({ dn }) => dn)
      const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : ''
      const says = `${address} belongs to ${others.slice(0, NAMED).join('; ')}${more} as well. Keep it at one of them.`
      found.push(finding(object, attribute, value, { code: 'duplicate', severity: 'refused', says }))
    }
  }
  return found
}

/** An address once for each attribute of the object: `mail` and the `SMTP:` entry are mostly the same. */
function usesOf(object: AdObject): readonly (Use & { readonly address: string })[] {
  const proxies = valuesOf(object, 'proxyAddresses').map((value) => ({ attribute: 'proxyAddresses', value, address: smtpOf(value) ?? '' }))
  const seen = new Set(proxies.map(({ address }) => address.toLowerCase()))
  const beside = ['mail', 'userPrincipalName', 'targetAddress'].flatMap((attribute) => {
    // Where a contact's mail goes is the address that it stands for; that of a mailbox elsewhere is nobody else's matter.
    if (attribute === 'targetAddress' && object.kind !== 'contact') return []
    const value = valueOf(object, attribute)
    const address = (attribute === 'targetAddress' ? (smtpOf(value) ?? '') : value).trim()
    if (attribute !== 'userPrincipalName' && seen.has(address.toLowerCase())) return []
    seen.add(address.toLowerCase())
    return [{ attribute, value, address }]
  })
  return [...proxies, ...beside].filter(({ address }) => address !== '').map((use) => ({ object, ...use }))
}
