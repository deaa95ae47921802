/**
 * `seen`: the domain's own records say so. `documented`: what the service itself publishes, or a kept list of it. `unverified`:
 * general knowledge, a hint and no more.
 */
export type Mark = 'seen' | 'documented' | 'unverified'

/** Whose names end so, without a dot in front. A star in a label stands for any digits. */
export type Owner = { readonly name: string; readonly ends: readonly string[]; readonly mark: Mark }

/**
 * Whose host this is. Whole labels are compared, and of several ends the one with the most labels counts: `sendgrid.net.evil.example`
 * is nobody's.
 */
export function ownerOf<O extends Owner>(host: string, owners: readonly O[]): O | null {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.')
  let best: { readonly owner: O; readonly labels: number } | null = null
  for (const owner of owners)
    for (const end of owner.ends) {
      const wanted = end.split('.')
      const tail = labels.slice(-wanted.length)
      const fits = wanted.length <= labels.length && wanted.every((label, at) => labelFits(tail[at] ?? '', label))
      if (fits && wanted.length > (best?.labels ?? 0)) best = { owner, labels: wanted.length }
    }
  return best?.owner ?? null
}

function labelFits(label: string, pattern: string): boolean {
  if (!pattern.includes('*')) return label === pattern
  const [before = '', after = ''] = pattern.split('*')
  return label.startsWith(before) && label.endsWith(after) && /^\d+$/.test(label.slice(before.length, label.length - after.length))
}
