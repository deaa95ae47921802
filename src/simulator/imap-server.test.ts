import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDeflateRaw, createInflateRaw, constants } from 'node:zlib'
import { connect } from 'node:net'
import { ImapFlow } from 'imapflow'
import { openSource, RawClient } from './raw-client.fixture.ts'
import { MASTER, startSimulator, type Simulator } from './simulator.ts'

function imapFlow(simulator: Simulator, disable = false): ImapFlow {
  const [account] = simulator.accounts
  assert.ok(account)
  const auth = { user: account.sourceLogin, pass: account.sourcePassword }
  const { port } = simulator.source
  return new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth, logger: false, qresync: !disable })
}

for (const source of ['dovecot', 'courier'] as const) {
  test(`an independent client lists, reads, stores and moves on a ${source}`, async () => {
    await using simulator = await startSimulator({ mailboxes: 1, messages: 60, nasty: true, source })
    const store = simulator.sourceStore('anna@old.example.test')
    const prefix = source === 'courier' ? 'INBOX.' : ''
    const client = imapFlow(simulator)
    await client.connect()
    const folders = await client.list()
    assert.deepEqual(new Set(folders.map((folder) => folder.path)), new Set(store.folders().map((folder) => folder.name)))
    for (const name of ['INBOX', `${prefix}R&D Ünïté`, `${prefix}Odd`]) {
      await client.mailboxOpen(name)
      const kept = store.folder(name)?.messages ?? []
      const fetched = await client.fetchAll('1:*', { source: true, flags: true, envelope: true, bodyStructure: true, internalDate: true })
      assert.equal(fetched.length, kept.length)
      for (const [i, message] of fetched.entries()) {
        const expected = kept[i]
        assert.ok(expected)
        // Dovecot hands out NUL as 0x80.
        const bytes = expected.content.bytes().map((byte) => (source === 'dovecot' && byte === 0 ? 0x80 : byte))
        assert.ok(Buffer.from(bytes).equals(message.source ?? Buffer.alloc(0)), `${name} ${i}`)
        assert.deepEqual(message.flags, new Set(expected.flags))
        assert.equal(new Date(message.internalDate ?? '').getTime(), expected.internalDate.getTime())
      }
    }
    const to = `${prefix}Neu & alt`
    await client.mailboxCreate(to)
    const appended = await client.append(to, 'Subject: a\r\n\r\nb\r\n', ['\\Flagged', '$label1'], new Date('2020-02-29T12:00:00Z'))
    assert.ok(appended !== false && appended.uid === 1)
    await client.mailboxOpen(to)
    await client.messageFlagsAdd('1', ['\\Seen'], { uid: true })
    assert.deepEqual(new Set(store.message(to, 1)?.flags), new Set(['\\Flagged', '$label1', '\\Seen']))
    await client.messageMove('1', 'INBOX', { uid: true })
    assert.equal(store.folder(to)?.messages.length, 0)
    await client.logout()
  })
}

test('pipelined commands and large literals are served at speed', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 0 })
  await using client = await openSource(simulator, 'anna@old.example.test')
  const small = 'Subject: x\r\n\r\nhello\r\n'
  const large = Buffer.alloc(24 * 1024 * 1024, 'line of text\r\n')
  const began = performance.now()
  client.send(`${`B APPEND INBOX {${small.length}+}\r\n${small}\r\n`.repeat(3000)}B APPEND INBOX {${large.length}+}\r\n`)
  client.send(large)
  client.send('\r\nC NOOP\r\n')
  const replies = await client.until(/^C /)
  assert.equal(replies.match(/^B OK/gm)?.length, 3001)
  assert.ok(performance.now() - began < 5000)
})

test('CONDSTORE and QRESYNC tell flags and expunges since a mod-sequence', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 40 })
  const store = simulator.sourceStore('anna@old.example.test')
  const folder = store.folder('INBOX')
  assert.ok(folder)
  const since = folder.highestModseq
  store.removeMessage('INBOX', 2)
  store.removeMessage('INBOX', 3)
  store.setFlags('INBOX', 5, ['\\Answered'])
  await using client = await openSource(simulator, 'anna@old.example.test')
  assert.match(await client.ask('ENABLE QRESYNC'), /^\* ENABLED QRESYNC\r$/m)
  const selected = await client.ask(`EXAMINE INBOX (QRESYNC (${folder.uidValidity} ${since}))`)
  assert.match(selected, /^\* VANISHED \(EARLIER\) 2:3\r$/m)
  assert.match(selected, new RegExp(`^\\* 3 FETCH \\(UID 5 FLAGS \\(\\\\Answered\\) MODSEQ \\(${folder.highestModseq}\\)\\)\r$`, 'm'))
  const changed = await client.ask(`UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${since} VANISHED)`)
  assert.equal(changed.match(/FETCH \(/g)?.length, 1)
  assert.match(changed, /^\* VANISHED \(EARLIER\) 2:3\r$/m)
})

test('LIST returns special use and status in one go', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 40 })
  await using client = await openSource(simulator, 'anna@old.example.test')
  const listed = await client.ask('LIST "" "*" RETURN (SPECIAL-USE CHILDREN STATUS (MESSAGES UIDNEXT UIDVALIDITY SIZE HIGHESTMODSEQ))')
  assert.match(listed, /^\* LIST \(\\HasChildren \\Sent\) "\/" "Sent"\r$/m)
  assert.match(listed, /^\* STATUS "INBOX" \(MESSAGES \d+ UIDNEXT \d+ UIDVALIDITY \d+ SIZE \d+ HIGHESTMODSEQ \d+\)\r$/m)
})

test('MULTIAPPEND stores all messages of a command under one receipt', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 0 })
  await using client = await openSource(simulator, 'anna@old.example.test')
  const one = '(\\Seen) "01-Jan-2020 00:00:00 +0000" {3+}\r\na\r\n'
  assert.match(await client.ask(`APPEND INBOX ${one} ${one} ${one}`), /^A OK \[APPENDUID \d+ 1:3\]/)
})

test('COMPRESS=DEFLATE compresses both directions from the next byte on', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 0 })
  const socket = connect(simulator.source.port, '127.0.0.1')
  socket.write('A LOGIN anna@old.example.test Passw0rd-anna\r\nB COMPRESS DEFLATE\r\n')
  let plain = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    plain += String(chunk)
    if (plain.includes('B OK')) break
  }
  const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH })
  deflate.pipe(socket)
  deflate.write('C NAMESPACE\r\n')
  let reply = ''
  for await (const chunk of socket.pipe(createInflateRaw())) {
    reply += String(chunk)
    if (reply.includes('C OK')) break
  }
  assert.match(reply, /^\* NAMESPACE/)
  socket.destroy()
})

test('an administrator opens another mailbox by SASL PLAIN', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 10 })
  await using client = new RawClient(simulator.source.port)
  await client.until(/^\*/)
  const plain = Buffer.from(`anna@old.example.test\0${MASTER.login}\0${MASTER.password}`).toString('base64')
  assert.match(await client.ask(`AUTHENTICATE PLAIN ${plain}`), /^A OK/)
  assert.match(await client.ask('SELECT "R&AOk-sum&AOk-"'), /^A NO/)
  assert.match(await client.ask('SELECT INBOX'), /A OK \[READ-WRITE\]/)
})

test('Courier shows another UIDVALIDITY at each EXAMINE until somebody SELECTs, and knows no UNSELECT and no ID', async () => {
  await using simulator = await startSimulator({ mailboxes: 1, messages: 10, source: 'courier' })
  await using client = await openSource(simulator, 'anna@old.example.test')
  const uidValidity = async (verb: string): Promise<string | undefined> => /UIDVALIDITY (\d+)/.exec(await client.ask(`${verb} INBOX`))?.[1]
  assert.notEqual(await uidValidity('EXAMINE'), await uidValidity('EXAMINE'))
  const settled = await uidValidity('SELECT')
  assert.equal(await uidValidity('EXAMINE'), settled)
  assert.match(await client.ask('UNSELECT'), /^A NO Error in IMAP command/)
  assert.match(await client.ask('ID NIL'), /^A NO /)
  assert.match(await client.ask('CREATE outside'), /^A NO Invalid mailbox name/)
})
