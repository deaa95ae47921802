import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'

import { needs } from './available.ts'
import { sessionMembers } from './child.ts'
import { startCyrus } from './cyrus.ts'
import { openDialogue } from './dialogue.ts'

const skip = needs('cyrus')

test('Cyrus greets, lets its users in with and without TLS, and leaves nothing behind', { skip }, async () => {
  let folder = ''
  let pid = 0
  {
    await using server = await startCyrus()
    folder = server.folder
    pid = server.pid
    await using plain = await openDialogue(server.port)
    assert.match(plain.greeting, /^\* OK .*STARTTLS/)
    assert.match(await plain.send('LOGIN alice alice-secret'), /a1 OK .*COMPRESS=DEFLATE/)
    assert.match(await plain.send('LIST "" "%" RETURN (SPECIAL-USE)'), /\\Sent[^\r]*"\/" Sent\r\n/)
    await using secure = await openDialogue(server.tlsPort, server.caPem)
    assert.match(await secure.send('LOGIN bob bob-secret'), /a1 OK/)
    assert.ok(sessionMembers(pid).length > 1)
  }
  assert.equal(existsSync(folder), false)
  assert.deepEqual(sessionMembers(pid), [])
})

test('the administrator acts for a user by SASL PLAIN with authzid, and one user not for another', { skip }, async () => {
  await using server = await startCyrus({ layout: 'inbox-dot', quotaMegabytes: 1 })
  const plain = (...parts: readonly string[]) => `AUTHENTICATE PLAIN ${Buffer.from(parts.join('\0')).toString('base64')}`
  await using admin = await openDialogue(server.port)
  assert.match(await admin.send(plain('alice', server.admin.login, server.admin.password)), /a1 OK/)
  assert.match(await admin.send('LIST "" "*"'), /"\." INBOX\.Sent\r\n/)
  assert.match(await admin.send('GETQUOTAROOT INBOX'), /STORAGE 0 1024/)
  await using other = await openDialogue(server.port)
  assert.match(await other.send(plain('alice', 'bob', 'bob-secret')), /a1 NO/)
})

test('mailboxes survive a kill and a restart on the same port', { skip }, async () => {
  await using server = await startCyrus()
  await using before = await openDialogue(server.port)
  await before.must('LOGIN alice alice-secret')
  await before.must('CREATE Kept')
  await server.kill()
  await assert.rejects(openDialogue(server.port))
  await server.restart()
  await using after = await openDialogue(server.port)
  await after.must('LOGIN alice alice-secret')
  assert.match(await after.send('STATUS Kept (MESSAGES)'), /MESSAGES 0/)
})
