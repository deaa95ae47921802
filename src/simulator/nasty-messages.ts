import { nastyContents } from './nasty-contents.ts'
import { nastyHeaders } from './nasty-headers.ts'
import { mail, type NastyCase } from './nasty-mail.ts'
import { nastyMime } from './nasty-mime.ts'

/** A message that breaks something somewhere: one of a family of cases, by name. */
export type NastyMessage = {
  readonly name: string
  readonly flags: readonly string[]
  readonly internalDate: Date
  bytes(): Buffer
}

const DAY = Date.UTC(2021, 4, 4, 8, 30)

/** Every family of the nasty cases that a message can carry. `identical-twice` and `in-three-folders` are told by how often they are stored. */
export function nastyMessages(): readonly NastyMessage[] {
  return [...nastyContents, ...nastyHeaders, ...nastyMime, ...flagCases()].map((one, i) => ({
    name: one.name,
    flags: one.flags ?? ['\\Seen'],
    internalDate: one.internalDate ?? new Date(DAY + i * 3_600_000),
    bytes: () => one.bytes(),
  }))
}

/** The case with this name. Throws when there is none. */
export function nastyMessage(name: string): NastyMessage {
  const found = nastyMessages().find((message) => message.name === name)
  if (found === undefined) throw new RangeError(`no nasty message ${name}`)
  return found
}

function flagCases(): readonly NastyCase[] {
  const sets: readonly (readonly [string, readonly string[]])[] = [
    ['none', []],
    ['seen', ['\\Seen']],
    ['answered', ['\\Answered']],
    ['flagged', ['\\Flagged']],
    ['draft', ['\\Draft']],
    ['deleted', ['\\Seen', '\\Deleted']],
    ['all', ['\\Seen', '\\Answered', '\\Flagged', '\\Draft']],
    ['keywords', ['\\Seen', '$Forwarded', '$Junk', 'NonJunk', '$label1', '$Phishing', 'project:harbour']],
    ['mdn-sent', ['\\Seen', '$MDNSent']],
    ['many-keywords', Array.from({ length: 60 }, (_, i) => `keyword${i}`)],
  ]
  return sets.map(([name, flags]) => ({ name: `flags-${name}`, flags, bytes: () => mail(`flags-${name}`, [], `Flags: ${name}.\r\n`) }))
}
