import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { GRAPH_PERMISSIONS } from '../../microsoft/graph-permissions.ts'
import { NEEDS, needsFor } from './app-permissions.ts'
import { permissionsGuide } from './connect-guide.ts'

const names = (purposes: Parameters<typeof needsFor>[0]): readonly string[] => needsFor(purposes).map(({ name }) => name)

test('the page of permissions is the one that the table makes', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'guide', 'permissions.md'), 'utf8')
  assert.equal(page, permissionsGuide(), 'write it again: npm run guide')
})

test('whoever only copies mail needs nothing that lets the application change the tenant', () => {
  const firm = needsFor(['copy']).filter(({ isOptional }) => !isOptional)
  assert.deepEqual(
    firm.map(({ name }) => name),
    ['IMAP.AccessAsApp', 'Service principal in Exchange', 'FullAccess to each mailbox'],
  )
})

test('looking alone asks for no permission that writes', () => {
  assert.deepEqual(
    names(['plan']).filter((name) => /Write/.test(name)),
    [],
  )
})

test('a permission that a stronger one in the same list includes is not asked for besides', () => {
  const both = names(['apply'])
  assert.deepEqual(both, names(['plan', 'apply']))
  assert.ok(both.includes('User.ReadWrite.All') && !both.includes('User.Read.All'))
  assert.ok(names(['plan']).includes('User.Read.All'))
  // One that is optional may stay out, so that it includes nothing.
  assert.ok(both.includes('Domain.Read.All'))
})

test('each is there once, says why, for whom, what else happens, and until when', () => {
  assert.equal(new Set(NEEDS.map(({ id }) => id)).size, NEEDS.length)
  for (const { name, why, commands, without, until } of NEEDS) {
    assert.match(why, /^to /, name)
    assert.ok(commands.length > 0 && without !== '' && until !== '', name)
  }
})

test('no permission of Graph is asked for that the calls do not know', () => {
  for (const { name } of NEEDS.filter(({ kind }) => kind === 'graph')) assert.ok(GRAPH_PERMISSIONS.some((one) => one.name === name))
})
