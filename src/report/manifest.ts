import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { canonicalJson, toJson } from './canonical-json.ts'
import type { Json } from './canonical-json.ts'
import { keyFingerprint } from './manifest-key.ts'
import { writeWhole } from './write-whole.ts'

export const MANIFEST_FORMAT = 'cutover-manifest-1'

/**
 * What a verification found. Any figures may stand beside the ones named here; all are signed. Each mailbox and each folder also gets a
 * SHA-256 of its own entry, so that one can be shown and proved without the others.
 */
export type ManifestBody = {
  readonly mailboxes: readonly { readonly name: string; readonly folders: readonly object[] }[]
}

type MailboxDigest = { readonly name: string; readonly sha256: string; readonly folders: readonly string[] }

type Signed = {
  readonly format: string
  /** ISO 8601. */
  readonly signedAt: string
  readonly result: Json
  readonly digests: { readonly sha256: string; readonly mailboxes: readonly MailboxDigest[] }
}

/** What `checkManifest` tells; the figures are to be believed only when `ok`. */
export type ManifestCheck = {
  readonly ok: boolean
  /** Sentences; empty when everything holds. */
  readonly problems: readonly string[]
  /** SHA-256 of the signing public key, hex. */
  readonly keyFingerprint: string | null
  readonly signedAt: string | null
  readonly result: Json
}

/**
 * The text of a signed manifest: JSON of three lines. The second is exactly the bytes that are signed (Ed25519, RFC 8032), so that they
 * can be checked with any tool; see docs/guide/manifest.md.
 */
export function manifestText(body: ManifestBody, key: KeyObject, signedAt: Date): string {
  const result = toJson(body)
  const signed = canonicalJson(toJson({ format: MANIFEST_FORMAT, signedAt: signedAt.toISOString(), result, digests: digestsOf(result) }))
  const signature = canonicalJson({
    algorithm: 'Ed25519',
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    value: sign(null, Buffer.from(signed), key).toString('base64'),
  })
  return `{"signature":${signature},"signed":\n${signed}\n}\n`
}

/** Writes the manifest, whole or not at all. */
export async function writeManifest(path: string, body: ManifestBody, key: KeyObject, signedAt: Date): Promise<void> {
  await writeWhole(path, manifestText(body, key, signedAt))
}

/**
 * Checks a manifest offline: that its text is the one that was signed, to the last figure. Who signed it is only as sure as the fingerprint
 * of the key: compare it with the one told by another way, or pass it as `expected`. Never throws.
 */
export function checkManifest(text: string, expected?: string): ManifestCheck {
  const problems: string[] = []
  const outer = parsed(text)
  if (outer === null) return refused('This is not a manifest: it is not JSON.')
  const signature = member(outer, 'signature')
  const signed = member(outer, 'signed')
  const [publicKey, value] = [stringOf(member(signature, 'publicKey')), stringOf(member(signature, 'value'))]
  if (publicKey === null || value === null || signed === undefined)
    return refused('This is not a manifest: signature or signed part is missing.')
  const key = publicKeyOf(publicKey)
  if (key === null) return refused('The public key in the manifest is not an Ed25519 key.')

  const bytes = Buffer.from(canonicalOrEmpty(signed))
  if (!verify(null, bytes, key, Buffer.from(value, 'base64')))
    problems.push('The signature does not fit: the manifest was changed after it was signed.')
  // A second "found" beside the signed one would be seen by some readers and not by others.
  if (withoutBlanks(text) !== canonicalOrEmpty(outer))
    problems.push('The manifest was rewritten: it is not in the form in which it was signed.')
  if (member(signed, 'format') !== MANIFEST_FORMAT) problems.push('The format of the manifest is not one that this version knows.')
  const result = member(signed, 'result') ?? null
  if (canonicalOrEmpty(member(signed, 'digests') ?? null) !== digestsText(result)) problems.push('The digests do not fit the results.')
  const fingerprint = keyFingerprint(key)
  if (expected !== undefined && expected.toLowerCase().replaceAll(/[\s:]/g, '') !== fingerprint)
    problems.push('It was signed with another key than the expected one.')
  return { ok: problems.length === 0, problems, keyFingerprint: fingerprint, signedAt: stringOf(member(signed, 'signedAt')), result }
}

/** A tree of SHA-256: of each folder's entry, of each mailbox's entry, and of the list of both. */
function digestsOf(result: Json): Signed['digests'] {
  const mailboxes = listOf(member(result, 'mailboxes')).map((mailbox): MailboxDigest => ({
    name: stringOf(member(mailbox, 'name')) ?? '',
    sha256: sha256(canonicalJson(mailbox)),
    folders: listOf(member(mailbox, 'folders')).map((folder) => sha256(canonicalJson(folder))),
  }))
  return { sha256: sha256(canonicalJson(toJson(mailboxes))), mailboxes }
}

/** null for results that no manifest can hold. */
function digestsText(result: Json): string | null {
  try {
    return canonicalJson(toJson(digestsOf(result)))
  } catch {
    return null
  }
}

function refused(problem: string): ManifestCheck {
  return { ok: false, problems: [problem], keyFingerprint: null, signedAt: null, result: null }
}

function parsed(text: string): Json | null {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

function publicKeyOf(pem: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: pem, format: 'pem', type: 'spki' })
    // createPublicKey takes private keys too; what stands here must be public.
    return key.asymmetricKeyType === 'ed25519' && pem.includes('BEGIN PUBLIC KEY') ? key : null
  } catch {
    return null
  }
}

/** The text less the blanks between its tokens. */
function withoutBlanks(text: string): string {
  return text.replaceAll(/("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+/g, (_, kept: string | undefined) => kept ?? '')
}

function canonicalOrEmpty(value: Json): string {
  try {
    return canonicalJson(value)
  } catch {
    return ''
  }
}

function member(value: Json | undefined, key: string): Json | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined
  return Object.entries(value).find(([name]) => name === key)?.[1]
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

function stringOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
