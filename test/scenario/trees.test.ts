/** What is not a person's own on a server: public, shared and virtual trees. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FoldersResult } from '../../src/api/results.ts'
import { needs } from '../servers/available.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { openDialogue } from '../servers/dialogue.ts'
import { startDovecot, type DovecotServer } from '../servers/dovecot.ts'
import { first, simulatedMigration, type Person } from './migration.ts'

const PUBLIC = { others: false, public: true }

test('a public tree stays behind, is copied on request, and then goes on to be followed', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false, namespaces: ['public', 'virtual'] })
  await inPublic(from)
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0, language: 'en' }, endsOf(from, [alice(from)]))
  const { sim, move } = world
  const store = sim.exchangeStore(first(sim.accounts).target)
  assert.equal(first((await move.copy()).mailboxes).failure, null)
  assert.equal(sim.appends, 1)
  const preview = reasons(await move.folders())
  assert.match(preview.get('Public/Sales') ?? '', /belongs to everybody.*source_root/)
  assert.match(preview.get('Virtual/All') ?? '', /shows messages of other folders/)

  const { mailboxes } = await move.copy({ trees: PUBLIC })
  assert.equal(first(mailboxes).failure, null)
  assert.deepEqual(subjects(store, 'Public/Sales'), ['offer'])
  assert.deepEqual(subjects(store, 'Public/Sales/2019'), ['old offer'])
  assert.equal(sim.appends, 3)
  // Without the option the tree is neither copied anew nor taken for deleted.
  assert.equal(first((await move.copy()).mailboxes).deleted, 0)
  assert.deepEqual(subjects(store, 'Public/Sales/2019'), ['old offer'])
  assert.deepEqual(figures(await move.verify({ level: 'content' })), [3, 3, 0, 0, 0])
})

test('a line with source_root copies a public tree once, into a mailbox of its own', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false, namespaces: ['public'] })
  await inPublic(from)
  const tree = { ...alice(from), sourceRoot: 'Public' }
  await using world = await simulatedMigration({ mailboxes: 2, messages: 0, language: 'en' }, endsOf(from, [alice(from), tree]))
  const { sim, move } = world
  const { mailboxes } = await move.copy()
  assert.deepEqual(
    mailboxes.map(({ failure, copied }) => [failure, copied]),
    [
      [null, 1],
      [null, 2],
    ],
  )
  const store = sim.exchangeStore(sim.accounts[1]?.target ?? '')
  assert.deepEqual(subjects(store, 'Sales'), ['offer'])
  assert.deepEqual(subjects(store, 'Sales/2019'), ['old offer'])
  assert.deepEqual(figures(await move.verify({ level: 'content' })), [3, 3, 0, 0, 0])
  const before = sim.appends
  await move.copy()
  assert.equal(sim.appends, before)
})

test('a root that the login cannot see is told with what it can see', { skip: needs('dovecot') }, async () => {
  await using from = await startDovecot({ tls: false, namespaces: ['public'] })
  await inPublic(from)
  const tree = { ...alice(from), sourceRoot: 'Publik/Sales' }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0 }, endsOf(from, [tree]))
  const { failure } = first((await world.move.copy()).mailboxes)
  assert.equal(failure?.code, 'source-root-missing')
  assert.match(failure?.message ?? '', /"Publik\/Sales".*Public/)
})

test("another user's tree becomes a mailbox: its INBOX and what is below it", { skip: needs('cyrus') }, async () => {
  await using from = await startCyrus()
  const [one, two] = from.users
  await using dialogue = await openDialogue(from.port)
  await dialogue.must(`LOGIN ${two?.login} ${two?.password}`)
  for (const folder of ['INBOX', 'Sent', 'Projects']) {
    if (folder === 'Projects') await dialogue.must(`CREATE ${folder}`)
    await dialogue.must(`SETACL ${folder} ${one?.login} lrs`)
    await append(dialogue, folder, folder.toLowerCase())
  }
  const tree = { sourceLogin: one?.login ?? '', sourcePassword: one?.password ?? '', sourceRoot: `Other Users/${two?.login}` }
  const source = `imap://127.0.0.1:${from.port}?tls=none`
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0, language: 'en' }, { source, logins: [tree] })
  const { sim, move } = world
  assert.equal(first((await move.copy()).mailboxes).failure, null)
  const store = sim.exchangeStore(first(sim.accounts).target)
  assert.deepEqual(
    ['INBOX', 'Sent Items', 'Projects'].map((name) => subjects(store, name)),
    [['inbox'], ['sent'], ['projects']],
  )
})

function alice(from: DovecotServer): Partial<Person> {
  const { login, password } = first(from.users)
  return { sourceLogin: login, sourcePassword: password }
}

function endsOf(from: DovecotServer, logins: readonly Partial<Person>[]): { source: string; logins: readonly Partial<Person>[] } {
  return { source: `imap://127.0.0.1:${from.port}?tls=none`, logins }
}

type Dialogue = Awaited<ReturnType<typeof openDialogue>>

/** One message in the user's own INBOX, two in the public tree. */
async function inPublic(from: DovecotServer): Promise<void> {
  const { login, password } = first(from.users)
  await using dialogue = await openDialogue(from.port)
  await dialogue.must(`LOGIN ${login} ${password}`)
  await append(dialogue, 'INBOX', 'own')
  for (const [folder, subject] of [
    ['Public/Sales', 'offer'],
    ['Public/Sales/2019', 'old offer'],
  ] as const) {
    await dialogue.must(`CREATE ${folder}`)
    await append(dialogue, folder, subject)
  }
}

async function append(dialogue: Dialogue, folder: string, subject: string): Promise<void> {
  const text = `From: anna@example.org\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replaceAll(' ', '-')}@example.org>\r\n\r\nText.\r\n`
  await dialogue.must(`APPEND ${folder} {${text.length}+}\r\n${text}`)
}

function reasons(result: FoldersResult): ReadonlyMap<string, string> {
  return new Map(first(result.mailboxes).folders.map((folder) => [folder.source, folder.target === null ? folder.reasons.join(' ') : '']))
}

type Store = Awaited<ReturnType<typeof simulatedMigration>>['sim']['exchangeStore'] extends (address: string) => infer S ? S : never

function subjects(store: Store, name: string): readonly string[] {
  const messages = store.folder(name)?.messages ?? []
  return messages.map(({ content }) => /^Subject: (.*)\r$/m.exec(content.bytes().toString('latin1'))?.[1] ?? '')
}

type Verified = Awaited<ReturnType<Awaited<ReturnType<typeof simulatedMigration>>['move']['verify']>>

function figures({ mailboxes }: Verified): readonly number[] {
  const sum = (of: (one: Verified['mailboxes'][number]) => number): number => mailboxes.reduce((all, one) => all + of(one), 0)
  return [
    sum((one) => one.found),
    sum((one) => one.copied),
    sum((one) => one.missing),
    sum((one) => one.different),
    sum((one) => one.extra),
  ]
}
