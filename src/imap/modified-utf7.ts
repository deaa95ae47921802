/** Modified UTF-7 (RFC 3501 §5.1.3): how IMAP writes folder names. */

/** The name as it goes over the wire. */
export function encodeFolderName(path: string): string {
  return path.replace(/&|[^\x20-\x7e]+/g, (run) => {
    if (run === '&') return '&-'
    const units = Buffer.from(run, 'utf16le').swap16()
    return `&${units.toString('base64').replace(/=+$/, '').replace(/\//g, ',')}-`
  })
}

/** The name as it goes over the wire of this session: UTF-8 where that is in force, modified UTF-7 everywhere else. */
export function folderNameFor(session: { readonly state: { readonly utf8Names: boolean } }, path: string): string {
  return session.state.utf8Names ? Buffer.from(path).toString('latin1') : encodeFolderName(path)
}

/**
 * The name as people read it. Never throws: a name that is no modified UTF-7 is read as UTF-8 where its octets are that, and
 * otherwise comes back as it is.
 */
export function decodeFolderName(raw: string): string {
  if (/[^\x00-\x7f]/.test(raw)) return utf8(raw) ?? raw
  if (!raw.includes('&')) return raw
  if (!/^(?:[^&]|&[A-Za-z0-9+,/]*-)*$/.test(raw)) return raw
  let sound = true
  const decoded = raw.replace(/&([A-Za-z0-9+,/]*)-/g, (_, code: string) => {
    if (code === '') return '&'
    const octets = Buffer.from(code.replace(/,/g, '/'), 'base64')
    if (octets.length < 2 || octets.length % 2 !== 0) {
      sound = false
      return ''
    }
    return octets.swap16().toString('utf16le')
  })
  return sound && decoded.isWellFormed() ? decoded : raw
}

/** Reads octets held in a latin1 string as UTF-8; null when they are not. */
export function utf8(raw: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(raw, 'latin1'))
  } catch {
    return null
  }
}
