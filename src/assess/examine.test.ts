import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldMessage } from '../message/message-bytes.ts'
import { examine } from './examine.ts'

const ACCEPTS = { maxMessageBytes: 100_000, lineBytes: 10_240 }
const HEAD = 'From: anna@example.org\r\nSubject: Hello\r\nDate: Mon, 2 Mar 2020 10:00:00 +0000\r\n'

async function verdicts(text: string | Buffer, seen = true): Promise<readonly string[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  // In small pieces, as they come over the wire.
  const chunks = Array.from({ length: Math.ceil(bytes.length / 700) }, (_, at) => bytes.subarray(at * 700, (at + 1) * 700))
  const examined = await examine(heldMessage(chunks).chunks(), seen, ACCEPTS)
  assert.equal(examined.bytes, bytes.length)
  return examined.verdicts.map(({ code, outcome }) => `${outcome} ${code}`)
}

test('an ordinary message has no trouble', async () => {
  assert.deepEqual(await verdicts(`${HEAD}\r\nHello.\r\n`), [])
})

test('what Exchange would refuse is told by the repair that the copy makes of it', async () => {
  const long = 'x'.repeat(12_000)
  assert.deepEqual(await verdicts(`${HEAD}\r\n${long}\r\n`), ['repaired long-lines'])
  const signed =
    `${HEAD}Content-Type: multipart/signed; boundary=b; protocol="application/pgp-signature"\r\n\r\n` +
    `--b\r\nContent-Type: text/plain\r\n\r\n${long}\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n`
  assert.deepEqual(await verdicts(signed), ['wrapped long-lines'])
  assert.deepEqual(await verdicts(`${HEAD}Disposition-Notification-To: <boss@example.org>\r\n\r\nx\r\n`, false), [
    'repaired receipt-request',
  ])
  assert.deepEqual(await verdicts(`${HEAD}Disposition-Notification-To: <boss@example.org>\r\n\r\nx\r\n`, true), [])
  assert.deepEqual(await verdicts(`${HEAD}\r\n${'x\r\n'.repeat(40_000)}`), ['refused message-too-large'])
  assert.deepEqual(await verdicts(''), ['repaired-if-refused empty'])
})

test('what it often refuses is told too: NULs, raw letters, unknown charsets, single line ends, no header', async () => {
  assert.deepEqual(await verdicts(`${HEAD}\r\nA\0B\r\n`), ['repaired-if-refused nul'])
  assert.deepEqual(await verdicts(`${HEAD}\r\nA\nB\r\n`), ['repaired-if-refused line-ends'])
  assert.deepEqual(await verdicts('From: M\xfcller <m@example.org>\r\nSubject: x\r\n\r\nx\r\n'), ['repaired-if-refused raw-header'])
  assert.deepEqual(await verdicts('From: m@example.org\r\nSubject: =?TELETEX?Q?x?=\r\n\r\nx\r\n'), [
    'repaired-if-refused unknown-charset-word',
  ])
  assert.deepEqual(await verdicts(`Subject: ${'word '.repeat(100)}\r\n\r\nx\r\n`), ['repaired-if-refused shape'])
  assert.deepEqual(await verdicts('From - Mon Mar  2 10:00:00 2020\r\nSubject: x\r\n\r\nx\r\n'), ['repaired-if-refused mbox-from'])
  assert.ok((await verdicts('Just text.\r\nMore.\r\n')).includes('repaired-if-refused no-header'))
})

test('the data of an mbox folder is left out, and a stand-in of the old server is a loss that is told', async () => {
  const data =
    "From: Mail System Internal Data <MAILER-DAEMON@example.org>\r\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\r\nX-IMAP: 1 2\r\n\r\nx\r\n"
  assert.deepEqual(await verdicts(data), ['left-out folder-data'])
  assert.deepEqual(await verdicts(`${HEAD}\r\nx\r\n${' '.repeat(2000)}`), ['refused message-placeholder'])
})
