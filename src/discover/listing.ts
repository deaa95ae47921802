import type { Context } from '../lib/context.ts'
import type { Graph } from '../microsoft/graph.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import type { Problem, Reading } from './found.ts'
import type { SettingKey } from './settings.ts'

/** A file that holds a listing. */
export type ListingFile = { readonly bytes: Buffer; readonly text: string }

/**
 * One way to learn who has a mailbox: from a file that a command of the system wrote, from the system itself, or both. One file in
 * `adapters/` each, one line in `listings.ts`.
 */
export type Listing = {
  /** As `--from` names it. */
  readonly name: string
  readonly title: string
  /** What an administrator runs to get the file; '' where there is nothing to run. */
  readonly command: string
  readonly file: FileListing | null
  readonly live: LiveListing | null
}

export type FileListing = {
  /** Whether a file of which nothing is told looks like this one. */
  recognises(file: ListingFile): boolean
  /** Never throws for what stands in the file: what cannot be read is a problem with its line. */
  read(file: ListingFile, settings: LiveSettings['text']): Reading | Promise<Reading>
}

export type LiveListing = {
  /** What an address that can be asked looks like. */
  readonly url: string
  /** The settings that it understands; those in `needs` must be given. */
  readonly uses: readonly SettingKey[]
  readonly needs: readonly SettingKey[]
  /** What the secret is that it wants; null: none of its own. */
  readonly secret: string | null
  /** Reads only. Throws a `Failure`. */
  list(url: string, settings: LiveSettings, ports: LivePorts): Promise<Reading>
}

export type LiveSettings = {
  readonly text: Readonly<Partial<Record<SettingKey, string>>>
  readonly secret: Secret | null
  /** PEM of a CA to trust. */
  readonly ca: string | null
}

/** What a listing needs from the rest of the product. */
export type LivePorts = {
  readonly ctx: Context
  readonly progress: (found: number) => void
  /** A token of Google's for the administrator `subject`, by the key file (JSON) of a service account. */
  readonly googleToken: (keyFile: Secret, subject: string, scope: string) => Promise<Secret>
  /** Microsoft Graph. `standIn`: base URL of a simulator that takes its place, and that of the sign-in service. */
  readonly graph: (standIn: string | null) => Promise<Graph>
}

/** The secret that a live listing needs. */
export function secretOf(settings: LiveSettings): Secret {
  if (settings.secret === null)
    throw new Failure('bad-input', 'The secret to sign in with is missing: give --secret env:NAME or file:PATH.')
  return settings.secret
}

/** The lines of a text with something in them, trimmed at the end. */
export function linesOf(file: ListingFile): readonly { readonly line: number; readonly text: string }[] {
  return file.text
    .split(/\r\n|\n|\r/)
    .map((text, at) => ({ line: at + 1, text: text.trimEnd() }))
    .filter(({ text }) => text !== '')
}

/** A reading that failed as a whole. */
export function unreadable(line: number | null, says: string): Reading {
  const problems: readonly Problem[] = [{ line, says }]
  return { found: [], problems }
}

/** A line that was not understood: only its beginning is repeated, as a password may stand behind it. */
export function strange(line: number, text: string, expected: string): Problem {
  const trimmed = text.trim()
  const beginning = /^[^\s,;:|=\t]*/.exec(trimmed)?.[0].slice(0, 40) ?? ''
  const shown = beginning === '' ? trimmed.slice(0, 1) : beginning
  return { line, says: `"${shown}${shown === trimmed ? '' : '...'}" is not ${expected}` }
}
