import type { WantedTenant } from '../../model/wanted-tenant.ts'
import type { Actual } from '../part.ts'

/** Exchange takes no longer names of objects. */
const LARGEST_NAME = 64

/** Names and aliases of recipients, each of which Exchange takes once only. */
export type FreeNames = {
  /** The wanted name, or the address, which is one of a kind, where another recipient has that name or will have it. */
  name(name: string, address: string): string
  /** The local part of the address, and the domain too where another recipient has that alias or will have it. */
  alias(address: string): string
}

export function freeNames(wanted: WantedTenant, { recipients }: Actual): FreeNames {
  const names = new Takers()
  const aliases = new Takers()
  for (const { name, primaryAddress } of recipients.all) {
    names.take(name, primaryAddress)
    aliases.take(localPart(primaryAddress), primaryAddress)
  }
  for (const { alias, primaryAddress } of recipients.mailboxes) aliases.take(alias, primaryAddress)
  for (const { address, displayName, alias } of wanted.mailboxes) {
    names.take(displayName ?? localPart(address), address)
    aliases.take(alias ?? localPart(address), address)
  }
  for (const { address, name } of [...wanted.groups, ...wanted.contacts]) names.take(name, address)
  for (const { address } of wanted.groups) aliases.take(localPart(address), address)
  return {
    name: (name, address) => (name.trim() === '' || names.isTaken(name, address) ? address : name).slice(0, LARGEST_NAME),
    alias: (address) => {
      const local = localPart(address)
      return (aliases.isTaken(local, address) ? address.replace('@', '.') : local).slice(0, LARGEST_NAME)
    },
  }
}

/** Whose each word is: another address than one's own. */
class Takers {
  readonly #byWord = new Map<string, Set<string>>()

  take(word: string, address: string): void {
    const known = this.#byWord.get(word.toLowerCase()) ?? new Set()
    this.#byWord.set(word.toLowerCase(), known.add(address.toLowerCase()))
  }

  isTaken(word: string, address: string): boolean {
    const takers = this.#byWord.get(word.toLowerCase())
    return takers !== undefined && (takers.size > 1 || !takers.has(address.toLowerCase()))
  }
}

function localPart(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@')))
}
