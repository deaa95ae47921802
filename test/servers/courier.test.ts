import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'

import { needs } from './available.ts'
import { sessionMembers } from './child.ts'
import { startCourier } from './courier.ts'
import { openDialogue } from './dialogue.ts'

const skip = needs('courier')
const LOGIN = 'LOGIN alice@example.org alice-secret'

test('Courier greets, lets its users in with and without TLS, and leaves nothing behind', { skip }, async () => {
  let folder = ''
  let pid = 0
  {
    await using server = await startCourier()
    folder = server.folder
    pid = server.pid
    await using plain = await openDialogue(server.port)
    assert.match(plain.greeting, /^\* OK .*STARTTLS/)
    assert.match(await plain.send(LOGIN), /a1 OK/)
    assert.match(await plain.send('LIST "" "*"'), /"\." "INBOX\.Sent"\r\n/)
    await using secure = await openDialogue(server.tlsPort, server.caPem)
    assert.match(await secure.send('LOGIN bob@example.org bob-secret'), /a1 OK/)
    assert.ok(sessionMembers(pid).length > 3)
  }
  assert.equal(existsSync(folder), false)
  assert.deepEqual(sessionMembers(pid), [])
})

test('two Couriers run side by side with users of their own, and the machine keeps its own settings', { skip }, async () => {
  await using first = await startCourier({ quotaMegabytes: 1 })
  await using second = await startCourier({ users: [{ login: 'carol@example.org', password: 'carol secret' }] })
  await using one = await openDialogue(first.port)
  await using two = await openDialogue(second.port)
  assert.match(await one.send(LOGIN), /a1 OK/)
  assert.match(await one.send('GETQUOTAROOT INBOX'), /STORAGE 0 1024/)
  assert.match(await two.send('LOGIN carol@example.org "carol secret"'), /a1 OK/)
  assert.equal(existsSync('/etc/courier/userdb'), false)
})

test('mail survives a kill and a restart on the same port', { skip }, async () => {
  await using server = await startCourier()
  await using before = await openDialogue(server.port)
  await before.must(LOGIN)
  await before.must('CREATE INBOX.Kept')
  await server.kill()
  await assert.rejects(openDialogue(server.port))
  await server.restart()
  await using after = await openDialogue(server.port)
  await after.must(LOGIN)
  assert.match(await after.send('STATUS INBOX.Kept (MESSAGES)'), /MESSAGES 0/)
})
