/** Labels and tags that Exchange does not take over IMAP become Outlook categories, once, and beside those of the person. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nastyMessage } from '../../src/simulator/nasty-messages.ts'
import { listOf, rowsOf, textOf } from '../../src/tenant-simulator/props.ts'
import { gmailOf, intoTenant, type TenantMove } from './into-tenant.ts'

const NAMES = ['alternative', 'format-flowed', 'bounce', 'uuencoded'] as const

type Shown = { readonly id: string; readonly subject: string; readonly categories: readonly string[] }

async function messages({ client, to }: TenantMove): Promise<readonly Shown[]> {
  const { body } = await client.graph('GET', `/users/${to.address}/messages?$top=1000&$select=id,subject,categories`)
  const rows = rowsOf(body['value']).map((row) => ({
    id: textOf(row['id']),
    subject: textOf(row['subject']),
    categories: listOf(row['categories']),
  }))
  return rows.sort((a, b) => (a.subject < b.subject ? -1 : 1))
}

async function shown(world: TenantMove): Promise<Readonly<Record<string, string>>> {
  const labelled = (await messages(world)).filter(({ categories }) => categories.length > 0)
  return Object.fromEntries(labelled.map(({ subject, categories }) => [subject, categories.join(' | ')]))
}

async function gmail(): Promise<TenantMove> {
  const world = await intoTenant({}, { source: 'gmail' })
  const from = gmailOf(world)
  const labels = [['\\Inbox'], ['Work', '\\Inbox'], ['Work/Harbour', 'Work', 'To do, soon'], ['\\Sent']]
  for (const [at, one] of labels.entries())
    from.deliver(nastyMessage(NAMES[at] ?? 'tnef').bytes(), { labels: one, internalDate: new Date(Date.UTC(2021, 1, at + 1)) })
  return world
}

const ALL = { bounce: 'To do soon | Work', 'format-flowed': 'Inbox' }

test('the other labels of a message are its categories; a second pass asks Graph to write nothing', async () => {
  await using world = await gmail()
  const done = await world.move.copy()
  assert.deepEqual(
    [done.copied, done.mailboxes[0]?.labelled, done.mailboxes[0]?.failure, done.mailboxes[0]?.notes],
    [4, 2, null, undefined],
  )
  assert.deepEqual(await shown(world), ALL)
  assert.deepEqual((await world.move.errors()).labels, undefined)
  world.tenant.fault({ api: 'graph', path: '/messages', status: 400, times: 1000 })
  const again = await world.move.copy()
  assert.deepEqual([again.appends, again.mailboxes[0]?.labelled, again.mailboxes[0]?.notes], [0, undefined, undefined])
})

test('labels that change follow, and what the person set or took away stays so', async () => {
  await using world = await gmail()
  await world.move.copy()
  const set = async (subject: string, categories: string[]): Promise<void> => {
    const one = (await messages(world)).find((message) => message.subject === subject)
    await world.client.graph('PATCH', `/users/${world.to.address}/messages/${one?.id ?? ''}`, { categories })
  }
  await set('bounce', ['Mine', 'Work'])
  await set('uuencoded', ['Blue'])
  const from = gmailOf(world)
  from.relabel(3, { remove: ['Work'], add: ['Later'] })
  from.relabel(2, { remove: ['\\Inbox'] })
  from.relabel(4, { add: ['blue'] })
  await world.move.copy()
  assert.deepEqual(await shown(world), { bounce: 'Mine | Later', uuencoded: 'Blue | Sent' })
})

test('what was throttled for longer than we wait, or refused, waits for the next pass; nothing is told twice', async () => {
  await using world = await gmail()
  world.tenant.fault({ api: 'graph', method: 'PATCH', path: '/messages/', status: 429, retryAfterSeconds: 3600, times: 1 })
  const first = await world.move.copy()
  assert.deepEqual([first.copied, first.mailboxes[0]?.failure, first.mailboxes[0]?.labelled], [4, null, undefined])
  assert.match(first.mailboxes[0]?.notes?.join() ?? '', /the next pass goes on with them/)
  assert.equal((await world.move.errors()).labels?.[0]?.messages, 2)
  world.tenant.fault({ api: 'graph', method: 'PATCH', path: '/messages/', status: 503, afterwards: true, times: 1 })
  const second = await world.move.copy()
  assert.deepEqual([second.mailboxes[0]?.labelled, second.mailboxes[0]?.notes], [2, undefined])
  assert.deepEqual(await shown(world), ALL)
})

test('where the application may not write the ledger keeps the labels, and the permission granted later is enough', async () => {
  await using world = await gmail()
  world.tenant.fault({ api: 'graph', method: 'PATCH', path: '/messages/', status: 403, code: 'ErrorAccessDenied', times: 1 })
  const first = await world.move.copy()
  assert.match(first.mailboxes[0]?.notes?.join() ?? '', /Mail\.ReadWrite/)
  const off = await world.move.copy({ categories: false })
  assert.deepEqual([off.mailboxes[0]?.notes, await shown(world)], [undefined, {}])
  await world.move.copy()
  assert.deepEqual(await shown(world), ALL)
})

test('a message that the person moved away is told, and of two with one Message-ID the one of the right time is meant', async () => {
  await using world = await gmail()
  const { to, move } = world
  world.tenant.fault({ api: 'graph', method: 'GET', path: 'internetMessageId', status: 429, retryAfterSeconds: 3600, times: 1 })
  await move.copy()
  to.store.addMessage('Work', nastyMessage('format-flowed').bytes(), { internalDate: new Date(Date.UTC(2001, 1, 1)) })
  const away = to.store.folder('Work/Harbour')?.messages[0]
  assert.ok(away !== undefined)
  to.store.moveMessage('Work/Harbour', away.uid, 'Archive')
  const { mailboxes } = await move.copy()
  assert.match(mailboxes[0]?.notes?.join() ?? '', /not found again/)
  const categories = (await messages(world)).filter(({ subject }) => subject === 'format-flowed').map((one) => one.categories.join())
  assert.deepEqual(categories.sort(), ['', 'Inbox'])
})

test('tags of a plain server become categories, also those that a later pass brings', async () => {
  await using world = await intoTenant()
  const { from, move } = world
  from.addMessage('INBOX', nastyMessage('bounce').bytes(), { flags: ['\\Seen', '$label4', '$Forwarded', 'project'] })
  from.addMessage('INBOX', nastyMessage('uuencoded').bytes())
  const told: string[] = []
  await move.copy({ onProgress: ({ phase, done, total }) => void told.push(`${phase} ${done}/${total}`) })
  assert.deepEqual(await shown(world), { bounce: 'To Do | project' })
  assert.deepEqual(told.filter((line) => line.startsWith('labels')).at(-1), 'labels 1/1')
  from.setFlags('INBOX', from.folder('INBOX')?.messages.at(-1)?.uid ?? 0, ['NonJunk', 'later'])
  await move.copy()
  assert.deepEqual(await shown(world), { bounce: 'To Do | project', uuencoded: 'later' })
})

test('many in one folder are found by the time they were received; one that has another time there is looked for by itself', async () => {
  await using world = await intoTenant()
  const { from, move, tenant } = world
  for (let at = 0; at < 130; at++) {
    const bytes = Buffer.from(`Subject: n${at}\r\nMessage-ID: <n${at}@example.org>\r\nFrom: a@example.org\r\n\r\nx\r\n`)
    // A date that is not carried: Exchange takes its own.
    const internalDate = at === 77 ? new Date(0) : new Date(Date.UTC(2024, 1, 1, 0, at))
    from.addMessage('INBOX', bytes, { flags: ['\\Seen', `tag${at % 3}`], internalDate })
  }
  tenant.fault({ api: 'graph', path: 'internetMessageId(?!.*n77).*eq', status: 400, times: 1000 })
  const done = await move.copy()
  assert.deepEqual([done.mailboxes[0]?.labelled, done.mailboxes[0]?.notes], [130, undefined])
  const all = await shown(world)
  assert.equal(Object.keys(all).length, 130)
  for (const [subject, categories] of Object.entries(all)) assert.equal(categories, `tag${Number(subject.slice(1)) % 3}`)
})
