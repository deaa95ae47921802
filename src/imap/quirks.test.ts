import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quirksOf } from './quirks.ts'

const named = (greeting: string, name?: string): readonly string[] =>
  [...quirksOf(greeting, new Map(name === undefined ? [] : [['name', name]]))].sort()

test('Exchange is known by its greeting or by its ID, and lists items beside mail', () => {
  const quirks = ['lists-items', 'plain-list', 'renders-anew']
  assert.deepEqual(named('The Microsoft Exchange IMAP4 service is ready. [QQBNADYA]'), quirks)
  assert.deepEqual(named('Microsoft Exchange Server 2007 IMAP4 service is ready'), quirks)
  assert.deepEqual(named('Hello', 'Microsoft.Exchange.Imap4.Imap4Server'), quirks)
})

test('Domino is known to change Message-IDs', () => {
  assert.deepEqual(named('Domino IMAP4 Server Release 9.0.1FP10 ready Sun, 22 Nov 2026 10:00:00 +0100'), [
    'message-id-changes',
    'renders-anew',
  ])
})

test('iCloud is known by a capability of its own', () => {
  assert.deepEqual([...quirksOf('ready', new Map(), new Set(['IMAP4REV1', 'XAPPLEPUSHSERVICE']))], ['peek-marks-seen'])
})

test('Zimbra is known to count commands', () => {
  assert.deepEqual(named('mail.example.org Zimbra 8.8.15_GA_4059 IMAP4rev1 server ready'), ['counts-commands'])
  assert.deepEqual(named('ready', 'Zimbra'), ['counts-commands'])
})

test('a server that nothing odd is known of has no quirks', () => {
  assert.deepEqual(named('Dovecot (Debian) ready.', 'Dovecot'), [])
  assert.deepEqual(named('IMAP4rev1 Hello', 'Y!IMAP'), [])
})
