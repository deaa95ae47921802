import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'

import { needs } from './available.ts'
import { sessionMembers } from './child.ts'
import { openDialogue } from './dialogue.ts'
import { startDovecot } from './dovecot.ts'

const skip = needs('dovecot')
const LOGIN = 'LOGIN alice@example.org alice-secret'

test('Dovecot greets, lets its users in with and without TLS, and leaves nothing behind', { skip }, async () => {
  let folder = ''
  let pid = 0
  {
    await using server = await startDovecot()
    folder = server.folder
    pid = server.pid
    await using plain = await openDialogue(server.port)
    assert.match(plain.greeting, /^\* OK .*STARTTLS/)
    assert.match(await plain.send(LOGIN), /a1 OK .*COMPRESS=DEFLATE/)
    await using secure = await openDialogue(server.tlsPort, server.caPem)
    assert.match(await secure.send('LOGIN alice@example.org wrong'), /a1 NO \[AUTHENTICATIONFAILED\]/)
    assert.match(await secure.send(LOGIN), /a2 OK/)
    assert.ok(sessionMembers(pid).length > 3)
  }
  assert.equal(existsSync(folder), false)
  assert.deepEqual(sessionMembers(pid), [])
})

test('two Dovecots run side by side, each with its own mail and layout', { skip }, async () => {
  await using first = await startDovecot()
  await using second = await startDovecot({ layout: 'inbox-dot', mailFormat: 'maildir', tls: false })
  await first.doveadm(['save', '-u', 'alice@example.org'], 'Subject: only here\r\n\r\nx\r\n')
  await using one = await openDialogue(first.port)
  await using two = await openDialogue(second.port)
  assert.doesNotMatch(two.greeting, /STARTTLS/)
  await one.send(LOGIN)
  await two.send(LOGIN)
  assert.match(await one.send('STATUS INBOX (MESSAGES)'), /MESSAGES 1\b/)
  assert.match(await two.send('STATUS INBOX (MESSAGES)'), /MESSAGES 0\b/)
  assert.match(await one.send('NAMESPACE'), /NAMESPACE \(\("" "\/"\)\)/)
  assert.match(await two.send('NAMESPACE'), /NAMESPACE \(\("INBOX." "."\)\)/)
  assert.match(await two.send('LIST "" "INBOX.Sent"'), /\\Sent/)
})

test('mail survives a kill and a restart on the same port', { skip }, async () => {
  await using server = await startDovecot()
  await server.doveadm(['save', '-u', 'bob@example.org'], 'Subject: kept\r\n\r\nx\r\n')
  await server.kill()
  await assert.rejects(openDialogue(server.port))
  await server.restart()
  await using dialogue = await openDialogue(server.port)
  await dialogue.send('LOGIN bob@example.org bob-secret')
  assert.match(await dialogue.send('STATUS INBOX (MESSAGES)'), /MESSAGES 1\b/)
})

test('a master user enters any mailbox, both ways', { skip }, async () => {
  await using server = await startDovecot({ master: { login: 'migration', password: 'm:aster' } })
  await using byName = await openDialogue(server.port)
  assert.match(await byName.send('LOGIN bob@example.org*migration m:aster'), /a1 OK/)
  await using bySasl = await openDialogue(server.port)
  const initial = Buffer.from('bob@example.org\0migration\0m:aster').toString('base64')
  assert.match(await bySasl.send(`AUTHENTICATE PLAIN ${initial}`), /a1 OK/)
})

test('users can be added while it runs, and the connection limit and the quota hold', { skip }, async () => {
  await using server = await startDovecot({ maxConnectionsPerUser: 1, quotaMegabytes: 1, compress: false })
  await server.addUsers([{ login: 'carol@example.org', password: 'late: and odd' }])
  const login = 'LOGIN carol@example.org "late: and odd"'
  await using first = await openDialogue(server.port)
  assert.match(await first.send(login), /a1 OK (?!.*COMPRESS)/)
  assert.match(await first.send('GETQUOTAROOT INBOX'), /STORAGE 0 1024/)
  await using second = await openDialogue(server.port)
  assert.match(await second.send(login), /a1 NO \[(LIMIT|UNAVAILABLE)\] Maximum number/)
})

test('public, shared and virtual folders stand beside the own ones, and access lists shut a master user out or not', { skip }, async () => {
  const options = { tls: false, namespaces: ['virtual', 'public', 'shared'], master: { login: 'migration', password: 'm' } } as const
  await using server = await startDovecot(options)
  await using alice = await openDialogue(server.port)
  await alice.must(LOGIN)
  for (const command of ['CREATE Team', 'SETACL Team bob@example.org lrs', 'CREATE Public/Rules']) await alice.must(command)
  await using bob = await openDialogue(server.port)
  await bob.must('LOGIN bob@example.org bob-secret')
  const listed = await bob.must('LIST "" "*"')
  for (const name of ['Public/Rules', 'Shared/alice@example.org/Team', 'Virtual/All']) assert.ok(listed.includes(`"/" ${name}\r\n`), name)
  assert.match(listed, /\\All\) "\/" Virtual\/All/)
  await using master = await openDialogue(server.port)
  await master.must('LOGIN alice@example.org*migration m')
  assert.match(await master.send('SELECT INBOX'), / OK /)
  await using strict = await startDovecot({ ...options, acl: true })
  await using nobody = await openDialogue(strict.port)
  await nobody.must('LOGIN alice@example.org*migration m')
  assert.match(await nobody.send('SELECT INBOX'), / NO /)
})
