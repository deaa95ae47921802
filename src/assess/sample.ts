import type { ListedFolder } from '../model/folder.ts'

/** How many messages of each mailbox are read whole. */
export type Sample = { readonly messages: number } | { readonly percent: number } | 'full' | 'none'

/** Where the server does not say how many there are. */
const BLIND_SHARE = 0.05

/** A number of messages of a mailbox becomes a share of it, 0–1, by what the listing of its folders tells. */
export function shareOf(sample: Sample, folders: readonly ListedFolder[]): number {
  if (sample === 'full') return 1
  if (sample === 'none') return 0
  if ('percent' in sample) return Math.min(1, sample.percent / 100)
  const selectable = folders.filter((folder) => folder.selectable)
  const messages = selectable.reduce((sum, { status }) => sum + (status?.messages ?? 0), 0)
  if (messages === 0) return selectable.some(({ status }) => status === null) ? BLIND_SHARE : 1
  return Math.min(1, sample.messages / messages)
}

/** As it was asked for: "400", "5%", "full". */
export function sampleText(sample: Sample): string {
  if (typeof sample === 'string') return sample
  return 'percent' in sample ? `${sample.percent}%` : String(sample.messages)
}
