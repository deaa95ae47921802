import { REPAIRS } from '../message/plan.ts'
import type { TroubleOutcome } from './assessment.ts'

const SAYS: Readonly<Record<string, string>> = {
  'message-too-large': 'Larger than Exchange accepts.',
  'message-unreadable': 'The old server lists them and does not hand them out.',
  'message-placeholder': 'The old server hands out a stand-in, as it cannot read the message itself: lost there already.',
  'folder-data': 'No mail: messages in which the old server keeps the UIDs of a folder.',
  'long-lines': 'A line is so long that Exchange ends the connection.',
  'receipt-request': 'Unread, and the sender asked for a receipt: none is to be sent for old mail.',
  'bridge-field': 'They have a field that Proton Mail Bridge adds for itself.',
  'mbox-from': 'They begin with a separator line of an mbox file.',
  'no-header': 'They have no header.',
  'header-end': 'The blank line after the header is missing.',
  'line-ends': 'Lines end in a single CR or LF.',
  nul: 'They have NUL bytes in them.',
  empty: 'They have no bytes at all.',
  'raw-header': 'The header has letters beyond ASCII that are not encoded.',
  'unknown-charset-word': 'The header has words in a charset that nobody can tell.',
  shape: 'Their structure or a field is larger than Exchange takes: subject, addresses, parts, depth.',
}

const THEN: Readonly<Record<TroubleOutcome, (code: string) => string>> = {
  refused: () => 'They do not travel, and are listed with their reason.',
  wrapped: () => 'They are signed or cannot be taken apart: the whole message travels as an attachment.',
  'left-out': () => 'They are left out, which is right.',
  repaired: (code) => `They travel with a repair: ${repairOf(code)}.`,
  'repaired-if-refused': (code) => `If Exchange refuses one it travels with a repair: ${repairOf(code)}.`,
}

/** A kind of trouble in two sentences: what it is, and what becomes of such messages. */
export function troubleSays(code: string, outcome: TroubleOutcome): string {
  return `${SAYS[code] ?? `Trouble of the kind ${code}.`} ${THEN[outcome](code)}`
}

function repairOf(code: string): string {
  const repairs: Readonly<Record<string, string>> = REPAIRS
  return repairs[code] ?? code
}
