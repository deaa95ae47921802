/** Verification finds what is wrong at the destination, whoever copied it, and `--repair` puts right what is missing and only that. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import type { ManifestResult, VerifyResult } from '../../src/api/results.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { runCutover } from '../rig/process.ts'
import { imapFlow, mailInStore } from './mail.ts'
import { first, simulatedMigration, type SimulatedMigration } from './migration.ts'

const MESSAGES = 30

async function copiedWorld(): Promise<SimulatedMigration> {
  const world = await simulatedMigration({ mailboxes: 1, messages: MESSAGES, medianBytes: 1500, maxBytes: 3000, language: 'en' })
  assert.equal((await world.move.copy()).copied, MESSAGES)
  return world
}

const figures = ({ found, missing, extra, different, unexplained, repaired }: VerifyResult): object => ({
  found,
  missing,
  extra,
  different,
  unexplained,
  repaired,
})

test('a removed, an added and a changed message are found, and repair copies the removed one and nothing else', async () => {
  await using world = await copiedWorld()
  const { sim, move } = world
  const to = sim.exchangeStore(sim.accounts[0]?.target ?? '')
  const [removed, changed, read] = to.folder('INBOX')?.messages ?? []
  assert.ok(removed !== undefined && changed !== undefined && read !== undefined)
  const text = changed.content.bytes().toString('latin1')
  // The same header, another text: as a copier that cut a message short leaves it.
  const cut = Buffer.from(`${text.slice(0, text.indexOf('\r\n\r\n') + 4)}cut`, 'latin1')
  to.removeMessages('INBOX', [removed.uid])
  Object.assign(changed, { content: { sizeBytes: cut.length, bytes: () => cut } })
  to.setFlags('INBOX', read.uid, read.flags.includes('\\Seen') ? [] : ['\\Seen'])
  to.addMessage('INBOX', Buffer.from('Subject: from somebody else\r\nMessage-ID: <else@example.org>\r\n\r\nHello.\r\n'))

  const found = await move.verify()
  assert.deepEqual(figures(found), { found: MESSAGES, missing: 1, extra: 1, different: 2, unexplained: 0, repaired: 0 })
  const kinds = found.differences.map(({ kind }) => kind)
  assert.deepEqual(kinds.sort(), ['different', 'different', 'extra', 'missing'])
  for (const { says, folder, mailbox } of found.differences) assert.ok(says.length > 10 && folder === 'INBOX' && mailbox === 'Anna')

  const appends = sim.appends
  const repaired = await move.verify({ repair: true })
  assert.deepEqual(figures(repaired), { found: MESSAGES, missing: 0, extra: 1, different: 2, unexplained: 0, repaired: 1 })
  assert.equal(sim.appends, appends + 1)
  assert.ok(mailInStore(to).some((mail) => mail.bytes.equals(removed.content.bytes())))
  assert.equal((await move.copy()).appends, 0, 'a copy after the repair knows of it')
})

test('counts see the number, fingerprints the message, content the text', async () => {
  await using world = await copiedWorld()
  const { sim, move } = world
  const to = sim.exchangeStore(sim.accounts[0]?.target ?? '')
  const [one] = to.folder('INBOX')?.messages ?? []
  assert.ok(one !== undefined)
  const of = async (level: 'counts' | 'fingerprints' | 'content'): Promise<readonly number[]> => {
    const { missing, extra, different } = await move.verify({ level })
    return [missing, extra, different]
  }
  const text = one.content.bytes().toString('latin1')
  const other = Buffer.from(`${text.slice(0, text.indexOf('\r\n\r\n') + 4)}cut`, 'latin1')
  Object.assign(one, { content: { sizeBytes: other.length, bytes: () => other } })
  assert.deepEqual(
    [await of('counts'), await of('fingerprints'), await of('content')],
    [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 1],
    ],
  )
  to.removeMessage('INBOX', one.uid)
  to.addMessage('INBOX', Buffer.from('Subject: stranger\r\nMessage-ID: <stranger@example.org>\r\n\r\nHello.\r\n'))
  assert.deepEqual(
    [await of('counts'), await of('fingerprints')],
    [
      [0, 0, 0],
      [1, 1, 0],
    ],
  )
})

test('the manifest is signed, checked offline, and no longer holds once a figure was changed', async () => {
  await using world = await copiedWorld()
  const { move } = world
  const file = join(move.folder, 'manifest.json')
  const done = await runCutover(move.args('verify', '--level', 'content', '--manifest', file, '--json'))
  assert.equal(done.code, 0, done.stderr)
  const checked = await runCutover(['manifest', 'check', file, '--json'])
  const manifest = checked.json() as ManifestResult
  assert.deepEqual([checked.code, manifest.valid, manifest.level, manifest.figures?.found], [0, true, 'content', MESSAGES])
  assert.deepEqual(manifest.unverified, [])
  const text = await readFile(file, 'utf8')
  const tampered = text
    .replace(`"found":${MESSAGES}`, `"found":${MESSAGES + 1}`)
    .replace(`"found": ${MESSAGES}`, `"found": ${MESSAGES + 1}`)
  assert.notEqual(tampered, text)
  await writeFile(file, tampered)
  const refused = await runCutover(['manifest', 'check', file])
  assert.equal(refused.code, 1)
  assert.match(refused.stdout + refused.stderr, /signature|changed|not/i)
})

test('what another tool copied is verified without a ledger, and copying over it doubles nothing', { skip: needs('dovecot') }, async () => {
  await using to = await startDovecot({ tls: false })
  const { login: target, password: targetPassword } = first(to.users)
  const ends = { destination: `imap://127.0.0.1:${to.port}?tls=none`, logins: [{ target, targetPassword }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: MESSAGES, medianBytes: 1500, maxBytes: 3000 }, ends)
  const { sim, move } = world
  const client = imapFlow({ port: to.port, user: target, pass: targetPassword })
  await client.connect()
  const mail = mailInStore(sim.sourceStore(sim.accounts[0]?.sourceLogin ?? ''))
  const [forgotten] = mail
  for (const { folder, bytes, flags, at } of mail.slice(1)) {
    if (folder !== 'INBOX') await client.mailboxCreate(folder)
    await client.append(folder, bytes, [...flags], new Date(at))
  }
  await client.logout()

  const verified = await move.verify()
  assert.deepEqual(figures(verified), { found: MESSAGES, missing: 1, extra: 0, different: 0, unexplained: 0, repaired: 0 })
  const copied = await move.copy()
  assert.deepEqual([copied.found, copied.copied, copied.appends, copied.unexplained], [MESSAGES, MESSAGES, 1, 0], forgotten?.folder)
  assert.deepEqual(figures(await move.verify()), { found: MESSAGES, missing: 0, extra: 0, different: 0, unexplained: 0, repaired: 0 })
})
