/** Folders of every kind on real servers: what is the person's own arrives under a name that Exchange takes, what is somebody else's stays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FolderPreview } from '../../src/api/results.ts'
import { needs } from '../servers/available.ts'
import { startCourier } from '../servers/courier.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { openDialogue } from '../servers/dialogue.ts'
import { startMailutils } from '../servers/mailutils.ts'
import { mailInStore, mailOnServer } from '../scenario/mail.ts'
import { first, migration, simulatedMigration } from '../scenario/migration.ts'
import { subjects } from './carried.ts'
import { oddMail, oddServer, quoted } from './odd-server.ts'
import type { OriginServer } from './origins.ts'

type Moved = {
  readonly preview: ReadonlyMap<string, FolderPreview>
  readonly landed: readonly string[]
  readonly folders: readonly string[]
}

/** Carries out a series of commands at the source, then moves the first user's mailbox into Exchange. */
async function moved(from: OriginServer, commands: readonly string[]): Promise<Moved> {
  const { login, password } = first(from.users)
  {
    await using dialogue = await openDialogue(from.port)
    await dialogue.must(`LOGIN ${login} "${password}"`)
    for (const command of commands) await dialogue.must(command)
  }
  const ends = { source: `imap://127.0.0.1:${from.port}?tls=none`, logins: [{ sourceLogin: login, sourcePassword: password }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0 }, ends)
  const { sim, move } = world
  const preview = new Map(((await move.folders()).mailboxes[0]?.folders ?? []).map((one) => [one.source, one]))
  const copied = await move.copy()
  assert.deepEqual([copied.unexplained, copied.failed, copied.mailboxes[0]?.failure], [0, 0, null])
  assert.equal((await move.copy()).appends, 0)
  const store = sim.exchangeStore(sim.accounts[0]?.target ?? '')
  return { preview, landed: subjects(mailInStore(store)), folders: store.folders().map((folder) => folder.name) }
}

const append = (folder: string, id: string): string => {
  const text = oddMail(id)
  return `APPEND ${quoted(folder)} {${text.length}+}\r\n${text}`
}
const create = (folder: string): string => `CREATE ${quoted(folder)}`

test('F01: special folders go by their attributes into those of the destination', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false })
  const special = ['Sent', 'Drafts', 'Trash', 'Junk', 'Archive']
  const { landed } = await moved(
    from,
    special.map((name) => append(name, name.toLowerCase())),
  )
  assert.deepEqual(landed, ['Archive: archive', 'Deleted Items: trash', 'Drafts: drafts', 'Junk Email: junk', 'Sent Items: sent'])
})

test('F04: the namespaces of Courier that belong to others stay behind', { skip: needs('courier') }, async () => {
  await using from = await startCourier()
  const { preview, folders } = await moved(from, [create('INBOX.Work')])
  assert.ok([...preview.keys()].every((name) => !/^#?shared/i.test(name)))
  assert.ok(folders.every((name) => !/shared/i.test(name)))
})

test('F05: an INBOX without a separator has no children, other folders of Mailutils have', { skip: needs('mailutils') }, async () => {
  await using from = await startMailutils()
  const { preview, landed } = await moved(from, [create('work/2019'), append('work/2019', 'deep'), append('INBOX', 'in')])
  assert.deepEqual([...preview.values()].map((one) => one.target ?? '').sort(), ['INBOX', 'work', 'work/2019'])
  assert.deepEqual(landed, ['INBOX: in', 'work/2019: deep'])
})

test('F06, F07: virtual, public and other people’s folders are not copied into a mailbox', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false, namespaces: ['virtual', 'public', 'shared'] })
  {
    await using bob = await openDialogue(from.port)
    await bob.must('LOGIN bob@example.org bob-secret')
    for (const command of ['CREATE Team', append('Team', 'shared'), 'SETACL Team alice@example.org lrs']) await bob.must(command)
  }
  const { landed, folders } = await moved(from, [append('INBOX', 'own'), 'CREATE Public/Rules', append('Public/Rules', 'public')])
  assert.deepEqual(landed, ['INBOX: own'])
  assert.ok(folders.every((name) => !/virtual|public|shared/i.test(name)))
})

test('F08: folders that only hold folders are made empty, and what is below them arrives', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false })
  const { landed, folders } = await moved(from, [create('a/b/c'), append('a/b/c', 'deep')])
  assert.deepEqual(landed, ['a/b/c: deep'])
  assert.deepEqual(folders.filter((name) => /^a(\/|$)/.test(name)).sort(), ['a', 'a/b', 'a/b/c'])
})

test(
  'F09, F10, F13: blanks, quotes, stars, case twins and names in any script have a place each, and the preview tells it',
  {
    skip: needs('dovecot'),
  },
  async () => {
    await using from = await startDovecot({ tls: false })
    const wire = [' leading', 'trailing ', 'qu"ote', 'back\\slash', 'star*', 'Foo', 'foo', 'caf&AOk-', '&2D3eAA-', '&ZeVnLIqe-']
    const { landed, preview } = await moved(
      from,
      wire.flatMap((name, at) => [create(name), append(name, `m${at}`)]),
    )
    assert.equal(landed.length, wire.length)
    const places = landed.map((one) => one.replace(/: m\d+$/, ''))
    assert.equal(new Set(places.map((name) => name.toLowerCase())).size, wire.length, places.join(', '))
    for (const name of ['café', '😀', '日本語']) assert.ok(places.includes(name), name)
    const told = [...preview.values()].map((one) => one.target)
    for (const place of places) assert.ok(told.includes(place), place)
    const renamed = [...preview.values()].filter((one) => one.target !== null && one.target !== one.source)
    assert.ok(renamed.length >= 3 && renamed.every((one) => one.reasons.length > 0))
  },
)

test(
  'a copy goes to the Trash of a destination that only its name tells, also where the source has none',
  { skip: needs('courier') },
  async () => {
    const messages = [1, 2, 3].map((uid) => ({ uid, text: oddMail(`m${uid}`) }))
    await using from = await oddServer({ folders: [{ name: 'INBOX' }, { name: 'Work', messages }] })
    await using to = await startCourier()
    const { login: target, password: targetPassword } = first(to.users)
    const people = [{ name: 'anna', sourceLogin: 'anna', sourcePassword: 'x', target, targetPassword }]
    await using move = await migration({ source: from.url, destination: `imap://127.0.0.1:${to.port}?tls=none`, people })
    assert.equal((await move.copy()).copied, 3)
    messages.splice(1, 1)
    assert.equal((await move.copy()).mailboxes[0]?.deleted, 1)
    const landed = subjects(await mailOnServer({ port: to.port, user: target, pass: targetPassword }))
    assert.ok(landed.includes('INBOX.Trash: m2'), landed.join(', '))
  },
)

test('F12: sixty levels arrive, and no message of them is lost', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false })
  const levels = Array.from({ length: 60 }, (_, at) => `l${at}`)
  const deep = levels.join('/')
  const thirty = levels.slice(0, 30).join('/')
  const { landed } = await moved(from, [create(deep), append(deep, 'sixty'), create(thirty), append(thirty, 'thirty')])
  assert.deepEqual(landed.map((one) => one.replace(/^.*: /, '')).sort(), ['sixty', 'thirty'])
})
