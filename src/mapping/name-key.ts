/** What decides whether two names are one folder: the name itself, or its form without case and Unicode differences. */
export function nameKey(name: string, caseInsensitive: boolean): string {
  if (!caseInsensitive) return name
  // The final sigma is a matter of position in the word, not of the letter.
  return name.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC')
}

/** The same for a path from the top. INBOX is INBOX in any case on every server (RFC 9051 §5.1). NUL joins: no name holds one. */
export function pathKey(path: readonly string[], caseInsensitive: boolean): string {
  return path.map((name, depth) => (depth === 0 && isInbox(name) ? 'inbox' : nameKey(name, caseInsensitive))).join('\0')
}

export function isInbox(name: string): boolean {
  return name.length === 5 && name.toUpperCase() === 'INBOX'
}
