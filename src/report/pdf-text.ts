/**
 * What the fonts of the PDF (Roboto, regular and medium) have letters for: Latin, Greek, Cyrillic and common signs. A test compares it
 * with the fonts.
 */
const SHOWN =
  /[^\u0020-\u007E\u00A0-\u017F\u01A0\u01A1\u01AF\u01B0\u0218-\u021B\u0384-\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03CE\u0400-\u0482\u0488-\u0513\u1E80-\u1E85\u1E9E\u1EA0-\u1EF9\u2010\u2011\u2013-\u2015\u2018-\u201E\u2020-\u2022\u2026\u2030\u2039\u203A\u2044\u20AC\u20BD\u2116\u2122\u2212\u2248\u2260\u2264\u2265\u25CF\uFFFD]/gu
/** Invisible ones, and marks that NFC did not join with their letter. */
const UNSEEN = /[\p{Cf}\p{Mn}\p{Me}]/gu

const LONGEST_WORD = 40

/** Text as the PDF can show it. One for each PDF: `missing` tells whether a letter had to be left out. */
export class PdfText {
  missing = false

  /** One line, at most `longest` characters; what is longer ends after a word. */
  line(text: string, longest = 400): string {
    // Cut before the work, so that a megabyte in a subject costs nothing.
    const clean = this.#shown(text.slice(0, longest * 4).replaceAll(/\s+/g, (blank) => (blank === '\u00A0' ? blank : ' ')))
    const chars = Array.from(clean)
    return chars.length <= longest && text.length <= longest * 4 ? clean : `${wholeWords(chars.slice(0, longest - 1).join(''))}…`
  }

  #shown(text: string): string {
    return text
      .toWellFormed()
      .normalize('NFC')
      .replaceAll('→', '›')
      .replaceAll('☐', '[  ]')
      .replaceAll(UNSEEN, '')
      .replaceAll(SHOWN, () => {
        this.missing = true
        return '\uFFFD'
      })
  }
}

/** A word is left out whole where it is not endless. */
function wholeWords(text: string): string {
  const blank = text.lastIndexOf(' ')
  return text.length - blank > LONGEST_WORD ? text : text.slice(0, blank)
}
