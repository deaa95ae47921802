import type { Estimate } from './assessment.ts'

/** Of the bounds that are told. */
export const CONFIDENCE = 0.95
/** Of the normal distribution, for 95 % on both sides together. */
const Z = 1.959964

/**
 * Whether this message belongs to a sample of `share` (0–1) of all: each by itself, the same answer every time, so that a reading that was
 * broken off goes on with the same sample.
 */
export function isChosen(seed: number, uid: number, share: number): boolean {
  if (share >= 1) return true
  let hash = Math.imul(seed ^ uid, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < share
}

/**
 * What `seen` among `read` of `all` means for all: bounds after Wilson, with the correction for a finite number. Nothing read: anything
 * is possible. Everything read: what was seen is what there is.
 */
export function estimate(seen: number, read: number, all: number): Estimate {
  if (read >= all) return exactly(seen)
  if (read <= 0) return { seen: 0, likely: 0, atLeast: 0, atMost: all }
  const z = Z * Math.sqrt((all - read) / Math.max(1, all - 1))
  const p = seen / read
  const scale = 1 + (z * z) / read
  const middle = (p + (z * z) / (2 * read)) / scale
  const half = (z * Math.sqrt((p * (1 - p)) / read + (z * z) / (4 * read * read))) / scale
  return {
    seen,
    likely: Math.max(seen, Math.round(p * all)),
    atLeast: Math.max(seen, Math.floor((middle - half) * all)),
    atMost: Math.min(all - (read - seen), Math.max(seen, Math.ceil((middle + half) * all))),
  }
}

/**
 * At most so many messages have something that was seen in none that was read: were there more, wherever they are, one of them would have
 * been among those, with the confidence that is told. `share`: the smallest part that was read of a mailbox, 0–1.
 */
export function unseenAtMost(share: number, all: number): number {
  if (share >= 1) return 0
  if (share <= 0) return all
  return Math.min(all, Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(1 - share)))
}

export function exactly(messages: number): Estimate {
  return { seen: messages, likely: messages, atLeast: messages, atMost: messages }
}

/** The sum of estimates that know nothing of each other: errors do not add up, their squares do. */
export function together(estimates: readonly Estimate[]): Estimate {
  let [seen, likely, below, above, most] = [0, 0, 0, 0, 0]
  for (const one of estimates) {
    seen += one.seen
    likely += one.likely
    below += (one.likely - one.atLeast) ** 2
    above += (one.atMost - one.likely) ** 2
    most += one.atMost
  }
  return {
    seen,
    likely,
    atLeast: Math.max(seen, Math.floor(likely - Math.sqrt(below))),
    atMost: Math.min(most, Math.ceil(likely + Math.sqrt(above))),
  }
}

/** The seed of a folder, from its name and its UIDVALIDITY (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
