import type { Found, Reading } from './found.ts'
import type { Listing } from './listing.ts'
import { listingFile, recognised } from './listings.ts'

/** For tests: what a listing makes of a file, and that the file is recognised without being told. */
export async function reading(listing: Listing, content: string | Buffer): Promise<Reading> {
  const file = listingFile(Buffer.from(content))
  const guessed = recognised(file, 'the file').name
  if (guessed !== listing.name) throw new Error(`taken for ${guessed} instead of ${listing.name}`)
  return readAs(listing, content)
}

/** The same without recognition, as with --from. */
export async function readAs(listing: Listing, content: string | Buffer): Promise<Reading> {
  if (listing.file === null) throw new Error(`${listing.name} is not read from files`)
  return listing.file.read(listingFile(Buffer.from(content)), {})
}

/** The facts that differ from those of a plain user, without the line. */
export function facts({ found }: Pick<Reading, 'found'>): readonly Partial<Found>[] {
  return found.map((each) => {
    const plain = { kind: 'user', mailAlias: null, sizeBytes: null, messages: null, disabled: false, name: null } as const
    const told = Object.entries(each).filter(([key, value]: [string, unknown]) => {
      if (key === 'line') return false
      if (Array.isArray(value)) return value.length > 0
      if (key === 'address') return value !== (each.login.includes('@') ? each.login : null)
      return !(key in plain) || Reflect.get(plain, key) !== value
    })
    return Object.fromEntries(told)
  })
}

export function says({ problems }: Pick<Reading, 'problems'>): readonly string[] {
  return problems.map((each) => `${each.line ?? '-'}: ${each.says}`)
}
