/** An address that something in the definition has or wants to have. */
export type Claim = {
  readonly address: string
  /** The same for all claims of one entry. */
  readonly owner: string
  /** `alias`, `address` or `sign-in name`. */
  readonly as: string
  /** `mailboxes.csv line 12` or `cutover.yaml line 12, column 5`. */
  readonly where: string
}

/** Every claim to an address that another entry claimed before, as a sentence. In a tenant an address belongs to one object. */
export function doubles(claims: readonly Claim[]): readonly string[] {
  const first = new Map<string, Claim>()
  const says: string[] = []
  const told = new Set<string>()
  for (const claim of claims) {
    const earlier = first.get(claim.address)
    if (earlier === undefined) first.set(claim.address, claim)
    else if (earlier.owner !== claim.owner && !told.has(`${claim.owner} ${claim.address}`)) {
      told.add(`${claim.owner} ${claim.address}`)
      says.push(`${claim.where}: ${claim.as} ${claim.address} is taken already, as ${article(earlier.as)} in ${earlier.where}`)
    }
  }
  return says
}

function article(as: string): string {
  return `${as.startsWith('a') ? 'an' : 'a'} ${as}`
}
