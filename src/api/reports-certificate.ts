import { createHash, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Ledger } from '../ledger/ledger.ts'
import type { ProjectState } from '../project/state.ts'
import { Failure } from '../model/failure.ts'
import { checkManifest, manifestText } from '../report/manifest.ts'
import type { VerificationFigures } from '../report/pages.ts'
import type { CertificateData } from '../report/verification.ts'
import type { Known } from './reports-statistics.ts'

export const PROOF_FILE = 'verification-proof.json'

const FIGURES = ['found', 'copied', 'skipped', 'failed', 'missing', 'extra', 'different', 'unexplained'] as const
const LEVELS = ['counts', 'fingerprints', 'content'] as const
type Level = (typeof LEVELS)[number]

/**
 * What the books say was proven, signed: the last comparison of every folder. A message that was seen at the new side once, as it should
 * be, is not missing because its owner has moved or deleted it there since. null: nothing was compared yet.
 */
export function proofText(state: ProjectState, ledger: Ledger, known: readonly Known[], key: KeyObject, now: number): string | null {
  const mailboxes = state.mailboxes.map((mailbox): Proven => {
    const id = known.find(({ name }) => name === mailbox.name)?.id ?? null
    const { name, login: source, target, verified } = mailbox
    if (id === null || verified === null) {
      const failure = { code: 'unverified', message: 'It was not compared.' }
      return { name, source, target, verifiedAt: null, level: null, compared: 0, unproven: 0, failure, ...NONE, folders: [] }
    }
    const folders = foldersOf(ledger, id, verified.level)
    const compared = folders.reduce((all, folder) => all + folder.compared, 0)
    const unproven = folders.reduce((all, folder) => all + folder.unproven, 0)
    const verifiedAt = new Date(verified.at).toISOString()
    return { name, source, target, verifiedAt, level: verified.level, compared, unproven, failure: null, ...added(folders), folders }
  })
  const levels = mailboxes.flatMap(({ level }) => (level === null ? [] : [level]))
  if (levels.length === 0) return null
  const level = LEVELS.find((one) => levels.includes(one)) ?? 'counts'
  const compared = level === 'content' ? mailboxes.reduce((all, one) => all + one.compared, 0) : null
  const unproven = mailboxes.reduce((all, one) => all + one.unproven, 0)
  const body = { level, compared, unproven, project: state.name, ...added(mailboxes), mailboxes }
  return manifestText(body, key, new Date(now))
}

type Folder = VerificationFigures & {
  readonly source: string
  readonly target: string
  readonly compared: number
  /** Copied since the comparison: neither proven nor missing. */
  readonly unproven: number
}

type Proven = VerificationFigures & {
  readonly name: string
  readonly source: string
  readonly target: string
  /** ISO 8601. */
  readonly verifiedAt: string | null
  readonly level: Level | null
  readonly compared: number
  readonly unproven: number
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly folders: readonly Folder[]
}

function foldersOf(ledger: Ledger, mailboxId: number, level: Level): readonly Folder[] {
  const results = ledger.verifications(mailboxId).filter((one) => one.level === level)
  return ledger
    .folders(mailboxId)
    .filter(({ goneAt }) => goneAt === null)
    .map((folder) => {
      const { found, copied, skipped, failed, unexplained } = ledger.statement({ folderId: folder.id })
      const proven = ledger.verifiedCount({ folderId: folder.id })
      const result: unknown = results.find(({ folderId }) => folderId === folder.id)?.result
      const seen: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'found') : null
      const open = Math.max(0, copied - proven)
      const missing = Math.min(open, numberIn(seen, 'missing'))
      const different = Math.min(open - missing, numberIn(seen, 'different'))
      return {
        source: folder.sourcePath.join('/'),
        target: (folder.destinationPath ?? []).join('/'),
        found,
        copied: copied - missing,
        skipped,
        failed,
        missing,
        extra: numberIn(seen, 'extra'),
        different,
        unexplained,
        compared: numberIn(seen, 'compared'),
        unproven: open - missing - different,
      }
    })
}

const NONE: VerificationFigures = { found: 0, copied: 0, skipped: 0, failed: 0, missing: 0, extra: 0, different: 0, unexplained: 0 }

function added(all: readonly VerificationFigures[]): VerificationFigures {
  const sum = { ...NONE } as Record<(typeof FIGURES)[number], number>
  for (const one of all) for (const key of FIGURES) sum[key] += one[key]
  return sum
}

/** A proof as it stands in its file, checked. Throws `bad-input` where the file cannot be read, or holds no verification. */
export async function certificateData(file: string): Promise<CertificateData> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new Failure('bad-input', `The proof ${file} cannot be read.`, { cause })
  }
  const { ok, keyFingerprint, signedAt, result } = checkManifest(text)
  const told = ok ? result : null
  const level = LEVELS.find((one) => one === member(told, 'level')) ?? 'counts'
  const compared = member(told, 'compared')
  const signed = signedAt === null ? NaN : Date.parse(signedAt)
  return {
    ...figuresIn(told),
    file: basename(file),
    valid: ok,
    signedAt: ok && Number.isFinite(signed) ? signed : null,
    keyFingerprint,
    sha256: createHash('sha256').update(text).digest('hex'),
    level,
    compared: typeof compared === 'number' ? compared : null,
    unproven: numberIn(told, 'unproven'),
    mailboxes: listIn(told, 'mailboxes').map((one) => ({
      ...figuresIn(one),
      name: textIn(one, 'name'),
      target: textIn(one, 'target'),
      unverified: (member(one, 'failure') ?? null) !== null,
      folders: listIn(one, 'folders').map((folder) => ({
        ...figuresIn(folder),
        source: textIn(folder, 'source'),
        target: textIn(folder, 'target'),
      })),
    })),
  }
}

function figuresIn(of: unknown): VerificationFigures {
  return added([
    {
      found: numberIn(of, 'found'),
      copied: numberIn(of, 'copied'),
      skipped: numberIn(of, 'skipped'),
      failed: numberIn(of, 'failed'),
      missing: numberIn(of, 'missing'),
      extra: numberIn(of, 'extra'),
      different: numberIn(of, 'different'),
      unexplained: numberIn(of, 'unexplained'),
    },
  ])
}

function member(of: unknown, key: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, key) ? Reflect.get(of, key) : null
}

function numberIn(of: unknown, key: string): number {
  const value = member(of, key)
  return typeof value === 'number' ? value : 0
}

function textIn(of: unknown, key: string): string {
  const value = member(of, key)
  return typeof value === 'string' ? value : ''
}

function listIn(of: unknown, key: string): readonly unknown[] {
  const value = member(of, key)
  return Array.isArray(value) ? value : []
}
