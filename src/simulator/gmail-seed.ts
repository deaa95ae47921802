import type { GmailStore } from './gmail-store.ts'
import { nastyMessages } from './nasty-messages.ts'
import { Random } from './random.ts'
import type { MailboxSeed } from './seed-mailbox.ts'
import { seedMessage } from './seed-message.ts'

type Kind = { readonly labels: readonly string[]; readonly share: number }

/** What lies in a mailbox of Gmail: with one label, with several, with none. */
const KINDS: readonly [Kind, ...Kind[]] = [
  { labels: ['\\Inbox'], share: 22 },
  { labels: ['\\Inbox', '\\Important'], share: 8 },
  { labels: [], share: 14 },
  { labels: ['\\Important'], share: 4 },
  { labels: ['\\Sent'], share: 14 },
  { labels: ['\\Sent', '\\Inbox'], share: 1 },
  { labels: ['Projects'], share: 4 },
  { labels: ['Projects/Harbour', 'Projects'], share: 6 },
  { labels: ['Projects/Harbour/Drawings', '\\Inbox', 'To do'], share: 3 },
  { labels: ['\\Inbox', 'To do'], share: 4 },
  { labels: ['\\Sent', 'Projects/Harbour'], share: 3 },
  { labels: ['Müller & Söhne', 'Bills "paid"'], share: 4 },
  { labels: ['Bills "paid"', '\\Inbox'], share: 3 },
  { labels: ['日本語/請求書'], share: 2 },
  { labels: ['+1', 'Archive'], share: 2 },
  { labels: ['Archive'], share: 2 },
  { labels: ['\\Draft'], share: 1 },
  { labels: ['\\Muted'], share: 1 },
]

const NEWEST = Date.UTC(2026, 9, 30, 12)
const SPAN_MS = 9 * 365.25 * 86_400_000

/** Fills a mailbox of Gmail with labelled mail: same seed, same mail. */
export function seedGmail(store: GmailStore, seed: MailboxSeed): void {
  const random = new Random(seed.seed, seed.mailbox, 77)
  const drawn = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind))
  store.createFolder('Empty label')
  store.createFolder('Projects/Planned/Nothing yet')
  for (let index = 0; index < seed.messages; index++) {
    const date = new Date(Math.floor((NEWEST - SPAN_MS * (1 - index / Math.max(1, seed.messages))) / 1000) * 1000)
    const { labels } = index < KINDS.length ? (KINDS[index] ?? KINDS[0]) : (drawn[random.int(drawn.length)] ?? KINDS[0])
    const flags = [...(random.chance(0.7) ? ['\\Seen'] : []), ...(random.chance(0.1) ? ['\\Flagged'] : [])]
    const content = contentOf(seed, index, date)
    const put = random.int(40)
    if (put === 1) store.addMessage(store.spam, content, { internalDate: date })
    else if (put === 2) store.addMessage(store.trash, content, { flags: ['\\Seen'], internalDate: date })
    else store.deliver(content, { labels, flags: labels.includes('\\Draft') ? [...flags, '\\Draft'] : flags, internalDate: date })
  }
  if (!seed.nasty) return
  for (const message of nastyMessages()) {
    const { name, flags, internalDate } = message
    const times = name === 'identical-twice' ? 2 : 1
    const labels = name === 'in-three-folders' ? ['Odd', 'Odd/Copies', 'Odd/More copies'] : ['Odd']
    for (let i = 0; i < times; i++) store.deliver(message.bytes(), { labels, flags, internalDate })
  }
}

function contentOf(seed: MailboxSeed, index: number, date: Date): { readonly sizeBytes: number; bytes(): Buffer } {
  const { owner, medianBytes, maxBytes } = seed
  const bytes = (): Buffer => seedMessage({ seed: seed.seed, mailbox: seed.mailbox, index }, { owner, date, medianBytes, maxBytes })
  let size = -1
  return {
    get sizeBytes() {
      if (size < 0) size = bytes().length
      return size
    },
    bytes,
  }
}
