/** A mailbox for chaos, the same for the same seed, and a day of its owner's life over IMAP. */
import type { ImapFlow } from 'imapflow'

import { Random } from '../../src/simulator/random.ts'
import { seedMessage } from '../../src/simulator/seed-message.ts'
import { LONG_LINE, letter } from '../crash/mail.ts'
import type { Planted } from '../scenario/maildir.ts'

/** Names that are the same everywhere, so that a copy's place is known. */
export const FOLDERS = ['INBOX', 'Projects', 'Offers', 'Lists'] as const
/** The subject of the one message that Exchange must get repaired. */
export const LONG = 'Letter long'

const FLAGS: readonly [readonly string[], ...(readonly string[])[]] = [
  [],
  ['\\Seen'],
  ['\\Seen', '\\Answered'],
  ['\\Flagged'],
  ['\\Seen', '\\Flagged'],
  ['\\Draft'],
]
const FIRST = Date.UTC(2024, 0, 1)
const HOUR_MS = 3_600_000
const OWNER = 'anna@old.example.test'

export type Contents = ReadonlyMap<string, readonly Planted[]>

export type Recipe = { readonly seed: number; readonly messages: number; readonly nameless: boolean }

/** Messages of all sizes, among them twins, one with over-long lines, one too large to be held, and one that nothing but its body names. */
export function contentsOf({ seed, messages, nameless }: Recipe): Contents {
  const random = new Random(seed, 1)
  const folders = new Map<string, Planted[]>(FOLDERS.map((name) => [name, []]))
  const put = (bytes: Buffer, folder = random.pick(FOLDERS)): void => {
    const internalDate = new Date(FIRST + [...folders.values()].flat().length * HOUR_MS)
    folders.get(folder)?.push({ bytes, flags: random.pick(FLAGS), internalDate })
  }
  for (let index = 0; index < messages; index++) put(oneOf(seed, index))
  put(letter({ id: 'long', body: LONG_LINE }))
  put(letter({ id: 'large', bytes: 400_000 }))
  if (nameless) put(letter({ id: null, body: 'Nothing tells who this is.\r\n' }))
  for (const twins of ['Projects', 'Lists'] as const) {
    const folder = folders.get(twins) ?? []
    const [first] = folder
    if (first !== undefined) folder.push(first, first)
  }
  return folders
}

function oneOf(seed: number, index: number): Buffer {
  return seedMessage({ seed, mailbox: 1, index }, { owner: OWNER, date: new Date(FIRST), medianBytes: 2500, maxBytes: 200_000 })
}

/** New mail; without `only` also flags set and taken, mail moved and deleted. */
export async function workADay(client: ImapFlow, seed: number, only: 'new mail' | null): Promise<void> {
  const random = new Random(seed, 2)
  await client.connect()
  try {
    for (let i = 0; i < 6; i++) {
      const at = new Date(FIRST + (10_000 + i) * HOUR_MS)
      await client.append(random.pick(FOLDERS), oneOf(seed, 100_000 + i), [...random.pick(FLAGS)], at)
    }
    if (only !== null) return
    for (const name of FOLDERS) {
      const { exists } = await client.mailboxOpen(name)
      const any = (): string => String(1 + random.int(exists))
      if (exists < 8) continue
      await client.messageFlagsSet(any(), ['\\Seen', '\\Flagged'])
      await client.messageFlagsRemove(any(), ['\\Seen'])
      await client.messageMove(any(), random.pick(FOLDERS.filter((other) => other !== name) as [string, ...string[]]))
      await client.messageDelete(String(1 + random.int(exists - 1)))
    }
  } finally {
    await client.logout()
  }
}
