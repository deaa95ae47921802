import { FOLDERS, base64Block, internalDate, makeMessage } from './corpus.ts'
import { type MailboxAt, RawImap } from './raw-imap.ts'

export const EDITS = { added: 100, flagged: 100, deleted: 50 } as const

/** Does at the source what a person does between two passes: 100 new messages, 100 with other flags, 50 deleted, in all folders. */
export async function editSource(mailbox: MailboxAt, round: number): Promise<void> {
  await using imap = await RawImap.open(mailbox)
  const folders = FOLDERS.filter(([, share]) => share >= 4).map(([name]) => name)
  const block = base64Block()
  for (const [at, folder] of folders.entries()) {
    const share = (all: number): number => Math.floor((all * (at + 1)) / folders.length) - Math.floor((all * at) / folders.length)
    for (let one = 0; one < share(EDITS.added); one++) {
      const message = makeMessage(10_000_000 + round * 10_000 + at * 1000 + one, 3000 + 250 * one, block)
      const size = message.reduce((sum, chunk) => sum + chunk.length, 0)
      await imap.command([`APPEND "${folder}" () "${internalDate(new Date())}" {${size}+}\r\n`, ...message])
    }
    await imap.command(`SELECT "${folder}"`)
    const uids = uidsIn(await imap.command('UID SEARCH ALL'))
    const deleted = everyNth(uids, share(EDITS.deleted), round * 5)
    const flagged = everyNth(
      uids.filter((uid) => !deleted.includes(uid)),
      share(EDITS.flagged),
      round * 3 + 1,
    )
    await toggle(imap, flagged)
    await imap.command(`UID STORE ${deleted.join(',')} +FLAGS.SILENT (\\Deleted)`)
    await imap.command(`UID EXPUNGE ${deleted.join(',')}`)
  }
}

/** Each of these messages gets `\Flagged` or loses it. */
async function toggle(imap: RawImap, uids: readonly number[]): Promise<void> {
  const having = new Set(uidsIn(await imap.command(`UID SEARCH UID ${uids.join(',')} FLAGGED`)))
  const without = uids.filter((uid) => !having.has(uid))
  if (having.size > 0) await imap.command(`UID STORE ${[...having].join(',')} -FLAGS.SILENT (\\Flagged)`)
  if (without.length > 0) await imap.command(`UID STORE ${without.join(',')} +FLAGS.SILENT (\\Flagged)`)
}

function uidsIn(answer: string): readonly number[] {
  return (/^\* SEARCH(.*)$/m.exec(answer)?.[1] ?? '').trim().split(/\s+/).filter(Boolean).map(Number)
}

/** `count` of the UIDs, spread evenly. */
function everyNth(uids: readonly number[], count: number, offset: number): readonly number[] {
  const step = Math.max(1, Math.floor(uids.length / count))
  const chosen = new Set<number>()
  for (let at = 0; chosen.size < count && at < uids.length; at++) chosen.add(uids[(at * step + offset) % uids.length] ?? 0)
  return [...chosen]
}
