import { VIRUS_MARKER } from './faults.ts'
import { mail, type NastyCase } from './nasty-mail.ts'

const of = (name: string, body: string | Buffer, lines: readonly string[] = []): NastyCase => ({
  name,
  bytes: () => mail(name, lines, body),
})
const raw = (name: string, text: string | Buffer): NastyCase => ({
  name,
  bytes: () => (Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1')),
})
const at = (name: string, internalDate: Date, lines: readonly string[] = []): NastyCase => ({
  ...of(name, 'Look at my date.\r\n', lines),
  internalDate,
})

/** Odd bytes, sizes, identities and received dates. */
export const nastyContents: readonly NastyCase[] = [
  raw('empty', ''),
  raw('one-byte', 'x'),
  raw('no-header', '\r\nOnly a body, no header at all.\r\nSecond line.\r\n'),
  raw('no-header-no-blank-line', 'only a body without any header\r\nand a second line\r\n'),
  raw('header-only', 'From: anna@partner.example.org\r\nSubject: header only\r\nMessage-ID: <nasty.header-only@mail.example.test>\r\n'),
  raw(
    'mbox-from-line',
    `From anna@partner.example.org Tue May  4 10:30:00 2021\r\n${mail('mbox-from-line', [], 'Body.\r\n').toString('latin1')}`,
  ),
  of('no-message-id', 'No Message-ID.\r\n', ['Message-ID:']),
  of('no-message-id-twin', 'No Message-ID either, another text.\r\n', ['Message-ID:', 'Subject: no-message-id']),
  of('same-id-first', 'The first of two with one Message-ID.\r\n', ['Message-ID: <nasty.same-id@mail.example.test>', 'Subject: same id']),
  of('same-id-second', 'The second of two, another text.\r\n', ['Message-ID: <nasty.same-id@mail.example.test>', 'Subject: same id']),
  of('identical-twice', 'I am here twice, byte for byte.\r\n'),
  of('in-three-folders', 'I am in three folders.\r\n'),
  of('no-final-newline', 'The last line does not end'),
  of('line-10239', `${'a'.repeat(10_239)}\r\nend\r\n`),
  of('line-10240', `${'b'.repeat(10_240)}\r\nend of the message\r\n`),
  of('line-100000', `${'word '.repeat(20_000)}\r\nend of the message\r\n`),
  of('line-last-long', `first\r\n${'c'.repeat(12_000)}`),
  of('line-long-html', `<p>${'<b>x</b>'.repeat(2500)}</p>\r\nend of the message\r\n`, ['Content-Type: text/html; charset=utf-8']),
  of('line-long-base64', `${'QUJD'.repeat(5000)}\r\n`, [
    'Content-Type: application/octet-stream; name="a.bin"',
    'Content-Transfer-Encoding: base64',
  ]),
  of('line-long-utf8', Buffer.from(`${'ü'.repeat(9000)}\r\nend of the message\r\n`), [
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]),
  of('nul-in-body', 'before\0after\r\n\0\0\r\n'),
  of('nul-tail', `text\r\n${'\0'.repeat(64)}`),
  of('bare-lf', 'one\ntwo\nthree\n'),
  raw('bare-lf-everywhere', mail('bare-lf-everywhere', [], 'one\r\ntwo\r\n').toString('latin1').replaceAll('\r\n', '\n')),
  of('bare-cr', 'one\rtwo\rthree\r\n'),
  of('double-cr', 'one\r\r\ntwo\r\r\n'),
  of('dot-lines', '.\r\n..\r\n.hidden\r\n'),
  of('from-lines', 'From here on\r\n>From there\r\n'),
  of('like-a-command', 'A1 LOGOUT\r\nA2 APPEND INBOX {5}\r\n* BYE\r\n+ go ahead\r\n)\r\n'),
  of('like-a-literal', 'the end {10}\r\n{20+}\r\n'),
  of('8bit-latin1', Buffer.from('Gr\xfc\xdfe aus K\xf6ln\r\n', 'latin1'), [
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: 8bit',
  ]),
  of('8bit-undeclared', Buffer.from('Gr\xfc\xdfe ohne Zeichensatz\r\n', 'latin1')),
  of('invalid-utf8', Buffer.from('valid then \xc3\x28 and \xff\xfe\r\n', 'latin1'), [
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]),
  of('uuencoded', 'begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n'),
  of('format-flowed', 'flowed text \r\nthat goes on \r\nand on\r\n-- \r\nsignature\r\n', [
    'Content-Type: text/plain; format=flowed; charset=us-ascii',
  ]),
  of('trailing-blanks', 'blanks   \r\ntab\t\r\n   \r\n\r\n\r\n'),
  of('virus-marker', `${VIRUS_MARKER}\r\nharmless\r\n`),
  of('size-25-kb', '0123456789abcdef0123456789abcdef0123456789abcdef\r\n'.repeat(512)),
  of('size-300-kb', '0123456789abcdef0123456789abcdef0123456789abcdef\r\n'.repeat(6144)),
  at('date-1899', new Date(Date.UTC(1899, 11, 30)), ['Date: Sat, 30 Dec 1899 00:00:00 +0000']),
  at('date-1969', new Date(Date.UTC(1969, 11, 31, 23, 59, 59))),
  at('date-1970', new Date(0)),
  at('date-2038', new Date(Date.UTC(2038, 0, 19, 3, 14, 8))),
  at('date-2099', new Date(Date.UTC(2099, 5, 1)), ['Date: Mon, 1 Jun 2099 00:00:00 +0000']),
  at('date-differs-by-years', new Date(Date.UTC(2024, 1, 29)), ['Date: Fri, 3 Mar 2000 12:00:00 -0800']),
]
