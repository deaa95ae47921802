import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFolderData, placeholder } from './placeholder.ts'

const look = (header: string, tail: Buffer | string, bytes = 5000): string | null =>
  placeholder(Buffer.from(header), bytes, Buffer.from(tail))

test('what servers hand out in place of a message is recognised', () => {
  const courier = 'From: System Administrator <root@mail.example.org>\r\nSubject: message unavailable\r\n\r\n'
  assert.match(look(courier, 'This message is no longer available on the server.\r\n') ?? '', /Courier/)
  const exchange =
    'From: Microsoft Exchange Server 2010\r\nSubject: Retrieval using the IMAP4 protocol failed for the following\r\n message: 17\r\n\r\n'
  assert.match(look(exchange, 'The server could not retrieve the message') ?? '', /Exchange/)
  assert.match(look('Subject: x\r\n\r\n', ' '.repeat(600)) ?? '', /Cyrus/)
  assert.match(look('Subject: x\r\n\r\n', Buffer.alloc(600)) ?? '', /NUL/)
  assert.match(look('Subject: x\r\n\r\n', Buffer.alloc(100), 8192) ?? '', /disk block/)
})

test('the message in which an mbox keeps its own data is no mail, and one about it is', () => {
  const subject = "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\r\n"
  const is = (header: string): boolean => isFolderData(Buffer.from(header))
  assert.ok(is(`${subject}From: Mail System Internal Data <MAILER-DAEMON@mail.example.org>\r\n\r\n`))
  assert.ok(is(`X-IMAP: 1000000000 0000000050\r\n${subject}\r\n`))
  assert.ok(!is(`${subject}From: anna@example.org\r\n\r\n`))
  assert.ok(!is(`X-IMAPbase: 1 2\r\nSubject: What is "FOLDER INTERNAL DATA"?\r\n\r\n`))
  assert.ok(!is('X-IMAPbase: 1 2\r\nSubject: any other\r\n\r\n'))
})

test('an honest message that resembles one is not', () => {
  assert.equal(look('Subject: message unavailable\r\nFrom: a@example.org\r\n\r\n', 'no longer available on the server'), null)
  assert.equal(
    look('Subject: Re: Retrieval using the IMAP4 protocol failed for the following message: 1\r\nX: Microsoft Exchange\r\n\r\n', 'x'),
    null,
  )
  assert.equal(look('Subject: x\r\n\r\n', `${' '.repeat(600)}\r\n`), null)
  assert.equal(look('Subject: x\r\n\r\n', ' '.repeat(100)), null)
  assert.equal(look('Subject: x\r\n\r\n', Buffer.alloc(3), 8192), null)
  assert.equal(look('', ''), null)
})
