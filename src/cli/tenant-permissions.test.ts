import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionsFor } from '../api/tenant-access.ts'
import { stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const all = () => stage({ tenantPermissions: async ({ purposes }) => permissionsFor(purposes) })

test('all permissions are printed, each with why, without what, and until when, within 80 columns', async () => {
  const { out, code } = await all().run('tenant', 'permissions')
  assert.equal(code, 0)
  for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
  const names = permissionsFor([]).map(({ name }) => name)
  for (const name of names) assert.ok(out.includes(`\n  ${name}`), name)
  assert.equal(out.match(/ Without it /g)?.length, names.length)
  assert.equal(out.match(/May be taken away /g)?.length, names.length)
})

test('for one purpose only what it needs is printed, also as JSON', async () => {
  const { out } = await all().run('tenant', 'permissions', '--for', 'copy', '--json')
  const { permissions } = JSON.parse(out) as { readonly permissions: readonly { readonly name: string }[] }
  assert.ok(permissions.some(({ name }) => name === 'IMAP.AccessAsApp'))
  assert.ok(!permissions.some(({ name }) => name === 'Exchange.ManageAsApp'))
})
