import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { messageOperations } from '../api/notify-operations.ts'
import { definitionOf, messagesRig, type MessagesRig } from '../api/notify.fixture.ts'
import { stage, type Ran } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

async function cutover(rig: MessagesRig, ...words: string[]): Promise<Ran> {
  const operations = { messages: async () => messageOperations(rig.world) }
  return stage(operations, { env: { CUTOVER_STORE: rig.address.store } }).run('messages', ...words)
}

function fits(text: string): void {
  for (const line of text.split('\n')) assert.ok(widthOf(line) <= 80, line)
}

test('the plan tells who gets what when, and what needs a person, within 80 columns', async () => {
  await using rig = await messagesRig()
  const { code, out } = await cutover(rig, 'plan')
  fits(out)
  assert.equal(code, 3)
  assert.match(out, /2 users \(de 1, en 1\), 1 contact of the customer; 2 mailboxes get/)
  assert.match(out, /^announcement +announcement to users +Fri, 20 Nov 2026, 09:00 +2 due$/m)
  assert.match(out, /^live +you are live +after the switch +2 waiting$/m)
  assert.match(out, /kickoff: not sent although it was due since/)
  const json: { readonly users?: unknown } = JSON.parse((await cutover(rig, 'plan', '--json')).out)
  assert.equal(json.users, 2)
})

test('what would be sent is shown before it is asked; without a name, and without a yes, nothing is sent', async () => {
  await using rig = await messagesRig()
  const nameless = await cutover(rig, 'send', '--due', '--yes')
  assert.deepEqual([nameless.code, rig.taken.length], [2, 0])
  assert.match(nameless.err, /Who says so\?/)
  const unasked = await cutover(rig, 'send', '--due', '--name', 'Olga')
  assert.deepEqual([unasked.code, rig.taken.length], [2, 0])
  assert.match(unasked.out, /announcement to users: 2 people\n +To anna@example\.org, ben@example\.org\./)
  const nothing = await cutover(rig, 'send')
  assert.equal(nothing.code, 2)
  rig.answer = (to) => (to.startsWith('ben') ? 550 : null)
  const sent = await cutover(rig, 'send', '--due', '--yes', '--name', 'Olga')
  assert.equal(sent.code, 3)
  assert.match(sent.out, /1 message sent, 1 refused\./)
  assert.match(sent.err, /ben@example\.org: refused: 550 no such user here/)
  const status = await cutover(rig, 'status')
  fits(status.out)
  assert.match(status.out, /announcement +anna@example\.org +sent/)
  assert.match(status.out, /cutover messages send announcement --only/)
})

test('a preview shows the whole message, writes its HTML for a browser, and prints the template to begin with', async () => {
  await using rig = await messagesRig()
  const file = join(rig.folder, 'live.html')
  const shown = await cutover(rig, 'preview', 'live', '--to', 'a.berg@example.org', '--html', file)
  fits(shown.out)
  assert.match(shown.out, /^To: +anna@example\.org\nSubject: Ihr neues Postfach ist bereit\n\nGuten Tag Anna Berg,$/m)
  assert.match(readFileSync(file, 'utf8'), /Guten Tag Anna Berg/)
  assert.match((await cutover(rig, 'preview', 'live', '--source', '--language', 'fr')).out, /^Subject: Votre[^]*\{\{webmail\}\}/)
  assert.equal((await cutover(rig, 'preview', 'live', '--to', 'who@example.org')).code, 2)
  assert.equal((await cutover(rig, 'preview', 'party')).code, 2)
  assert.equal(existsSync(join(rig.folder, 'messages')), false)
})

test('a name that was made to mislead can move nothing on the terminal', async () => {
  await using rig = await messagesRig()
  rig.write(definitionOf(rig.smtpUrl), 'name,source_login,source_password,target\n"Eve \u001b[31m\u202Ered",eve,x,eve@example.org\n')
  for (const words of [['plan'], ['preview', 'live'], ['send', '--due', '--yes', '--name', 'Olga'], ['status']]) {
    const { out, err } = await cutover(rig, ...words)
    assert.ok(!/[\u001b\u202E]/.test(out + err), words.join(' '))
  }
})
