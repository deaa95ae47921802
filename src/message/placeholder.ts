import { readHeader } from './header.ts'

/** Fewer trailing blanks or NULs than this are taken as the message's own. */
const PADDING_BYTES = 512
const DISK_BLOCK_BYTES = 4096

/**
 * Why the bytes are a stand-in for a message that the source could not read, or null for a message as good as any. These are
 * losses at the source: to be reported apart from those of the migration. `tail` is the message's last bytes, 1 KiB is enough.
 */
export function placeholder(header: Buffer, bytes: number, tail: Buffer): string | null {
  return standIn(header, tail) ?? padding(bytes, tail)
}

/** The message that c-client (UW-IMAP, Pine) puts first into an mbox to keep UIDs and flags in; servers that do not know it show it as mail. */
export function isFolderData(header: Buffer): boolean {
  if (!header.includes('FOLDER INTERNAL DATA')) return false
  const ours = /^X-IMAP(?:base)?:/im.test(header.toString('latin1')) || header.includes('Mail System Internal Data')
  return ours && readHeader(header).subject === "DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA"
}

function standIn(header: Buffer, tail: Buffer): string | null {
  const courier = header.includes('message unavailable')
  if (!courier && !header.includes('IMAP4')) return null
  const { subject, from } = readHeader(header)
  if (courier && subject.toLowerCase() === 'message unavailable' && from !== null && from.startsWith('root@')) {
    if (tail.includes('no longer available on the server')) return 'Courier hands out "message unavailable": it cannot read the file'
  }
  if (/^Retrieval using the IMAP4 protocol failed for the following message/i.test(subject) && header.includes('Microsoft Exchange')) {
    return 'Exchange hands out "Retrieval using the IMAP4 protocol failed": it cannot convert the item'
  }
  return null
}

function padding(bytes: number, tail: Buffer): string | null {
  const last = tail[tail.length - 1]
  if (last !== 0x20 && last !== 0) return null
  let run = 1
  while (run < tail.length && tail[tail.length - 1 - run] === last) run++
  if (last === 0x20) return run > PADDING_BYTES ? 'ends in a long run of blanks: Cyrus pads a truncated file like this' : null
  if (run > PADDING_BYTES) return 'ends in a long run of NUL bytes: the file is damaged at the source'
  return bytes % DISK_BLOCK_BYTES === 0 && run >= 16 ? 'ends in NUL bytes at a disk block: the file is damaged at the source' : null
}
