import { isSystemFlag } from './flags.ts'
import { decodedRuns, labelOfKeyword } from './labels.ts'

/** Keywords with a meaning of their own that people know by another name (imap-sources §7.4). */
const KNOWN: Readonly<Record<string, string>> = {
  $label1: 'Important',
  $label2: 'Work',
  $label3: 'Personal',
  $label4: 'To Do',
  $label5: 'Later',
}

/** What programs note for themselves. Every other keyword that begins with `$` is of this kind too. */
const MARKS = new Set(
  `forwarded junk notjunk nonjunk junkrecorded old redirected replied unseen attached indexed priority readrcpt receiptchecked
   recent nil label:important muted hasattachment hasnoattachment nottrainedspam`.split(/\s+/),
)

/** The labels and tags of a message among its flags, as people read them, sorted: what a destination with categories can show. */
export function categoriesAmong(flags: readonly string[]): readonly string[] {
  const names = flags.flatMap((flag) => {
    if (isSystemFlag(flag) || flag.startsWith('\\')) return []
    const lower = flag.toLowerCase()
    const label = labelOfKeyword(flag) ?? KNOWN[lower]
    if (label !== undefined) return [label]
    return flag.startsWith('$') || MARKS.has(lower) ? [] : [decodedRuns(flag)]
  })
  return [...new Set(names)].sort()
}
