export type VerifyLevel = 'counts' | 'fingerprints' | 'content'

/** found = copied + skipped + failed + missing + unexplained; `different` are copied but not as they should be, `extra` are at the destination only. */
export type VerifyFigures = {
  readonly found: number
  readonly copied: number
  readonly skipped: number
  readonly failed: number
  readonly missing: number
  readonly extra: number
  readonly different: number
  readonly unexplained: number
}

/** One message that is not as it should be. */
export type Finding = {
  readonly kind: 'missing' | 'extra' | 'different'
  readonly uid: number
  readonly subject: string
  readonly says: string
}

export type FolderVerification = VerifyFigures & {
  readonly source: string
  readonly target: string
  readonly folderId: number
  /** Messages whose content was compared. */
  readonly compared: number
  readonly findings: readonly Finding[]
  /** Source UIDs that `--repair` copies again. */
  readonly missingUids: readonly number[]
}

export function addFigures(all: Iterable<VerifyFigures>): VerifyFigures {
  const sum = { found: 0, copied: 0, skipped: 0, failed: 0, missing: 0, extra: 0, different: 0, unexplained: 0 }
  for (const one of all) for (const key of FIGURES) sum[key] += one[key]
  return sum
}

const FIGURES = ['found', 'copied', 'skipped', 'failed', 'missing', 'extra', 'different', 'unexplained'] as const
