/**
 * Labels of a message beside the folder it is in: they travel as IMAP keywords, so that they are carried, compared and recorded like
 * flags. Where a destination has no keywords the ledger alone holds them, in this form.
 */
const PREFIX = 'label:'
/** Of a label that is recorded and does not travel. */
const KEPT = 'label~'

/** What must not stand in a keyword (RFC 9051 §9, atom), and `&`, which begins an encoded run. */
const UNFIT = /[^\x21-\x7e]+|[(){%*"\\\]&]+/g

/** The keyword of a label; any name, told back exactly by `labelOfKeyword`. */
export function keywordOfLabel(name: string): string {
  return (
    PREFIX +
    name.replace(UNFIT, (run) => {
      const utf16 = Buffer.from(run, 'utf16le').swap16()
      return `&${utf16.toString('base64').replaceAll('=', '').replaceAll('/', ',')}-`
    })
  )
}

/** The same label, to be recorded only: servers hold so many different keywords in a folder and no more. */
export function keptOnly(keyword: string): string {
  return keyword.startsWith(PREFIX) ? KEPT + keyword.slice(PREFIX.length) : keyword
}

export function isKeptOnly(keyword: string): boolean {
  return keyword.startsWith(KEPT)
}

/** The name of the label; null for any other flag or keyword. */
export function labelOfKeyword(keyword: string): string | null {
  if (!keyword.startsWith(PREFIX) && !keyword.startsWith(KEPT)) return null
  return decodedRuns(keyword.slice(PREFIX.length))
}

/** A text whose characters beyond ASCII stand as modified UTF-7, as labels and the tags of Thunderbird do; other texts come back as they are. */
export function decodedRuns(text: string): string {
  return text.replace(/&([A-Za-z0-9+,]+)-/g, (_, run: string) => {
    const bytes = Buffer.from(run.replaceAll(',', '/'), 'base64')
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le')
  })
}

/** The names of the labels among a message's flags. */
export function labelsAmong(flags: readonly string[]): readonly string[] {
  return flags.flatMap((flag) => labelOfKeyword(flag) ?? [])
}
