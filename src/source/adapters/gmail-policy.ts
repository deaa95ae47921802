import { decodeFolderName } from '../../imap/modified-utf7.ts'
import { keywordOfLabel } from '../../model/labels.ts'

/** What a system label is to us: a folder of its own, a flag, or nothing that another system knows. */
const SYSTEM: Readonly<
  Record<string, { readonly folder?: string; readonly name?: string; readonly keyword?: string; readonly chat?: true }>
> = {
  '\\inbox': { folder: 'INBOX', name: 'Inbox' },
  '\\sent': { folder: '\\Sent', name: 'Sent' },
  '\\draft': { folder: '\\Drafts' },
  '\\drafts': { folder: '\\Drafts' },
  '\\important': { keyword: '$Important' },
  '\\chat': { chat: true },
  '\\chats': { chat: true },
}

/** Where mail without a label of its own goes: what Gmail calls archived. */
export const ARCHIVE = '\\Archive'
/** System folders when no user label decides, the first that fits. */
const ORDER = ['\\Sent', '\\Drafts', 'INBOX', ARCHIVE] as const

/** The one folder of a message, and what of its other labels travels as keywords. `folder` null: it is no mail (a chat). */
export type Choice = { readonly folder: string | null; readonly keywords: readonly string[] }

/**
 * One folder for each message, so that it is copied once: a label of the user before all, the deepest, then the longest, then the first
 * by alphabet; else Sent, Drafts, INBOX; else the archive. `may`: folders that can be chosen at all. The other labels of the user, and that
 * it is in the inbox or was sent, become keywords; `\Starred` is `\Flagged` already, and `\Muted` means nothing elsewhere.
 */
export function choose(labels: readonly string[], may: (folder: string) => boolean = () => true): Choice {
  const own = labels.filter((label) => !label.startsWith('\\'))
  const system = labels.flatMap((label) => SYSTEM[label.toLowerCase()] ?? [])
  if (own.length === 0 && system.some((one) => one.chat === true)) return { folder: null, keywords: [] }
  const [user] = own.filter(may).sort(compareLabels)
  const folder = user ?? ORDER.find((one) => may(one) && (one === ARCHIVE || system.some((each) => each.folder === one))) ?? null
  const keywords = new Set<string>()
  for (const label of own) if (label !== folder) keywords.add(keywordOfLabel(decodeFolderName(label)))
  for (const one of system) {
    if (one.keyword !== undefined) keywords.add(one.keyword)
    if (one.name !== undefined && one.folder !== folder) keywords.add(keywordOfLabel(one.name))
  }
  return { folder, keywords: [...keywords].sort() }
}

function compareLabels(a: string, b: string): number {
  const [x, y] = [decodeFolderName(a), decodeFolderName(b)]
  const depth = (name: string): number => name.split('/').length
  return depth(y) - depth(x) || y.length - x.length || (x < y ? -1 : 1)
}
