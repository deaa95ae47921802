import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ImapFlow } from 'imapflow'
import { openExchange, RawClient } from './raw-client.fixture.ts'
import { startSimulator } from './simulator.ts'

const MESSAGE = 'From: anna@example.org\r\nSubject: hello\r\nMessage-ID: <1@example.org>\r\n\r\nshort\r\n'

function append(body: string, folder = 'INBOX', flags = '()'): string {
  return `APPEND ${folder} ${flags} "22-Oct-2018 19:58:29 -0300" {${Buffer.byteLength(body)}+}\r\n${body}`
}

test('an independent client signs in by XOAUTH2, stores, reads and moves on the Exchange side', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, language: 'de' })
  const [account] = simulator.accounts
  assert.ok(account)
  const { tenantId, clientId, clientSecret, httpPort, imapPort } = simulator.exchange
  const scope = 'https://outlook.office365.com/.default'
  const answer = await fetch(`http://127.0.0.1:${httpPort}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope }),
  })
  const token: unknown = await answer.json()
  assert.ok(typeof token === 'object' && token !== null && 'access_token' in token)
  const auth = { user: account.target, accessToken: String(token.access_token) }
  const client = new ImapFlow({ host: '127.0.0.1', port: imapPort, secure: false, doSTARTTLS: false, auth, logger: false })
  await client.connect()
  const folders = await client.list()
  assert.equal(folders.find((folder) => folder.specialUse === '\\Sent')?.path, 'Gesendete Elemente')
  assert.ok(folders.some((folder) => folder.path === 'Kalender'))
  await client.mailboxCreate('Projekte/Hafen')
  const stored = await client.append('Projekte/Hafen', MESSAGE, ['\\Seen'], new Date('2018-10-22T22:58:29Z'))
  assert.ok(stored !== false && stored.uid === 1)
  await client.mailboxOpen('Projekte/Hafen')
  const message = await client.fetchOne('1', { source: true, flags: true, internalDate: true }, { uid: true })
  assert.ok(message !== false)
  assert.match(message.source?.toString() ?? '', /^Subject: hello\r$/m)
  assert.equal(new Date(message.internalDate ?? '').toISOString(), '2018-10-22T22:58:29.000Z')
  const moved = await client.messageMove('1', 'INBOX', { uid: true })
  assert.ok(moved !== false && moved.uidMap?.get(1) === 1)
  const status = await client.status('INBOX', { messages: true })
  assert.equal(status !== false && status.messages, 1)
  assert.equal(simulator.appends, 1)
  await client.logout()
})

test('what the product needs to know stands at /__sim/endpoints', async () => {
  await using simulator = await startSimulator({ mailboxes: 2 })
  const answer = await fetch(`${simulator.exchange.url.replace('exchange:', '')}/__sim/endpoints`)
  const { tenantId, clientId, clientSecret, imapPort } = simulator.exchange
  const mailboxes = ['anna@example.test', 'ben@example.test']
  assert.deepEqual(await answer.json(), { imap: { host: '127.0.0.1', port: imapPort }, tenantId, clientId, clientSecret, mailboxes })
})

test('a line of 10,240 bytes inside a message is answered with a word of the message as tag, and the session ends', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  await using client = await openExchange(simulator, 'anna@example.test')
  assert.match(
    await client.ask(append(`${MESSAGE}${'x'.repeat(10_239)}\r\nnext line\r\n`)),
    /A OK \[APPENDUID 13 1\] APPEND completed\.\r\n$/,
  )
  client.send(`A ${append(`${MESSAGE}${'x'.repeat(10_240)}\r\nnext line\r\n`)}\r\n`)
  assert.equal(await client.rest(), 'next BAD Command Error. 10\r\n')
  assert.equal(simulator.exchangeStore('anna@example.test').folder('INBOX')?.messages.length, 1)
})

test('a keyword is refused, and the tenth error closes the session', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  await using client = await openExchange(simulator, 'anna@example.test')
  for (let i = 0; i < 9; i++)
    assert.match(await client.ask(append(MESSAGE, 'INBOX', '($Forwarded)')), /^A BAD Command Argument Error\. 11\r\n$/)
  client.send('A NONSENSE\r\n')
  assert.equal(await client.rest(), 'A BAD Command Error. 12\r\n* BYE Connection closed. 14\r\n')
})

test('too large a message is refused before it is sent, tagged or not', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, maxMessageBytes: 1000 })
  await using client = await openExchange(simulator, 'anna@example.test')
  assert.equal(await client.ask('APPEND INBOX {1001}'), 'A NO Maximum size of appendable message has been exceeded\r\n')
  assert.match(await client.ask(append('x'.repeat(1001))), /^A NO Maximum size/)
  client.send('A APPEND INBOX {170581193}\r\n')
  assert.equal(await client.until(/./), '* BAD command line limit exceeded\r\n')
  assert.match(await client.ask('NOOP'), /^A OK/)
})

test('the twenty-first connection is authenticated but not connected', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, maxConnections: 2 })
  await using first = await openExchange(simulator, 'anna@example.test')
  await using second = await openExchange(simulator, 'anna@example.test')
  assert.match(await first.ask('NAMESPACE'), /A OK/)
  assert.match(await second.ask('NAMESPACE'), /A OK/)
  await using third = await openExchange(simulator, 'anna@example.test')
  assert.equal(await third.ask('NAMESPACE'), 'A BAD User is authenticated but not connected.\r\n')
})

test('a session ends when its token has run out', async () => {
  let nowMs = Date.UTC(2026, 10, 1)
  await using simulator = await startSimulator({ mailboxes: 1, tokenLifetimeSeconds: 60, now: () => nowMs })
  await using client = await openExchange(simulator, 'anna@example.test')
  assert.match(await client.ask('NOOP'), /A OK/)
  nowMs += 60_000
  client.send('A NOOP\r\n')
  assert.equal(await client.rest(), '* BYE Session invalidated - AccessTokenExpired\r\n')
})

test('passwords are refused, before and after a token was shown', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  await using client = new RawClient(simulator.exchange.imapPort)
  assert.match(await client.until(/^\*/), /^\* OK The Microsoft Exchange IMAP4 service is ready\. \[[A-Za-z0-9+/=]+\]\r\n$/)
  assert.equal(await client.ask('LOGIN anna@example.test x'), 'A NO LOGIN failed.\r\n')
  assert.equal(await client.ask('SELECT INBOX'), 'A BAD Command received in Invalid state.\r\n')
})
