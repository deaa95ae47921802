const GERMAN: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue', ß: 'ss', æ: 'ae', Æ: 'Ae', ø: 'o', Ø: 'O', å: 'a', Å: 'A', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', þ: 'th', ı: 'i', œ: 'oe' } // prettier-ignore

/** The text in ASCII as its owner would write it, without what is in no alphabet: for proposals. */
export function inAscii(text: string): string {
  return Array.from(text.normalize('NFC'))
    .map((char) => GERMAN[char] ?? char.normalize('NFD').replaceAll(/\p{M}/gu, ''))
    .join('')
    .replaceAll(/[^\x20-\x7e]/g, '')
}

/** The text with only these characters, and no dot at its ends or twice; '' where nothing is left. */
export function fitted(text: string, allowed: RegExp, most: number): string {
  const kept = Array.from(inAscii(text))
    .filter((char) => allowed.test(char))
    .join('')
  return kept
    .replaceAll(/\.{2,}/g, '.')
    .replace(/^\.+/, '')
    .slice(0, most)
    .replace(/\.+$/, '')
}

/** The characters that are not allowed, each once, as a person reads them. */
export function strangers(text: string, allowed: RegExp): string {
  const found = new Set(Array.from(text).filter((char) => !allowed.test(char)))
  return [...found].map((char) => (char === ' ' ? 'a blank' : /\p{C}/u.test(char) ? 'a control character' : char)).join(' ')
}
