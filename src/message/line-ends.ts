/** CR LF, LF and CR CR LF become one `end`; each CR that no LF follows becomes one `lone`. Linear, also on a million CRs. */
export function normalLineEnds(text: string, end: string, lone: string): string {
  return text.replaceAll(/\r+\n?|\n/g, (found) => (found.endsWith('\n') ? end : lone.repeat(found.length)))
}
