import { base64Lines } from './mime-write.ts'
import { mail, type NastyCase } from './nasty-mail.ts'

const of = (name: string, lines: readonly string[], body: string): NastyCase => ({ name, bytes: () => mail(name, lines, body) })
const typed = (name: string, type: string, body: string): NastyCase => of(name, [`Content-Type: ${type}`], body)
const parts = (boundary: string, ...bodies: readonly string[]): string =>
  `${bodies.map((body) => `--${boundary}\r\n${body}\r\n`).join('')}--${boundary}--\r\n`
const text = (body: string): string => `Content-Type: text/plain; charset=utf-8\r\n\r\n${body}`
const binary = (type: string, bytes: string): string =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(Buffer.from(bytes, 'latin1'))}`

const INVITATION = [
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'VERSION:2.0',
  'PRODID:-//example.org//EN',
  'BEGIN:VEVENT',
  'UID:1@example.org',
  'DTSTART:20210504T083000Z',
  'SUMMARY:Meeting',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n')
const INNER = 'From: clara@partner.example.org\r\nSubject: inside\r\nMessage-ID: <inner@mail.example.test>\r\n\r\nInner text.\r\n'
const BAD_INNER = 'From: clara@partner.example.org\r\nSubject: =?TELETEX?Q?Gr=FC=DFe?=\r\n\r\nInner text.\r\n'

function nested(depth: number): string {
  return depth === 0
    ? INNER
    : `From: anna@partner.example.org\r\nSubject: level ${depth}\r\nContent-Type: message/rfc822\r\n\r\n${nested(depth - 1)}`
}

/** Broken and special MIME structures. */
export const nastyMime: readonly NastyCase[] = [
  typed('alternative', 'multipart/alternative; boundary=b1', parts('b1', text('plain'), 'Content-Type: text/html\r\n\r\n<p>html</p>')),
  typed('boundary-missing', 'multipart/mixed', parts('b2', text('who knows where I end'))),
  typed('boundary-empty', 'multipart/mixed; boundary=""', parts('', text('empty boundary'))),
  typed('boundary-blank', 'multipart/mixed; boundary="b3 "', parts('b3', text('blank after the boundary'))),
  typed('boundary-long', `multipart/mixed; boundary="${'b'.repeat(90)}"`, parts('b'.repeat(90), text('long boundary'))),
  typed('boundary-in-body', 'multipart/mixed; boundary=b4', parts('b4', text('not a delimiter: --b4x\r\n --b4\r\nx--b4'))),
  typed('boundary-never-seen', 'multipart/mixed; boundary=b5', 'No delimiter anywhere.\r\n'),
  typed('unterminated', 'multipart/mixed; boundary=b6', `--b6\r\n${text('first')}\r\n--b6\r\n${text('second, and no end')}\r\n`),
  typed(
    'preamble-long',
    'multipart/mixed; boundary=b7',
    `${'This is a preamble.\r\n'.repeat(5000)}${parts('b7', text('after it'))}Epilogue.\r\n`,
  ),
  typed('no-parts', 'multipart/mixed; boundary=b8', '--b8--\r\n'),
  typed('empty-parts', 'multipart/mixed; boundary=b9', parts('b9', '\r\n', text(''), 'Content-Type: application/pdf\r\n')),
  typed('content-type-empty', ' ', 'Empty content type.\r\n'),
  typed('content-type-twice', 'text/plain\r\nContent-Type: text/html', '<p>which?</p>\r\n'),
  typed('content-type-broken', 'text', 'Only half a type.\r\n'),
  typed('charset-empty', 'text/plain; charset=', 'Charset is missing.\r\n'),
  typed('charset-unknown', 'text/plain; charset=x-nobody-knows', 'Caf\xe9\r\n'),
  of('base64-broken', ['Content-Type: application/pdf', 'Content-Transfer-Encoding: base64'], 'QUJD*#REVG\r\nR0g\r\n'),
  of('base64-blanks', ['Content-Type: application/pdf', 'Content-Transfer-Encoding: base64'], 'QUJD REVG R0hJ\r\n'),
  of('qp-broken', ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'], '50 =% and =XY and =\r\n'),
  of('encoding-unknown', ['Content-Type: text/plain', 'Content-Transfer-Encoding: x-uue'], 'begin 644 a\r\nend\r\n'),
  of('encoding-with-charset', ['Content-Type: text/plain', 'Content-Transfer-Encoding: quoted-printable; charset=utf-8'], 'caf=C3=A9\r\n'),
  typed('forwarded', 'multipart/mixed; boundary=b10', parts('b10', text('see below'), `Content-Type: message/rfc822\r\n\r\n${INNER}`)),
  typed(
    'forwarded-bad-word',
    'multipart/mixed; boundary=b11',
    parts('b11', text('see below'), `Content-Type: message/rfc822\r\n\r\n${BAD_INNER}`),
  ),
  typed('nested-30', 'message/rfc822', nested(30)),
  typed('partial', 'message/partial; number=1; total=3; id="p@example.org"', 'the first third\r\n'),
  typed('external-body', 'message/external-body; access-type=URL; URL="https://example.org/a"', 'Content-Type: image/png\r\n\r\n'),
  typed('invitation', 'text/calendar; method=REQUEST; charset=utf-8', `${INVITATION}\r\n`),
  typed(
    'invitation-alternative',
    'multipart/alternative; boundary=b12',
    parts('b12', text('You are invited.'), `Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n${INVITATION}`),
  ),
  typed(
    'tnef',
    'multipart/mixed; boundary=b13',
    parts('b13', text('see winmail.dat'), binary('application/ms-tnef; name="winmail.dat"', '\x78\x9f\x3e\x22 tnef')),
  ),
  typed(
    'smime-signed',
    'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=b14',
    parts('b14', text('signed text'), binary('application/pkcs7-signature; name="smime.p7s"', '0\x82 signature')),
  ),
  of(
    'smime-encrypted',
    ['Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"', 'Content-Transfer-Encoding: base64'],
    base64Lines(Buffer.from('0\x82 not really encrypted', 'latin1')),
  ),
  typed(
    'pgp-encrypted',
    'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b15',
    parts(
      'b15',
      'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1',
      'Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----',
    ),
  ),
  typed(
    'signed-long-line',
    'multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha256; boundary=b16',
    parts('b16', text('s'.repeat(11_000)), 'Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----'),
  ),
  typed(
    'appledouble',
    'multipart/appledouble; boundary=b17',
    parts('b17', binary('application/applefile; name="a"', '\0\x05\x16\x07'), binary('image/jpeg; name="a.jpg"', '\xff\xd8\xff')),
  ),
  typed(
    'bounce',
    'multipart/report; report-type=delivery-status; boundary=b18',
    parts(
      'b18',
      text('Could not be delivered.'),
      'Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\nAction: failed\r\nStatus: 5.1.1',
      `Content-Type: message/rfc822\r\n\r\n${INNER}`,
    ),
  ),
  typed(
    'read-receipt',
    'multipart/report; report-type=disposition-notification; boundary=b19',
    parts(
      'b19',
      text('Read.'),
      'Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; ben@old.example.test\r\nDisposition: manual-action/MDN-sent-manually; displayed',
    ),
  ),
  typed(
    'attachment-name-2231',
    'multipart/mixed; boundary=b20',
    parts('b20', text('a name'), binary("application/pdf; name*=utf-8''%C3%9Cbersicht.pdf", '%PDF-1.4')),
  ),
  typed(
    'attachments-300',
    'multipart/mixed; boundary=b21',
    parts('b21', ...Array.from({ length: 300 }, (_, i) => binary(`image/gif; name="${i}.gif"`, `GIF89a${i}`))),
  ),
  of('no-mime-version', ['MIME-Version:', 'Content-Type: text/html'], '<p>html</p>\r\n'),
]
