import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedFolder } from '../model/folder.ts'
import { ENGLISH_MAILBOX, EXCHANGE, listed, PLAIN } from './listed.fixture.ts'
import { planFolders } from './plan-folders.ts'
import type { PlannedFolder, PlanOptions } from './plan-folders.ts'

const dotted = (name: string): ListedFolder => listed(name, { separator: '.' })

/** The plan of one folder that stands beside INBOX. */
function one(name: string, rules = EXCHANGE, separator = '.'): PlannedFolder {
  const plan = planFolders([listed('INBOX'), listed(name, { separator })], ENGLISH_MAILBOX, rules)
  const folder = plan.folders.find((planned) => planned.source.name === name)
  assert.ok(folder)
  return folder
}

test('characters that cannot stand in a name become _, once per name and said', () => {
  assert.deepEqual(one('A/B\\C\u0007').path, ['A_B_C_'])
  assert.equal(one('A/B').reasons.length, 1)
  assert.deepEqual(one('v1.2', { ...PLAIN, separator: '.' }, '/').path, ['v1_2'])
  assert.deepEqual(one('R&D Ünïté 🎉').path, ['R&D Ünïté 🎉'])
  assert.deepEqual(one('"quoted" *%# NIL').reasons, [])
})

test('half a surrogate pair is no character', () => {
  assert.deepEqual(one('x\uD83D').path, ['x_'])
})

test('blanks are tidied where the destination trims, and kept where it does not', () => {
  assert.deepEqual(one('  two\u00a0 \twords ').path, ['two words'])
  assert.deepEqual(one('  two  words ', PLAIN).path, ['  two  words '])
  assert.deepEqual(one('tab\there', PLAIN).path, ['tab_here'])
})

test('names that differ by blanks alone stay two folders', () => {
  const plan = planFolders([listed('INBOX'), listed('a b'), listed('a  b'), listed(' a b')], ENGLISH_MAILBOX, EXCHANGE)
  assert.deepEqual(
    plan.folders.map((folder) => `${folder.source.name}=${folder.path.join('/')}`),
    ['INBOX=INBOX', ' a b=a b (2)', 'a  b=a b (3)', 'a b=a b'],
  )
})

test('an empty name and a name of dots get a name', () => {
  assert.deepEqual(one('   ').path, ['_'])
  assert.deepEqual(one('a//b', EXCHANGE, '/').path, ['a', '_', 'b'])
  assert.deepEqual(one('..', EXCHANGE, '/').path, ['__'])
})

test('a leading or trailing separator adds no level', () => {
  assert.deepEqual(one('Folder/', EXCHANGE, '/').path, ['Folder'])
  assert.deepEqual(one('/Folder', EXCHANGE, '/').path, ['Folder'])
})

test('a name that is too long is cut with a hash, and two that begin alike stay two', () => {
  const rules = { ...EXCHANGE, maxNameUnits: 40 }
  const [a, b] = [one('x'.repeat(60), rules).path[0] ?? '', one(`${'x'.repeat(60)}y`, rules).path[0] ?? '']
  assert.equal(a.length, 40)
  assert.match(a, /^x+_[0-9a-f]{8}$/)
  assert.notEqual(a, b)
  assert.match(one('x'.repeat(60), rules).reasons[0] ?? '', /longer than 40/)
})

test('a cut never halves a character', () => {
  assert.equal(one(`${'a'.repeat(30)}${'🎉'.repeat(20)}`, { ...EXCHANGE, maxNameUnits: 40 }).path[0]?.isWellFormed(), true)
})

test('levels that are too deep stand beside their parent under a joined name', () => {
  const rules = { ...EXCHANGE, maxDepth: 2 }
  const source = [listed('INBOX'), listed('a'), listed('a/b'), listed('a/b/c'), listed('a/b/c/d')]
  const plan = planFolders(source, ENGLISH_MAILBOX, rules)
  assert.deepEqual(
    plan.folders.slice(2).map((folder) => folder.path.join('/')),
    ['a/b', 'a/b - c', 'a/b - c - d'],
  )
  assert.match(plan.folders.at(-1)?.reasons[0] ?? '', /deeper than 2/)
})

test('a destination whose prefix was taken off its paths has its folders found without it', () => {
  const destination = ['INBOX', 'Sent', 'Drafts'].map((name) => ({ ...dotted(name), name: name === 'INBOX' ? name : `INBOX.${name}` }))
  const source = ['INBOX', 'INBOX.Sent', 'INBOX.Projects', 'INBOX.Projects.a'].map(dotted)
  const plan = planFolders(source, destination, PLAIN)
  assert.deepEqual(
    plan.folders.map((folder) => folder.path.join('.')),
    ['INBOX', 'Projects', 'Projects.a', 'Sent'],
  )
  assert.equal(plan.folders[3]?.destination, destination[1])
})

test('children of the INBOX of the destination do not make it look like a server with a prefix', () => {
  const plan = planFolders([listed('INBOX'), listed('Projects')], ['INBOX', 'INBOX.Sent'].map(dotted), PLAIN)
  assert.deepEqual(plan.folders[1]?.path, ['Projects'])
})

test('an existing folder is used as the destination spells it', () => {
  const existing = listed('PROJECTS')
  const plan = planFolders([listed('INBOX'), listed('Projects')], [...ENGLISH_MAILBOX, existing], EXCHANGE)
  assert.equal(plan.folders[1]?.destination, existing)
  assert.deepEqual([plan.folders[1]?.path, plan.folders[1]?.reasons], [['PROJECTS'], ['The destination has it already, as "PROJECTS".']])
})

test('a container at the destination does not count as a folder that can hold messages', () => {
  const container = listed('Projects', { container: true })
  assert.equal(planFolders([listed('INBOX'), listed('Projects')], [container], EXCHANGE).folders[1]?.destination, null)
})

test('include and exclude take names and wildcards, with everything below', () => {
  const source = ['INBOX', 'Projects', 'Projects/a', 'Old 2010', 'Old 2011', 'Trash'].map((name) => listed(name))
  const names = (options: PlanOptions): string[] =>
    planFolders(source, ENGLISH_MAILBOX, EXCHANGE, options).folders.map((folder) => folder.source.name)
  assert.deepEqual(names({ include: ['projects'] }), ['Projects', 'Projects/a'])
  assert.deepEqual(names({ include: ['Projects/a'] }), ['Projects/a'])
  assert.deepEqual(names({ exclude: ['Old*', 'Trash'] }), ['INBOX', 'Projects', 'Projects/a'])
  const left = planFolders(source, ENGLISH_MAILBOX, EXCHANGE, { exclude: ['Old*'] }).leftOut
  assert.deepEqual(
    left.map((entry) => entry.reason),
    ['Left out by the pattern "Old*".', 'Left out by the pattern "Old*".'],
  )
})

test('what an earlier pass decided is kept, and newcomers make room for it', () => {
  const remembered = new Map([['Foo', ['Elsewhere', 'foo']]])
  const plan = planFolders([listed('INBOX'), listed('Foo'), listed('Elsewhere/FOO')], ENGLISH_MAILBOX, EXCHANGE, { remembered })
  const path = (name: string): string | undefined => plan.folders.find((folder) => folder.source.name === name)?.path.join('/')
  assert.equal(path('Foo'), 'Elsewhere/foo')
  assert.equal(path('Elsewhere/FOO'), 'Elsewhere/FOO (2)')
})

test('a decision follows a special folder that the destination renamed into the language of its user', () => {
  const remembered = new Map([
    ['Sent', ['Sent Items']],
    ['Sent/2019', ['Sent Items', '2019']],
  ])
  const german = [listed('INBOX'), listed('Gesendete Elemente', { use: 'sent' }), listed('Gesendete Elemente/2019')]
  const plan = planFolders([listed('INBOX'), listed('Sent'), listed('Sent/2019')], german, EXCHANGE, { remembered })
  assert.deepEqual(
    plan.folders.map((folder) => folder.path.join('/')),
    ['INBOX', 'Gesendete Elemente', 'Gesendete Elemente/2019'],
  )
})

test('folders of an Exchange source that hold no mail are left out in the language of its mailbox, and those of people are not', () => {
  const leftOut = (names: readonly string[]): readonly string[] => {
    const folders = names.map((name) => listed(name))
    const { leftOut } = planFolders(folders, ENGLISH_MAILBOX, EXCHANGE, { sourceHoldsItems: true })
    return leftOut.map(({ folder, reason }) => (reason.startsWith('It holds calendar entries') ? folder.path.join('/') : reason))
  }
  assert.deepEqual(leftOut(['INBOX', 'Calendar', 'Calendar/Team', 'Kalender', 'Outbox', 'Files', 'Contacts', 'Notes']), [
    'Calendar',
    'Calendar/Team',
    'Contacts',
    'Files',
    'Notes',
    'Outbox',
  ])
  assert.deepEqual(leftOut(['INBOX', 'Kalender', 'Kalender/Feiertage', 'Aufgaben', 'Calendar 2019', 'Synchronisierungsprobleme']), [
    'Aufgaben',
    'Kalender',
    'Kalender/Feiertage',
    'Synchronisierungsprobleme',
  ])
  assert.deepEqual(leftOut(['INBOX', 'Calendrier', 'Contacts', 'Tâches', 'Boîte d’envoi', 'Journal']), [
    'Boîte d’envoi',
    'Calendrier',
    'Contacts',
    'Journal',
    'Tâches',
  ])
})

test('a French mailbox keeps its calendar although it calls its contacts as an English one does', () => {
  const french = ['INBOX', 'Calendrier', 'Contacts', 'Notes', 'Tâches'].map((name) => listed(name))
  const { folders } = planFolders([listed('INBOX'), listed('Calendrier')], french, EXCHANGE)
  assert.deepEqual(
    folders.map((folder) => folder.path.join('/')),
    ['INBOX', 'Calendrier (mail)'],
  )
})

test('a folder that the server lists twice is copied once', () => {
  const plan = planFolders([listed('INBOX'), listed('a', { container: true }), listed('a')], ENGLISH_MAILBOX, EXCHANGE)
  assert.deepEqual([plan.folders.length, plan.leftOut.length], [2, 1])
  assert.equal(plan.folders[1]?.source.selectable, true)
})
