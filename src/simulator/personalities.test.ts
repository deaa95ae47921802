import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSource, RawClient } from './raw-client.fixture.ts'
import { startSimulator } from './simulator.ts'
import type { SourcePersonality } from './source-personalities.ts'

const ANNA = 'anna@old.example.test'

async function at(
  source: SourcePersonality,
): Promise<AsyncDisposable & { sim: Awaited<ReturnType<typeof startSimulator>>; raw: RawClient }> {
  const sim = await startSimulator({ mailboxes: 1, messages: 20, source })
  const raw = await openSource(sim, ANNA)
  return { sim, raw, [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose]() }
}

test('Exchange on premises welcomes a wrong password, is not connected then, and hangs up after ten errors', async () => {
  await using stage = await at('exchange-onprem')
  await using stranger = new RawClient(stage.sim.source.port)
  assert.match(await stranger.until(/^\* /), /^\* OK The Microsoft Exchange IMAP4 service is ready\. \[[A-Za-z0-9+/]+={0,2}\]/)
  assert.match(await stranger.ask(`LOGIN ${ANNA} wrong`), /^A OK/)
  for (let error = 1; error < 10; error++)
    assert.equal(await stranger.ask('NAMESPACE'), 'A BAD User is authenticated but not connected.\r\n')
  stranger.send('A NAMESPACE\r\n')
  assert.match(await stranger.rest(), /\* BYE Connection closed\. 14/)
})

test('Exchange on premises lists calendars without attributes, hides a folder, and hands out stand-ins, estimates and no keywords', async () => {
  await using stage = await at('exchange-onprem')
  const { raw, sim } = stage
  const list = await raw.ask('LIST "" "*"')
  assert.match(list, /"\/" Calendar\r\n/)
  assert.doesNotMatch(list, /\\Sent|Offers/)
  assert.match(await raw.ask('LIST "" "*" RETURN (STATUS (MESSAGES))'), /^A BAD/)
  await raw.ask('EXAMINE Calendar')
  assert.match(await raw.ask('UID FETCH 1 (BODY.PEEK[])'), /Retrieval using the IMAP4 protocol failed for the following message: 1/)
  await raw.ask('EXAMINE INBOX')
  const sizes = [...(await raw.ask('UID FETCH 3:9 (RFC822.SIZE)')).matchAll(/UID (\d+) RFC822\.SIZE (\d+)/g)]
  const store = sim.sourceStore(ANNA)
  assert.ok(sizes.some(([, uid, size]) => Math.abs(Number(size) - (store.message('INBOX', Number(uid))?.content.sizeBytes ?? 0)) > 500))
  assert.match(await raw.ask('UID FETCH 2 (BODY.PEEK[])'), /^A OK/, 'what cannot be converted is left out')
  assert.match(await raw.ask('UID FETCH 2 (BODY[])'), /Retrieval using the IMAP4 protocol failed/)
  await raw.ask('SELECT INBOX')
  assert.match(await raw.ask('UID STORE 3 +FLAGS (Work)'), /^A BAD/)
})

test('Yahoo works on a thousand messages a command, shows ten thousand, and with UIDONLY all, by UID alone', async () => {
  await using stage = await at('yahoo')
  const { raw, sim } = stage
  const store = sim.sourceStore(ANNA)
  for (let n = 0; n < 10_200; n++) store.addMessage('Archive', Buffer.from('Subject: one line'))
  const { messages } = store.folder('Archive') ?? { messages: [] }
  const last = messages.at(-1)?.uid ?? 0
  assert.match(await raw.ask('EXAMINE Archive'), /\* 10000 EXISTS/)
  const cut = await raw.ask('UID FETCH 1:* (UID)')
  assert.equal(cut.split('\r\n').filter((line) => line.startsWith('* ')).length, 1000)
  assert.match(cut, new RegExp(`A OK \\[MESSAGELIMIT 1000 ${last - 999}\\]`))
  assert.match(await raw.ask(`UID FETCH ${last} (BODY.PEEK[])`), /BODY\[\] "Subject: one line"/)
  await raw.ask('EXAMINE Inbox')
  assert.match(await raw.ask('UID FETCH 1:* (BODY.PEEK[])'), /A NO FETCH Server error while fetching messages/)
  assert.match(await raw.ask('ENABLE UIDONLY'), /\* ENABLED UIDONLY/)
  assert.match(await raw.ask('EXAMINE Archive'), new RegExp(`\\* ${messages.length} EXISTS`))
  assert.match(await raw.ask('FETCH 1 (FLAGS)'), /^A BAD \[UIDREQUIRED\]/)
  assert.equal(await raw.ask(`UID FETCH ${last} (UID FLAGS)`), `* ${last} UIDFETCH (FLAGS ())\r\nA OK UID FETCH completed\r\n`)
  store.removeMessage('Archive', last)
  assert.match(await raw.ask('NOOP'), new RegExp(`\\* VANISHED ${last}\r\n`))
})

test('Domino separates by backslashes, knows no date of some messages, and changes Message-IDs', async () => {
  await using stage = await at('domino')
  const { raw, sim } = stage
  assert.match(await raw.ask('LIST "" "*"'), /"\\\\" "Projects\\\\Harbour"\r\n/)
  assert.match(await raw.ask('CREATE "INBOX\\\\Below"'), /^A NO/)
  const store = sim.sourceStore(ANNA)
  const undated = store.addMessage('Empty', Buffer.from('Message-ID: <OF1@notes.example.test>\r\nSubject: 123\r\n\r\n12\r\n'))
  assert.equal(undated.content.sizeBytes % 4, 2)
  await raw.ask('EXAMINE Empty')
  const fetched = await raw.ask('UID FETCH 1 (INTERNALDATE ENVELOPE)')
  assert.match(fetched, /INTERNALDATE "00-Jan-0000 00:00:00 \+0000"/)
  assert.match(fetched, /ENVELOPE \(\(.*\)\)\)/)
  const ids = new Set<string>()
  for (let access = 0; access < 3; access++) {
    await using again = await openSource(sim, ANNA)
    await again.ask('EXAMINE Empty')
    ids.add(/<OF1[^>]*>/.exec(await again.ask('UID FETCH 1 (BODY.PEEK[])'))?.[0] ?? '')
  }
  assert.deepEqual(ids, new Set(['<OF1@notes.example.test>', '<OF1@LocalDomain>', '<OF1>']))
})

test('iCloud answers old items with nothing, lists nothing for "/", and marks as read what it hands out', async () => {
  await using stage = await at('icloud')
  const { raw, sim } = stage
  assert.equal(await raw.ask('LIST "" "/*"'), 'A OK List completed (0.001 + 0.000 secs).\r\n')
  assert.doesNotMatch(await raw.ask('ENABLE QRESYNC'), /ENABLED/)
  const { uid } = sim.sourceStore(ANNA).addMessage('INBOX', Buffer.from('Subject: New\r\n\r\nNew\r\n'))
  await raw.ask('EXAMINE INBOX')
  assert.match(await raw.ask(`UID FETCH ${uid} (RFC822)`), /RFC822 \{0\}/)
  await raw.ask(`UID FETCH ${uid} (BODY.PEEK[])`)
  assert.deepEqual(sim.sourceStore(ANNA).message('INBOX', uid)?.flags, ['\\Seen'])
})

test('Zimbra tells EXISTS in steps and hangs up when a command is given for the 26th time', async () => {
  await using stage = await at('zimbra')
  const { raw, sim } = stage
  const before = sim.sourceStore(ANNA).folder('INBOX')?.messages.length ?? 0
  for (let n = before; n < 1623; n++) sim.sourceStore(ANNA).addMessage('INBOX', Buffer.from('Subject: one\r\n\r\n'))
  assert.deepEqual((await raw.ask('EXAMINE INBOX')).match(/\d+ EXISTS/g), ['500 EXISTS', '1000 EXISTS', '1500 EXISTS', '1623 EXISTS'])
  for (let times = 1; times <= 25; times++) assert.match(await raw.ask('UID FETCH 1 (FLAGS)'), /A OK/)
  raw.send('A UID FETCH 1 (FLAGS)\r\n')
  assert.match(await raw.rest(), /^\* BYE/)
})
