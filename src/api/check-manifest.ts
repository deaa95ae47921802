import { readFile } from 'node:fs/promises'
import { Failure } from '../model/failure.ts'
import { checkManifest } from '../report/manifest.ts'
import type { ManifestResult, VerifyFigures, VerifyLevel } from './results.ts'

/** Checks a signed manifest offline. */
export async function checkManifestFile(file: string): Promise<ManifestResult> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new Failure('bad-input', `The manifest ${file} cannot be read.`, { cause: error })
  }
  const { ok, problems, keyFingerprint, signedAt, result } = checkManifest(text)
  const told = ok ? readResult(result) : null
  return {
    file,
    valid: ok,
    reason: ok ? null : problems.join(' '),
    keyFingerprint,
    signedAt,
    level: told?.level ?? null,
    figures: told?.figures ?? null,
    unverified: ok ? unverifiedIn(result) : [],
  }
}

function unverifiedIn(result: unknown): readonly string[] {
  const mailboxes: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'mailboxes') : null
  if (!Array.isArray(mailboxes)) return []
  return mailboxes.flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null || (Reflect.get(each, 'failure') ?? null) === null) return []
    return [String(Reflect.get(each, 'name'))]
  })
}

const FIGURES = ['found', 'copied', 'skipped', 'failed', 'missing', 'extra', 'different', 'unexplained'] as const
const LEVELS: readonly VerifyLevel[] = ['counts', 'fingerprints', 'content']

function readResult(result: unknown): { level: VerifyLevel | null; figures: VerifyFigures | null } {
  if (typeof result !== 'object' || result === null) return { level: null, figures: null }
  const level = LEVELS.find((one) => one === Reflect.get(result, 'level')) ?? null
  const values = FIGURES.map((key): unknown => Reflect.get(result, key))
  if (!values.every((value) => typeof value === 'number')) return { level, figures: null }
  const [found = 0, copied = 0, skipped = 0, failed = 0, missing = 0, extra = 0, different = 0, unexplained = 0] = values
  return { level, figures: { found, copied, skipped, failed, missing, extra, different, unexplained } }
}
