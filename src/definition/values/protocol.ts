import type { Protocol } from '../../model/wanted-tenant.ts'
import type { Checked } from './checked.ts'

export const PROTOCOLS = ['imap', 'pop', 'owa', 'mapi', 'activesync', 'ews', 'smtp-auth'] as const satisfies readonly Protocol[]

export type Protocols = Readonly<Partial<Record<Protocol, boolean>>>

/** `imap owa -pop`: those named are switched on, those with a minus before them off, the others are left. */
export function protocolsOf(text: string): Checked<Protocols> {
  if (text.length > 200) return { says: `words of ${PROTOCOLS.join(', ')}` }
  const protocols: Partial<Record<Protocol, boolean>> = {}
  const word = /[\s,;]*([+-]?)\s*(smtp-auth|imap|pop|owa|mapi|activesync|ews)(?![a-z])[\s,;]*/iy
  while (word.lastIndex < text.length) {
    const [, sign, name] = word.exec(text) ?? []
    const known = PROTOCOLS.find((protocol) => protocol === name?.toLowerCase())
    if (known === undefined) return { says: `words of ${PROTOCOLS.join(', ')}, with a minus before what is switched off: imap -pop` }
    protocols[known] = sign !== '-'
  }
  return { value: protocols }
}
