import type { Language } from '../model/language.ts'
import type { Anchors } from './schedule.ts'

/** Somebody who gets messages: once, however many mailboxes and addresses are theirs. Addresses are in lower case. */
export type Addressee = {
  /** Finds them again in the journal. */
  readonly person: string
  /** All that is known to be theirs. */
  readonly addresses: readonly string[]
  readonly name: string
  /** Where mail to them goes, before the switch to the old side and then to the new one. */
  readonly address: string
  readonly login: string
  /** `de-AT`: how times are written for them. */
  readonly locale: string
  readonly language: Language
  /** What reaches the new mailbox before the switch; null: nothing is known to. */
  readonly newSide: string | null
  /** A private address; null: none is known. */
  readonly elsewhere: string | null
  /** Their mail cannot be copied without a password that only they have. */
  readonly needsPassword: boolean
  readonly anchors: Anchors
  readonly role: 'customer' | 'user'
}

/** What one row of the list, or one contact, says of a person. */
export type Known = Omit<Addressee, 'person'>

/**
 * One addressee for all rows that share an address: somebody with two mailboxes, or whose alias has a row of its own. The first row
 * names them; the earliest dates hold, as they must not hear too late.
 */
export function addressees(rows: readonly Known[]): readonly Addressee[] {
  const byAddress = new Map<string, Known[]>()
  const groups = new Set<Known[]>()
  for (const row of rows) {
    const [first = [], ...others] = new Set(row.addresses.flatMap((one) => [byAddress.get(one) ?? []].filter((group) => group.length > 0)))
    first.push(...others.flat(), row)
    groups.add(first)
    for (const other of others) groups.delete(other)
    for (const { addresses } of first) for (const one of addresses) byAddress.set(one, first)
  }
  return [...groups].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const earliest = (of: keyof Anchors): number | null => {
      const known = group.flatMap(({ anchors }) => anchors[of] ?? [])
      return known.length === 0 ? null : Math.min(...known)
    }
    const all = (of: keyof Anchors): number | null => {
      const known = group.map(({ anchors }) => anchors[of])
      return known.includes(null) ? null : Math.max(...known.flatMap((one) => one ?? []))
    }
    return [
      {
        ...first,
        person: first.address,
        addresses: [...new Set(group.flatMap(({ addresses: some }) => some))],
        newSide: group.find(({ newSide }) => newSide !== null)?.newSide ?? null,
        elsewhere: group.find(({ elsewhere }) => elsewhere !== null)?.elsewhere ?? null,
        needsPassword: group.some(({ needsPassword }) => needsPassword),
        // "All your mail is there" is said once it is true of all that is theirs.
        anchors: { kickoff: earliest('kickoff'), cutover: earliest('cutover'), switched: earliest('switched'), done: all('done') },
      },
    ]
  })
}
