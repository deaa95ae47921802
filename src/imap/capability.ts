/** What IMAP4rev2 contains without naming it (RFC 9051 §E): for servers that speak rev2 alone. */
const IN_REV2 =
  'NAMESPACE UNSELECT UIDPLUS ESEARCH ENABLE IDLE SASL-IR LIST-EXTENDED LIST-STATUS MOVE LITERAL- SPECIAL-USE STATUS=SIZE CHILDREN'

/** Capabilities in upper case. Some servers put a blank into "LITERAL +". `without` is treated as absent. */
export function parseCapabilities(text: string, without: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const words = text
    .toUpperCase()
    .replace(/LITERAL ([+-])(?= |$)/, 'LITERAL$1')
    .split(' ')
    .filter((word) => word !== '')
  const found = new Set(words)
  if (found.has('IMAP4REV2') && !found.has('IMAP4REV1') && !found.has('IMAP4')) for (const word of IN_REV2.split(' ')) found.add(word)
  if (found.has('QRESYNC')) found.add('CONDSTORE')
  for (const word of without) found.delete(word)
  return found
}

/** The server's own size limit for APPEND (RFC 7889), null when it tells none. */
export function appendLimit(capabilities: ReadonlySet<string>): number | null {
  for (const word of capabilities) {
    const match = /^APPENDLIMIT=(\d+)$/.exec(word)
    if (match !== null) return Number(match[1])
  }
  return null
}
