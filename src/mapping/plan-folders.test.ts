import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedFolder } from '../model/folder.ts'
import { ENGLISH_MAILBOX, EXCHANGE, listed, PLAIN } from './listed.fixture.ts'
import { planFolders } from './plan-folders.ts'
import type { FolderPlan, PlanOptions } from './plan-folders.ts'

const dots = (...names: string[]): ListedFolder[] => names.map((name) => listed(name, { separator: '.' }))
const slashes = (...names: string[]): ListedFolder[] => names.map((name) => listed(name))

function toExchange(source: readonly ListedFolder[], options: PlanOptions = {}): FolderPlan {
  return planFolders(source, ENGLISH_MAILBOX, EXCHANGE, options)
}

function paths(plan: FolderPlan): Record<string, string> {
  return Object.fromEntries(plan.folders.map((folder) => [folder.source.name, folder.path.join('/')]))
}

test('everything below the INBOX. prefix of Courier becomes top level, and INBOX stays INBOX', () => {
  const plan = toExchange(dots('INBOX', 'INBOX.Projects', 'INBOX.Projects.2019', 'INBOX.Sent', 'INBOX.Trash'))
  assert.deepEqual(paths(plan), {
    INBOX: 'INBOX',
    'INBOX.Projects': 'Projects',
    'INBOX.Projects.2019': 'Projects/2019',
    'INBOX.Sent': 'Sent Items',
    'INBOX.Trash': 'Deleted Items',
  })
  assert.match(plan.folders.find((folder) => folder.source.name === 'INBOX.Projects')?.reasons[0] ?? '', /"INBOX\." .* left away/)
})

test('a real child of INBOX stays below the Inbox where other folders stand at the top level', () => {
  const plan = toExchange(slashes('INBOX', 'INBOX/Invoices', 'Sent'))
  assert.equal(paths(plan)['INBOX/Invoices'], 'INBOX/Invoices')
  assert.deepEqual(plan.folders.find((folder) => folder.source.name === 'INBOX/Invoices')?.reasons, [])
})

test('what the server tells of its namespaces decides over the looks of the listing', () => {
  const source = slashes('INBOX', 'INBOX/Sent', 'shared/Team')
  const empty = toExchange(source, { sourceNamespaces: { personal: [''], foreign: ['shared/'] } })
  assert.equal(paths(empty)['INBOX/Sent'], 'INBOX/Sent')
  const prefixed = toExchange(source, { sourceNamespaces: { personal: ['INBOX/'], foreign: ['shared/'] } })
  assert.equal(paths(prefixed)['INBOX/Sent'], 'Sent Items')
  assert.deepEqual(
    prefixed.leftOut.map((one) => [one.folder.name, one.reason]),
    [['shared/Team', 'It belongs to another user or to everybody. A line of the list with "source_root" copies such a tree once.']],
  )
  const chosen = toExchange(source, { include: ['shared/Team'], sourceNamespaces: { personal: [''], foreign: ['shared/'] } })
  assert.deepEqual(paths(chosen), { 'shared/Team': 'shared/Team' })
})

test('special folders find those of a mailbox in another language by attribute', () => {
  const french = [listed('INBOX'), listed('Éléments envoyés', { use: 'sent' }), listed('Corbeille', { use: 'trash' })]
  const plan = planFolders([listed('INBOX'), listed('Gesendet'), listed('Trash', { use: 'trash' })], french, EXCHANGE)
  assert.deepEqual(paths(plan), { INBOX: 'INBOX', Gesendet: 'Éléments envoyés', Trash: 'Corbeille' })
  assert.equal(
    plan.folders.every((folder) => folder.destination !== null),
    true,
  )
})

test('special folders find those of a mailbox in another language by name when it has no attributes', () => {
  const plan = planFolders(slashes('INBOX', 'Sent'), slashes('INBOX', 'Gesendete Elemente', 'Entwürfe'), EXCHANGE)
  assert.equal(paths(plan)['Sent'], 'Gesendete Elemente')
})

test('a special folder that Exchange lacks gets its English name; a plain server gets the name the source uses', () => {
  assert.equal(paths(planFolders(slashes('INBOX', 'Gesendet'), slashes('INBOX'), EXCHANGE))['Gesendet'], 'Sent Items')
  assert.equal(paths(planFolders(slashes('INBOX', 'Gesendet'), slashes('INBOX'), PLAIN))['Gesendet'], 'Gesendet')
})

test('two folders of one role go to one destination, and the lesser one says so', () => {
  const source = [listed('INBOX'), listed('Sent', { messages: 5 }), listed('Envoyés', { messages: 900 }), listed('Post', { use: 'sent' })]
  const plan = toExchange(source)
  const sent = plan.folders.filter((folder) => folder.role === 'sent')
  assert.deepEqual(new Set(sent.map((folder) => folder.path.join('/'))), new Set(['Sent Items']))
  const merged = sent.filter((folder) => folder.reasons.some((reason) => reason.includes('Merged with "Post"')))
  assert.deepEqual(merged.map((folder) => folder.source.name).sort(), ['Envoyés', 'Sent'])
})

test('of two special folders by name the one with more messages is the better', () => {
  const plan = toExchange([listed('INBOX'), listed('Sent', { messages: 5 }), listed('Envoyés', { messages: 900 })])
  assert.match(plan.folders.find((folder) => folder.source.name === 'Sent')?.reasons.join() ?? '', /Merged with "Envoyés"/)
})

test('case twins of a special folder are merged, of an ordinary folder suffixed', () => {
  const plan = toExchange(slashes('INBOX', 'sent', 'Sent', 'Foo', 'foo', 'foo (2)'))
  assert.equal(paths(plan)['sent'], paths(plan)['Sent'])
  assert.deepEqual([paths(plan)['Foo'], paths(plan)['foo'], paths(plan)['foo (2)']], ['Foo', 'foo (3)', 'foo (2)'])
})

test('NFC and NFD twins become two folders, or one with the option to merge', () => {
  const source = slashes('INBOX', 'Caf\u00e9', 'Cafe\u0301', 'Cafe\u0301/x', 'Caf\u00e9/x')
  const apart = toExchange(source)
  assert.equal(new Set(apart.folders.map((folder) => folder.path.join('/').normalize('NFC'))).size, 5)
  const together = toExchange(source, { merge: true })
  assert.equal(new Set(together.folders.map((folder) => folder.path.join('/').normalize('NFC'))).size, 3)
  assert.equal(together.folders.filter((folder) => folder.reasons.some((reason) => reason.startsWith('Merged'))).length, 2)
})

test('children of special folders go below them, wherever they came from', () => {
  const plan = toExchange(slashes('INBOX', 'Sent', 'Sent/2019', 'Sent Messages', 'Sent Messages/2019'))
  assert.equal(paths(plan)['Sent/2019'], 'Sent Items/2019')
  assert.equal(paths(plan)['Sent Messages/2019'], 'Sent Items/2019 (2)')
})

test('a name that only starts like a special one is a person’s own folder', () => {
  const plan = toExchange(slashes('INBOX', 'Sent to clients', 'Todos', 'Bin', 'Projects/Sent'))
  assert.equal(
    plan.folders.every((folder) => folder.role === null || folder.role === 'inbox'),
    true,
  )
  assert.equal(plan.leftOut.length, 0)
})

test('views are left out with the reason, unless somebody names them', () => {
  const source = [
    listed('INBOX'),
    listed('[Gmail]', { container: true }),
    listed('[Gmail]/Alle Nachrichten', { use: 'all' }),
    listed('[Gmail]/Starred'),
    listed('[Gmail]/Wichtig', { use: 'important' }),
    listed('[Gmail]/Gesendet', { use: 'sent' }),
    listed('[Gmail]/Bin'),
  ]
  const plan = toExchange(source)
  assert.deepEqual(paths(plan), { INBOX: 'INBOX', '[Gmail]/Gesendet': 'Sent Items', '[Gmail]/Bin': 'Deleted Items' })
  assert.deepEqual(plan.leftOut.map((one) => one.folder.name).sort(), [
    '[Gmail]',
    '[Gmail]/Alle Nachrichten',
    '[Gmail]/Starred',
    '[Gmail]/Wichtig',
  ])
  assert.deepEqual(Object.keys(paths(toExchange(source, { include: ['[Gmail]/Alle Nachrichten'] }))), ['[Gmail]/Alle Nachrichten'])
})

test('what Proton Mail Bridge shows again below Labels, in Starred and in All Mail is left out, and only there', () => {
  const containers = [listed('Folders', { container: true }), listed('Labels', { container: true })]
  const mail = [listed('INBOX'), listed('Folders/Work'), listed('Labels/Later'), listed('Labels/Later/Much'), listed('Starred')]
  const plan = toExchange([...containers, ...mail, listed('All Mail')])
  assert.deepEqual(paths(plan), { INBOX: 'INBOX', Folders: 'Folders', 'Folders/Work': 'Folders/Work' })
  assert.ok(plan.leftOut.some((one) => one.folder.name === 'Labels/Later/Much' && /messages of other folders/.test(one.reason)))
  assert.ok(Object.keys(paths(toExchange([...containers, ...mail]))).includes('Labels/Later'), 'without All Mail it is another server')
})

test('a container is created when folders below it are, and only then', () => {
  const plan = toExchange([listed('INBOX'), listed('a', { container: true }), listed('a/b'), listed('empty', { container: true })])
  assert.deepEqual(Object.keys(paths(plan)), ['INBOX', 'a', 'a/b'])
  assert.match(plan.leftOut[0]?.reason ?? '', /holds no messages/)
})

test('a folder whose parent is not listed keeps its place', () => {
  assert.equal(paths(toExchange(slashes('INBOX', 'a/b/c')))['a/b/c'], 'a/b/c')
})

test('reserved names give way at the top level, and their children follow', () => {
  const plan = toExchange(slashes('INBOX', 'Files', 'Files/2019', 'CALENDAR', 'Projects/Tasks'))
  assert.deepEqual(paths(plan), {
    INBOX: 'INBOX',
    CALENDAR: 'CALENDAR (mail)',
    Files: 'Files (mail)',
    'Files/2019': 'Files (mail)/2019',
    'Projects/Tasks': 'Projects/Tasks',
  })
})

test('reserved names count in the language of the mailbox, and only there', () => {
  const source = slashes('INBOX', 'Kalender', "Boîte d'envoi")
  const german = slashes('INBOX', 'Kalender', 'Postausgang')
  assert.equal(paths(planFolders(source, german, EXCHANGE))['Kalender'], 'Kalender (mail)')
  assert.equal(paths(toExchange(source))['Kalender'], 'Kalender')
  assert.equal(paths(planFolders(source, slashes('INBOX', "Boîte d'envoi"), EXCHANGE))["Boîte d'envoi"], "Boîte d'envoi (mail)")
})

test('a folder INBOX below INBOX and an extra top-level Inbox do not run into the inbox', () => {
  const courier = toExchange(dots('INBOX', 'INBOX.INBOX', 'INBOX.INBOX.deep', 'INBOX.Sent'))
  assert.deepEqual([paths(courier)['INBOX'], paths(courier)['INBOX.INBOX']], ['INBOX', 'INBOX (2)'])
  assert.equal(paths(courier)['INBOX.INBOX.deep'], 'INBOX (2)/deep')
  const shadow = toExchange(slashes('INBOX', 'Inbox', 'Sent'))
  assert.deepEqual([paths(shadow)['INBOX'], paths(shadow)['Inbox']], ['INBOX', 'Inbox (2)'])
  const alone = toExchange(slashes('Inbox', 'Sent'))
  assert.equal(alone.folders[0]?.role, 'inbox')
})
