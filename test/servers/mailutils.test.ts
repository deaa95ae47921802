import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'

import { needs } from './available.ts'
import { sessionMembers } from './child.ts'
import { openDialogue } from './dialogue.ts'
import { startMailutils } from './mailutils.ts'

const skip = needs('mailutils')
const LOGIN = 'LOGIN alice@example.org alice-secret'

test('imap4d greets without a name, lets its users in, lists INBOX without a separator, and leaves nothing behind', { skip }, async () => {
  let folder = ''
  let pid = 0
  {
    await using server = await startMailutils()
    folder = server.folder
    pid = server.pid
    await using dialogue = await openDialogue(server.port)
    assert.equal(dialogue.greeting, '* OK IMAP4rev1\r\n')
    assert.match(await dialogue.send('LOGIN alice@example.org wrong'), /a1 NO/)
    assert.match(await dialogue.send(LOGIN), /a2 OK/)
    assert.match(await dialogue.send('ID NIL'), /^a3 OK/)
    assert.match(await dialogue.send('LIST "" "*"'), /^\* LIST \(\\NoInferiors\) NIL INBOX\r\n/)
    assert.ok(sessionMembers(pid).length > 1)
  }
  assert.equal(existsSync(folder), false)
  assert.deepEqual(sessionMembers(pid), [])
})

test('two imap4d run side by side, users can be added, and mail survives a kill and a restart on the same port', { skip }, async () => {
  await using first = await startMailutils()
  await using second = await startMailutils({ users: [] })
  await second.addUsers([{ login: 'carol@example.org', password: 'carol secret' }])
  await using other = await openDialogue(second.port)
  assert.match(await other.send('LOGIN carol@example.org "carol secret"'), /a1 OK/)
  await using before = await openDialogue(first.port)
  await before.must(LOGIN)
  await before.must('CREATE Kept')
  await first.kill()
  await assert.rejects(openDialogue(first.port))
  await first.restart()
  await using after = await openDialogue(first.port)
  await after.must(LOGIN)
  assert.match(await after.send('STATUS Kept (MESSAGES)'), /MESSAGES 0/)
})
