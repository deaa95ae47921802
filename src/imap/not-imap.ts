const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^220[ -].*\bftp\b/i, 'a server for files (FTP)'],
  [/^(?:220|421|554)[ -]/, 'a server that takes mail in (SMTP)'],
  [/^(?:\+OK|-ERR)\b/, 'a POP3 server'],
  [/^HTTP\/|^\s*<(?:!doctype|html)/i, 'a web server'],
  [/^SSH-/, 'an SSH server'],
  [/^RFB \d/, 'a screen server (VNC)'],
  [/^\x04\x18|^\x05\x00|^\x00\x00\x00\x04/, 'no mail server'],
  [/^.\x00\x00\x00\x0a[58]\./s, 'a MySQL database'],
]
const SHOWN_CHARS = 80

/** The beginning of a TLS record (RFC 8446 §5.1). */
export function isTls(seen: string): boolean {
  return /^[\x14-\x17]\x03[\x00-\x04]/.test(seen)
}

/** What answers at `where`, when its first bytes (latin1) are not those of an IMAP server; one sentence. */
export function notImap(where: string, seen: string): string {
  if (isTls(seen)) return `${where} speaks TLS from the start: its address begins with imaps://.`
  const what = KNOWN.find(([words]) => words.test(seen))?.[1]
  const line = seen.split(/[\r\n]/, 1)[0] ?? ''
  const shown = line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS)}...` : line
  if (what === undefined) return `${where} does not greet as an IMAP server does. It said: "${shown}"`
  return `${where} is ${what}, not an IMAP server. It said: "${shown}"`
}
