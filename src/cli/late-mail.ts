import type { LateMailbox } from '../api/late-mail.ts'
import { quietSince } from '../api/quiet-since.ts'
import { instantText } from './instant.ts'
import { printable, wrapped } from './printable.ts'
import { count, counted } from './units.ts'
import type { Shell } from './world.ts'

/** Mailboxes of one kind that are told by name. */
const NAMES_SHOWN = 20

/** What came to the old side since the switch, who still works there, and where nothing can be seen any more. */
export function printLate(shell: Shell, mailboxes: readonly LateMailbox[], switchedAt: number): void {
  const sum = (kind: 'inbound' | 'local'): number => mailboxes.reduce((all, { kinds }) => all + kinds[kind].messages, 0)
  const [inbound, local] = [sum('inbound'), sum('local')]
  const say = (text: string): void => {
    for (const line of wrapped(text, shell.columns)) shell.print(line)
  }
  shell.print()
  if (inbound + local === 0) say('No late mail came to the old side since the switch.')
  else {
    const last = instantText(quietSince(mailboxes, switchedAt))
    say(`Late mail since the switch: ${count(inbound)} by SMTP, ${count(local)} made on the old host; the last was found at ${last}.`)
  }
  const still = mailboxes.filter(({ kinds }) => kinds.own.messages > 0)
  if (still.length > 0)
    say(
      `${counted(still.length, 'mailbox')} still used at the old server: ${still.slice(0, NAMES_SHOWN).map(nameOf).join(', ')}${more(still)}.`,
    )
  const blind = mailboxes.filter(({ trouble }) => trouble !== null)
  for (const { name, trouble } of blind.slice(0, NAMES_SHOWN)) say(`${printable(name)}: late mail is not seen. ${printable(trouble ?? '')}`)
  if (blind.length > NAMES_SHOWN) say(`And ${count(blind.length - NAMES_SHOWN)} more of which late mail is not seen.`)
}

function nameOf({ name }: LateMailbox): string {
  return printable(name)
}

function more(all: readonly unknown[]): string {
  return all.length > NAMES_SHOWN ? ` and ${count(all.length - NAMES_SHOWN)} more` : ''
}
