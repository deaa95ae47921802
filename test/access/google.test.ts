import assert from 'node:assert/strict'
import { test } from 'node:test'

import { madeUpAccount, startGoogle } from '../../src/google/google.fixture.ts'
import { scriptedServer } from '../../src/imap/scripted-server.ts'
import type { Conversation } from '../../src/imap/scripted-server.ts'
import { codes, ends } from './ends.ts'

const LINES = [{ login: 'anna@example.org' }, { login: 'ben@example.org' }]

/** Gmail as far as a login goes: it takes the tokens that are good, each for its own mailbox. */
async function gmail(client: Conversation, good: (user: string, token: string) => boolean): Promise<void> {
  client.say('* OK Gimap ready for requests')
  await client.answer('* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2 X-GM-EXT-1', '% OK')
  const { tag, text } = await client.command()
  const line = Buffer.from(text.split(' ')[2] ?? '', 'base64').toString()
  const [, user = '', token = ''] = /^user=(.*)\x01auth=Bearer (.*)\x01\x01$/.exec(line) ?? []
  if (!good(user, token)) {
    client.say(`+ ${Buffer.from('{"status":"400"}').toString('base64')}`)
    assert.equal(await client.line(), '')
    client.say(`${tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)`)
    return
  }
  client.say('* CAPABILITY IMAP4rev1 X-GM-EXT-1', `${tag} OK ${user} authenticated (Success)`)
  assert.match(
    await client.answer('* 7 EXISTS', '* OK [UIDVALIDITY 1] .', '% OK [READ-ONLY] INBOX selected. (Success)'),
    /^EXAMINE "INBOX"/,
  )
  await client.answer('* BYE LOGOUT Requested', '% OK 73 good day (Success)')
}

test('a service account opens every mailbox of its domain, each by a token of its own (A24)', async () => {
  await using google = await startGoogle()
  const { keyFile, publicKeyPem } = madeUpAccount(google.url)
  google.publicKeyPem = publicKeyPem
  await using server = await scriptedServer((client) => gmail(client, (user, token) => token.endsWith(`-for-${user}`)))
  await using list = await ends(`imap://127.0.0.1:${server.port}?tls=none`, { kind: 'google-service-account', secret: keyFile }, LINES)
  const result = await list.logins()
  assert.deepEqual(codes(result), ['works', 'works'])
  assert.equal(result.mailboxes[0]?.source.messages, 7)
  assert.deepEqual(google.claims.map(({ sub }) => sub).sort(), ['anna@example.org', 'ben@example.org'])
})

test('a token that is refused is replaced once, and only once (A17)', async () => {
  await using google = await startGoogle()
  const { keyFile, publicKeyPem } = madeUpAccount(google.url)
  google.publicKeyPem = publicKeyPem
  await using server = await scriptedServer((client) =>
    gmail(client, (user, token) => user.startsWith('anna') && token.startsWith('token-2')),
  )
  const access = { kind: 'google-service-account', secret: keyFile } as const
  const url = `imap://127.0.0.1:${server.port}?tls=none`
  await using anna = await ends(url, access, LINES.slice(0, 1))
  assert.deepEqual(codes(await anna.logins()), ['works'])
  await using ben = await ends(url, access, LINES.slice(1))
  assert.deepEqual(codes(await ben.logins()), ['auth-rejected'])
  assert.equal(google.claims.length, 4)
})

test('a delegation that is not in effect yet is waited for with --wait', async () => {
  await using google = await startGoogle((_, count) => (count < 3 ? { status: 401, body: { error: 'unauthorized_client' } } : null))
  const { keyFile, publicKeyPem } = madeUpAccount(google.url)
  google.publicKeyPem = publicKeyPem
  await using server = await scriptedServer((client) => gmail(client, () => true))
  const access = { kind: 'google-service-account', secret: keyFile } as const
  await using list = await ends(`imap://127.0.0.1:${server.port}?tls=none`, access, LINES.slice(0, 1))
  assert.deepEqual(codes(await list.logins()), ['grant-pending'])
  assert.deepEqual(codes(await list.logins({ waitMinutes: 30 })), ['works'])
})
