import { UidSet } from '../model/uid-set.ts'

/** "1:5,9,20:11" as a set; ranges are not expanded, nonsense is left out. */
export function parseUidSet(text: string): UidSet {
  const ranges: [number, number][] = []
  for (const piece of text.trim().split(',')) {
    const [a = '', b = a] = piece.split(':')
    const from = Number(a)
    const to = Number(b)
    if (isUid(from) && isUid(to)) ranges.push([from, to])
  }
  return UidSet.ofRanges(ranges)
}

/** The numbers of a SEARCH answer, however many; a trailing "(MODSEQ n)" is left out (RFC 7162 §3.1.5). */
export function parseSearch(text: string): UidSet {
  const end = text.indexOf('(')
  return UidSet.of(numbersIn(end < 0 ? text : text.slice(0, end)))
}

/** Digit by digit: a folder of a million messages answers in one line of several megabytes. */
function* numbersIn(text: string): Generator<number> {
  let number = 0
  for (let at = 0; at <= text.length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit >= 0 && digit <= 9) number = number * 10 + digit
    else {
      if (isUid(number)) yield number
      number = 0
    }
  }
}

/** UIDs in the order they were told ("3:1,9" → 3, 2, 1, 9), as APPENDUID and COPYUID pair them; [] when there are more than `most`. */
export function orderedUids(text: string, most: number): readonly number[] {
  const uids: number[] = []
  for (const piece of text.trim().split(',')) {
    const [a = '', b = a] = piece.split(':')
    const from = Number(a)
    const to = Number(b)
    if (!isUid(from) || !isUid(to)) continue
    if (uids.length + Math.abs(to - from) + 1 > most) return []
    const step = from <= to ? 1 : -1
    for (let uid = from; uid !== to + step; uid += step) uids.push(uid)
  }
  return uids
}

function isUid(number: number): boolean {
  return Number.isSafeInteger(number) && number > 0
}
