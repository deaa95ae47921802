import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedFolder } from '../model/folder.ts'
import { Claims } from './claims.ts'
import { ENGLISH_MAILBOX, EXCHANGE, listed, PLAIN } from './listed.fixture.ts'
import { planFolders } from './plan-folders.ts'
import type { PlanOptions } from './plan-folders.ts'
import { selectionOf } from './selection.ts'
import { onceEach } from './twice-listed.ts'

/** "source=destination" for each folder. */
function plan(source: readonly ListedFolder[], rules = PLAIN, options: PlanOptions = {}, there: readonly ListedFolder[] = []): string[] {
  const folders = [listed('INBOX'), ...source]
  return planFolders(folders, there, rules, options).folders.map(({ source, path }) => `${source.name}=${path.join('/')}`)
}

test('of two rows with one name the one that can be opened counts, then the one with a special use, then the one with a status', () => {
  const container = listed('Sent', { container: true, use: 'sent' })
  const bare = { ...listed('Sent'), status: null }
  const special = { ...listed('Sent', { use: 'sent' }), status: null }
  assert.deepEqual(onceEach([container, bare]).once, [bare])
  assert.deepEqual(onceEach([listed('Sent'), special]).once, [special])
  assert.deepEqual(onceEach([bare, listed('Sent')]).once, [listed('Sent')])
  assert.deepEqual(onceEach([special, listed('Sent')]).again, [listed('Sent')])
})

test('on a plain server a special folder keeps the name of the folder that the server calls so, however few messages it has', () => {
  const folders = [listed('Sent', { messages: 900 }), listed('Outgoing', { use: 'sent', messages: 2 })]
  assert.deepEqual(plan(folders), ['INBOX=INBOX', 'Outgoing=Outgoing', 'Sent=Outgoing'])
})

test('where an earlier pass put the sent mail, all of it goes, also from a folder that is new', () => {
  const remembered = new Map([['Sent', ['Sent before']]])
  const folders = [listed('Sent'), listed('Sent Messages', { messages: 50 })]
  assert.deepEqual(plan(folders, PLAIN, { remembered }), ['INBOX=INBOX', 'Sent=Sent before', 'Sent Messages=Sent before'])
})

test('a merge never puts mail of an ordinary folder into a special one', () => {
  const rules = { ...PLAIN, caseInsensitiveNames: true }
  const folders = [listed('Outgoing', { use: 'sent' }), listed('outgoing'), listed('Plans'), listed('plans')]
  assert.deepEqual(plan(folders, rules, { merge: true }), [
    'INBOX=INBOX',
    'Outgoing=Outgoing',
    'Plans=Plans',
    'outgoing=outgoing (2)',
    'plans=Plans',
  ])
})

test('what everything stands below is taken off only where it looks like a whole mailbox', () => {
  const below = [listed('INBOX/Plans'), listed('INBOX/Team')]
  assert.deepEqual(plan(below, PLAIN), ['INBOX=INBOX', 'INBOX/Plans=INBOX/Plans', 'INBOX/Team=INBOX/Team'])
  assert.deepEqual(plan([...below, listed('INBOX/Sent')]), ['INBOX=INBOX', 'INBOX/Plans=Plans', 'INBOX/Sent=Sent', 'INBOX/Team=Team'])
  const told = [...below, listed('INBOX/Outgoing', { use: 'sent' })]
  assert.deepEqual(plan(told), ['INBOX=INBOX', 'INBOX/Outgoing=Outgoing', 'INBOX/Plans=Plans', 'INBOX/Team=Team'])
})

test('a view comes along only where its very name was given', () => {
  const named = (pattern: string): boolean => selectionOf([pattern], []).named(['Virtual/All'])
  assert.deepEqual([named('virtual/all'), named('*'), named('Virtual*'), named('Other')], [true, false, false, false])
})

test('a path once kept for itself is shared by nobody, whoever claims it before or after', () => {
  const claims = new Claims(EXCHANGE)
  claims.force(['Sent Items'], true)
  assert.deepEqual(claims.holder(['sent items']), ['Sent Items'])
  claims.force(['Sent Items'], false)
  assert.equal(claims.holder(['Sent Items']), null)
  claims.force(['Sent Items'], true)
  assert.equal(claims.holder(['Sent Items']), null)
  assert.equal(claims.isFree(['SENT ITEMS']), false)
})

test('a folder that an earlier pass used is not given to another one', () => {
  const remembered = new Map([['Old plans', ['Plans']]])
  const folders = [listed('Old plans'), listed('Plans')]
  assert.deepEqual(plan(folders, EXCHANGE, { remembered }, ENGLISH_MAILBOX), ['INBOX=INBOX', 'Old plans=Plans', 'Plans=Plans (2)'])
})
