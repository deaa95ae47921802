import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gmail, gmailStore } from './gmail.ts'
import { startImapServer } from './imap-server.ts'
import { RawClient } from './raw-client.fixture.ts'

const MAIL = Buffer.from('Subject: hello\r\n\r\nHello.\r\n')
const USER = { login: 'anna@old.example.test', password: 'app-password' }

async function signedIn(port: number): Promise<RawClient> {
  const client = new RawClient(port)
  await client.until(/Gimap ready/)
  const reply = await client.ask(`LOGIN ${USER.login} ${USER.password}`)
  assert.match(reply, /^\* CAPABILITY .*X-GM-EXT-1.*\r\nA OK .*anna/)
  return client
}

test('a message stands once in All Mail and in the folder of each of its labels, with one identity', async () => {
  const store = gmailStore()
  const { uid } = store.deliver(MAIL, { labels: ['\\Inbox', 'Bills "paid"', 'Müller'], flags: ['\\Flagged'] })
  await using server = await startImapServer(gmail, { users: [{ ...USER, store }] })
  await using client = await signedIn(server.port)
  const inbox = (await client.ask('EXAMINE INBOX')) + (await client.ask('FETCH 1 (X-GM-MSGID X-GM-LABELS)'))
  const all = (await client.ask('EXAMINE "[Gmail]/All Mail" (CONDSTORE)')) + (await client.ask(`UID FETCH ${uid} (X-GM-MSGID X-GM-LABELS)`))
  assert.equal(/X-GM-MSGID (\d+)/.exec(inbox)?.[1], /X-GM-MSGID (\d+)/.exec(all)?.[1])
  assert.match(inbox, /X-GM-LABELS \("Bills \\"paid\\"" M&APw-ller "\\\\Starred"\)/)
  assert.match(all, /X-GM-LABELS \("\\\\Inbox" "Bills \\"paid\\"" M&APw-ller "\\\\Starred"\)/)
  assert.match(all, /\* OK \[HIGHESTMODSEQ \d+\]\r\n/)
})

test('a label that is taken off leaves the message in All Mail, and its mod-sequence grows', () => {
  const store = gmailStore()
  const { uid, modseq } = store.deliver(MAIL, { labels: ['\\Inbox', 'Work'] })
  store.removeMessage('Work', 1)
  assert.deepEqual(store.labels(uid), ['\\Inbox'])
  assert.equal(store.folder('Work')?.messages.length, 0)
  assert.ok((store.message(store.all, uid)?.modseq ?? 0) > modseq)
})

test('what goes to Trash leaves every other folder, and flags are those of the message wherever they are set', () => {
  const store = gmailStore(1)
  store.deliver(MAIL, { labels: ['\\Inbox', 'Work'] })
  store.setFlags('Work', 1, ['\\Seen', '\\Flagged'])
  assert.deepEqual(store.message('INBOX', 1)?.flags, ['\\Seen', '\\Flagged'])
  assert.equal(store.folder('[Google Mail]/Markiert')?.messages.length, 1)
  store.moveMessage('INBOX', 1, store.trash)
  const filled = store.folders().filter((folder) => folder.messages.length > 0)
  assert.deepEqual(
    filled.map((folder) => folder.name),
    ['[Google Mail]/Papierkorb'],
  )
})

test('attributes tell the special folders in any language, and the container cannot be opened', async () => {
  await using server = await startImapServer(gmail, { users: [{ ...USER, store: gmailStore(3) }] })
  await using client = await signedIn(server.port)
  const listed = await client.ask('LIST "" "*"')
  assert.match(listed, /\\All\) "\/" "\[Gmail\]\/&MFkweTBm/)
  assert.match(listed, /\(\\Noselect \\HasChildren\) "\/" "\[Gmail\]"/)
  assert.match(await client.ask('EXAMINE "[Gmail]"'), /NO \[NONEXISTENT\] Unknown Mailbox/)
})

test('beyond its bandwidth, its connections or its patience the server says so in its own words', async () => {
  const store = gmailStore()
  await using server = await startImapServer(gmail, { users: [{ ...USER, store }] })
  server.faults.set(USER.login, { throttledReplies: true, connections: 1, bandwidthBytes: 5000 })
  await using client = await signedIn(server.port)
  assert.match(await client.ask('NOOP'), /A OK \[THROTTLED\] Success/)
  await using other = new RawClient(server.port)
  assert.match(await other.ask(`LOGIN ${USER.login} ${USER.password}`), /NO \[ALERT\] Too many simultaneous connections/)
  let reply = ''
  for (let i = 0; i < 20 && !reply.includes('OVERQUOTA'); i++) reply = await client.ask('LIST "" "*"')
  assert.match(reply, /NO \[OVERQUOTA\] Account exceeded command or bandwidth limits/)
})
