import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dovecot } from './dovecot.ts'
import { changeLanguage } from './exchange-mailbox.ts'
import { startImapServer } from './imap-server.ts'
import { MailStore } from './mail-store.ts'
import { nastyMessage } from './nasty-messages.ts'
import { openExchange, RawClient } from './raw-client.fixture.ts'
import { startSimulator } from './simulator.ts'

const BODY = 'Subject: x\r\n\r\nhello\r\n'

test('folder names are trimmed, case-insensitive, and some are reserved', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, language: 'en' })
  await using client = await openExchange(simulator, 'anna@example.test')
  assert.match(await client.ask('CREATE "  Padded  /  inner "'), /^A OK/)
  assert.match(await client.ask('LIST "" "padded/*"'), /^\* LIST \(\\HasNoChildren\) "\/" Padded\/inner\r$/m)
  assert.equal(await client.ask('CREATE PADDED'), 'A NO Mailbox already exists\r\n')
  assert.equal(await client.ask('CREATE "sent items"'), 'A NO Mailbox already exists\r\n')
  assert.equal(await client.ask('CREATE Files'), 'A NO Folder name is reserved\r\n')
  assert.match(await client.ask('STATUS "pADDED/INNER" (MESSAGES)'), /^\* STATUS Padded\/inner \(MESSAGES 0\)\r$/m)
  assert.match(await client.ask('SELECT missing'), /^A NO missing doesn't exist\.\r\n$/)
  assert.match(await client.ask('DELETE "Sent Items"'), /^A NO /)
})

test('what is not in IMAP4rev1 is refused with BAD', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  await using client = await openExchange(simulator, 'anna@example.test')
  await client.ask('SELECT INBOX')
  assert.equal(await client.ask('LIST "" "*" RETURN (SPECIAL-USE)'), 'A BAD Command Argument Error. 11\r\n')
  assert.equal(await client.ask('UID SEARCH KEYWORD $Junk'), 'A BAD Command Argument Error. 11\r\n')
  assert.equal(await client.ask('ENABLE CONDSTORE'), 'A BAD Command Error. 12\r\n')
  assert.equal(await client.ask('GETQUOTAROOT INBOX'), 'A BAD Command Error. 12\r\n')
  assert.match(await client.ask('UID SEARCH CHARSET UTF-8 SUBJECT x'), /^A NO \[BADCHARSET \(US-ASCII\)\]/)
  assert.equal(await client.ask(`UID FETCH ${'1,'.repeat(6000)}1 (UID)`), 'A BAD Command Error. 10\r\n')
  assert.equal(await client.ask('APPEND INBOX "never" {1+}\r\nx'), 'A BAD Command Argument Error. 11\r\n')
})

test('a language change renames the default folders; messages and UIDs stay', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, language: 'en' })
  const store = simulator.exchangeStore('anna@example.test')
  await using client = await openExchange(simulator, 'anna@example.test')
  await client.ask(`APPEND "Sent Items" {${BODY.length}+}\r\n${BODY}`)
  const before = store.folder('Sent Items')
  changeLanguage(store, 'de')
  assert.match(await client.ask('SELECT "Sent Items"'), /^A NO /)
  assert.match(await client.ask('LIST "" "*"'), /^\* LIST \(\\HasNoChildren \\Sent\) "\/" "Gesendete Elemente"\r$/m)
  assert.match(await client.ask('LIST "" "*"'), /"\/" Entw&APw-rfe\r$/m)
  assert.equal(store.folder('Gesendete Elemente')?.id, before?.id)
  assert.equal(store.folder('Gesendete Elemente')?.messages.length, 1)
})

test('a mailbox may show no special-use attributes at all', async () => {
  await using simulator = await startSimulator({ mailboxes: 4 })
  await using client = await openExchange(simulator, 'david@example.test')
  assert.doesNotMatch(await client.ask('LIST "" "*"'), /\\Sent/)
})

test('\\Flagged set by APPEND is known to IMAP only, until STORE sets it', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  const store = simulator.exchangeStore('anna@example.test')
  await using client = await openExchange(simulator, 'anna@example.test')
  await client.ask(`APPEND INBOX (\\Flagged) {${BODY.length}+}\r\n${BODY}`)
  await client.ask('SELECT INBOX')
  assert.match(await client.ask('UID FETCH 1 (FLAGS)'), /FLAGS \(\\Flagged\)/)
  assert.equal(store.message('INBOX', 1)?.flaggedOnlyByAppend, true)
  await client.ask('UID STORE 1 +FLAGS.SILENT (\\Flagged)')
  assert.equal(store.message('INBOX', 1)?.flaggedOnlyByAppend, false)
})

test('a Subject in an unknown charset is refused, also inside an attached message', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  await using client = await openExchange(simulator, 'anna@example.test')
  for (const name of ['word-unknown-charset', 'forwarded-bad-word']) {
    const bytes = nastyMessage(name).bytes()
    assert.equal(await client.ask(`APPEND INBOX {${bytes.length}+}\r\n${bytes.toString('latin1')}`), 'A BAD Command Argument Error. 11\r\n')
  }
  const bytes = nastyMessage('word-koi8').bytes()
  assert.match(await client.ask(`APPEND INBOX {${bytes.length}+}\r\n${bytes.toString('latin1')}`), /^A OK/)
})

test('an IDLE hears of new mail, and ends with the token', async () => {
  let nowMs = Date.UTC(2026, 10, 1)
  await using simulator = await startSimulator({ mailboxes: 1, tokenLifetimeSeconds: 60, now: () => nowMs })
  await using client = await openExchange(simulator, 'anna@example.test')
  await client.ask('SELECT INBOX')
  client.send('A IDLE\r\n')
  await client.until(/^\+/)
  simulator.exchangeStore('anna@example.test').addMessage('INBOX', Buffer.from(BODY))
  assert.equal(await client.until(/EXISTS/), '* 1 EXISTS\r\n')
  nowMs += 60_000
  assert.match(await client.rest(), /^\* BYE Session invalidated - AccessTokenExpired\r$/m)
})

test('the rev2 front end advertises ENABLE IMAP4rev2 and rejects LSUB', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, profile: 'rev2partial' })
  await using client = await openExchange(simulator, 'anna@example.test')
  assert.match(await client.ask('CAPABILITY'), / ENABLE IMAP4rev2 /)
  assert.match(await client.ask('LSUB "" "*"'), /^A BAD /)
})

test('a server can stand alone with mailboxes of its own', async () => {
  const store = new MailStore({ separator: '/' })
  store.createFolder('INBOX')
  store.addMessage('INBOX', Buffer.from(BODY), { flags: ['\\Seen'], internalDate: new Date(0) })
  await using server = await startImapServer(dovecot, { users: [{ login: 'anna', password: 'p"a\\ss', store }] })
  await using client = new RawClient(server.port)
  await client.until(/^\*/)
  assert.match(await client.ask('LOGIN anna wrong'), /^A NO \[AUTHENTICATIONFAILED\]/)
  assert.match(await client.ask('LOGIN anna "p\\"a\\\\ss"'), /^A OK/)
  assert.match(await client.ask('SELECT INBOX'), /^\* 1 EXISTS\r$/m)
})

test('a name with a tab is listed raw and without quotes', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  simulator.exchangeStore('anna@example.test').createFolder('Alt und\tgut')
  await using client = await openExchange(simulator, 'anna@example.test')
  assert.match(await client.ask('LIST "" "Alt*"'), /"\/" Alt und\tgut\r$/m)
})

test('a session whose open folder was deleted by another one goes on without it', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  await using first = await openExchange(simulator, 'anna@example.test')
  await using second = await openExchange(simulator, 'anna@example.test')
  await first.ask('CREATE gone')
  await first.ask('SELECT gone')
  await second.ask('DELETE gone')
  assert.equal(await first.ask('UID FETCH 1:* (FLAGS)'), 'A BAD Command received in Invalid state.\r\n')
  assert.match(await first.ask('SELECT INBOX'), /^A OK/m)
})
