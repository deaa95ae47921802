const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator}|.\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Text from outside (names, subjects, servers' words), made harmless for a terminal: control characters, escape sequences,
 * line ends and characters that turn or hide text are written as escapes. Every foreign text passes through here.
 */
export function printable(text: string): string {
  return text.toWellFormed().replaceAll(UNSAFE, escaped)
}

/** One line of JSON that is harmless to look at as well; it parses to the same value. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNSAFE, (char) => `\\u${codeOf(char)}`)
}

/** How many columns a terminal gives to the text. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += segmentWidth(segment)
  return width
}

/** At most `columns` wide; what is cut ends in "...". */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  const dots = '...'.slice(0, Math.max(0, columns))
  for (const { segment } of graphemes.segment(text)) {
    width += segmentWidth(segment)
    if (width > columns - dots.length) break
    kept += segment
  }
  return kept + dots
}

/** Filled with blanks up to `columns`. */
export function padded(text: string, columns: number, side: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(text)))
  return side === 'left' ? text + blanks : blanks + text
}

/** Lines of at most `columns`, broken at blanks where possible; each begins with `indent`. */
export function wrapped(text: string, columns: number, indent = ''): readonly string[] {
  const room = Math.max(10, columns - indent.length)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (widthOf(joined) <= room) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (widthOf(line) > room) {
      const piece = cutHard(line, room)
      lines.push(piece)
      line = line.slice(piece.length)
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines.map((each) => indent + each)
}

function cutHard(text: string, columns: number): string {
  let kept = ''
  let width = 0
  for (const { segment } of graphemes.segment(text)) {
    width += segmentWidth(segment)
    if (width > columns) break
    kept += segment
  }
  return kept === '' ? text : kept
}

function segmentWidth(segment: string): number {
  if (/^[\p{Mn}\p{Me}]+$/u.test(segment)) return 0
  return WIDE.test(segment) ? 2 : 1
}

function escaped(char: string): string {
  if (char === '\n') return '\\n'
  if (char === '\r') return '\\r'
  if (char === '\t') return '\\t'
  return char < '\u0100' ? `\\x${codeOf(char).slice(2)}` : `\\u${codeOf(char)}`
}

function codeOf(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(4, '0')
}
