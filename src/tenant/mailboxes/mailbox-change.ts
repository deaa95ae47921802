import type { Expected, Json } from '../../model/change.ts'
import type { CmdletCallData, TenantChange } from '../call.ts'

/** One property of an object that is set, in words. */
export type Setting = {
  readonly name: string
  readonly to: Json
  readonly as: Expected['as']
  /** `hidden from address lists`. */
  readonly says: string
  /** What it was, where that is known and says something: `36 MB`. */
  readonly was?: string | null
  /** What undo sets; what stood there where nothing is said. */
  readonly putBack?: Json
}

export type SettingsChange = Pick<TenantChange, 'key' | 'kind' | 'about' | 'after'> & {
  /** `Set anna@example.org`: the settings come after a colon. */
  readonly says: string
  readonly look: CmdletCallData
  readonly cmdlet: string
  readonly settings: readonly Setting[]
  /** Parameters besides the settings, of the cmdlet that sets and of the one that puts back. */
  readonly parameters: Readonly<Record<string, Json>>
}

/** All settings of one object in one call, put back as they were; none where nothing is to be set. */
export function settingsChange(change: SettingsChange): readonly TenantChange[] {
  const { key, kind, about, after, look, cmdlet, settings, parameters } = change
  if (settings.length === 0) return []
  // One that says nothing is told by its neighbour.
  const told = settings
    .filter(({ says }) => says !== '')
    .map(({ says, was }) => (was === undefined || was === null ? says : `${says} (was ${was})`))
  return [
    {
      key,
      kind,
      about,
      says: `${change.says}: ${told.join(', ')}`,
      after,
      look: { call: look },
      expect: { is: 'set', values: Object.fromEntries(settings.map(({ name, to, as }) => [name, { to, as }])) },
      calls: [{ cmdlet, parameters: { ...parameters, ...Object.fromEntries(settings.map(({ name, to }) => [name, to])) } }],
      undo: [
        {
          cmdlet,
          parameters: {
            ...parameters,
            ...Object.fromEntries(settings.map(({ name, putBack }) => [name, putBack ?? { $: `before.${name}` }])),
          },
        },
      ],
      takes: 'minutes',
    },
  ]
}

const MB = 1024 ** 2
/** Exchange takes no larger messages (Exchange Online limits). */
export const LARGEST_MESSAGE_BYTES = 150 * MB

/** A size as a cmdlet takes it, to the byte. */
export function sizeParameter(bytes: number): string {
  return bytes % MB === 0 ? `${bytes / MB}MB` : `${bytes}B`
}

export function sizeInWords(bytes: number | null): string | null {
  if (bytes === null) return null
  if (bytes === Infinity) return 'unlimited'
  const [unit, name] = bytes >= 1024 * MB ? [1024 * MB, 'GB'] : bytes >= MB ? [MB, 'MB'] : [1024, 'KB']
  return `${Number((bytes / unit).toFixed(1))} ${name}`
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
