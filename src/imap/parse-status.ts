import type { GarbageResponse, Status, StatusResponse } from './response.ts'

const TAGGED = /^(\S+) (OK|NO|BAD)(?= |$)/i
const STATUS = /^(OK|NO|BAD|BYE|PREAUTH)(?: |$)/i

/** A line that begins with neither "*" nor "+": a tagged reply, a lone response code (Exchange), or garbage. */
export function garbageOrStatus(line: string): StatusResponse | GarbageResponse {
  const tagged = TAGGED.exec(line)
  if (tagged?.[1] !== undefined) return parseStatus(tagged[1], line, tagged[1].length + 1)
  if (/^\[[A-Z]+[ \]]/i.test(line)) return parseStatus(null, line, 0)
  return { kind: 'garbage', text: line }
}

/** Reads "OK [CODE arguments] text" from `from` on; every piece may be missing, a lone "[CODE …]" counts as OK. */
export function parseStatus(tag: string | null, line: string, from: number): StatusResponse {
  let rest = line.slice(from)
  const word = STATUS.exec(rest)
  const status = (word?.[1]?.toUpperCase() ?? 'OK') as Status
  if (word !== null) rest = rest.slice(word[0].length)
  rest = rest.trim()
  const end = rest.startsWith('[') ? codeEnd(rest) : -1
  if (end < 0) return { kind: 'status', tag, status, code: '', codeText: '', text: rest }
  const inside = rest.slice(1, end).trim()
  const space = inside.indexOf(' ')
  const code = (space < 0 ? inside : inside.slice(0, space)).toUpperCase()
  const codeText = space < 0 ? '' : inside.slice(space + 1).trim()
  return { kind: 'status', tag, status, code, codeText, text: rest.slice(end + 1).trim() }
}

/** Keywords in PERMANENTFLAGS may hold "]": a code with a list ends at ")]". */
function codeEnd(text: string): number {
  if (/^\[\S+ \(/.test(text)) {
    const end = text.indexOf(')]')
    if (end >= 0) return end + 1
  }
  return text.indexOf(']')
}
