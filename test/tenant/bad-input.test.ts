import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Failure } from '../../src/model/failure.ts'
import { snapshot } from '../../src/tenant-simulator/snapshot.ts'
import { startCutover } from '../rig/process.ts'
import { customer, type Customer, type Wants } from './customer.ts'
import { tenantRig, type TenantRig } from './rig.ts'

const ONE: Wants = { list: ['target,display_name', 'anna@example.test,Anna'], defaults: '    licence: Office 365 E3\n    location: DE\n' }

type Case = {
  readonly what: string
  readonly spoil: (rig: TenantRig, at: Customer) => Promise<void> | void
  readonly code: Failure['code']
  readonly says: RegExp
}

/** Changes a line of the definition. */
const edit =
  (find: RegExp, put: string) =>
  async (rig: TenantRig, at: Customer): Promise<void> => {
    const text = `version: 1\ntenant:\n  id: ${rig.simulator.tenantId}\n  client_id: ${rig.simulator.clientId}\n  secret: env:SECRET\n  service: ${rig.simulator.url}\nmailboxes:\n  list: mailboxes.csv\n`
    await writeFile(at.input.definitionFile, text.replace(find, put))
  }
const without =
  (...names: readonly string[]) =>
  ({ simulator }: TenantRig): void => {
    const [app] = simulator.world.state.apps
    if (app === undefined) return
    app.appRoles = app.appRoles.filter(({ value }) => !names.includes(value))
    if (names.includes('role')) app.directoryRoles = []
  }

const CASES: readonly Case[] = [
  { what: 'a wrong tenant', spoil: edit(/id: 1.*/, 'id: nobody.example'), code: 'token-rejected', says: /nobody\.example|tenant/i },
  {
    what: 'an unknown application',
    spoil: edit(/client_id: .*/, 'client_id: 99999999-9999-4999-8999-999999999999'),
    code: 'token-rejected',
    says: /application/i,
  },
  {
    what: 'an expired secret',
    spoil: ({ simulator }) => simulator.advance(366 * 86_400_000),
    code: 'token-rejected',
    says: /expired/,
  },
  {
    what: 'a missing permission of Graph',
    spoil: without('User.ReadWrite.All', 'User.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All'),
    code: 'permission-missing',
    says: /User\.Read\.All/,
  },
  { what: 'a missing role', spoil: without('role'), code: 'role-missing', says: /role/ },
]

for (const { what, spoil, code, says } of CASES)
  test(`${what} ends plan, apply and undo in a sentence, and nothing is changed`, async () => {
    await using rig = await tenantRig()
    await using at = await customer(rig.simulator, rig.clock, ONE)
    await spoil(rig, at)
    const before = snapshot(rig.simulator.world)
    for (const command of [() => at.plan(), () => at.apply()]) {
      const failure = await command().catch((error: unknown) => error)
      assert.ok(failure instanceof Failure, String(failure))
      assert.deepEqual([failure.code, says.test(failure.message)], [code, true], failure.message)
      assert.ok(!failure.message.includes(rig.simulator.clientSecret))
    }
    assert.deepEqual(snapshot(rig.simulator.world), before)
  })

test('a permission to write that is missing stops the run in order, names it, and the rest goes on once it is given', async () => {
  await using rig = await tenantRig()
  await using at = await customer(rig.simulator, rig.clock, ONE)
  const [app] = rig.simulator.world.state.apps
  const roles = app?.appRoles ?? []
  without('User.ReadWrite.All', 'Directory.ReadWrite.All', 'LicenseAssignment.ReadWrite.All')(rig)
  if (app !== undefined)
    app.appRoles = [
      ...app.appRoles,
      ...roles.filter(({ value }) => value === 'User.ReadWrite.All').map((role) => ({ ...role, value: 'User.Read.All' })),
    ]
  const stopped = await at.apply()
  assert.equal(stopped.failure?.code, 'permission-missing', JSON.stringify(stopped.failure))
  assert.match(stopped.failure.message, /User\.ReadWrite\.All/)
  assert.equal(stopped.statement?.counts.done, 0)
  if (app !== undefined) app.appRoles = roles
  rig.simulator.advance(3_600_000)
  const done = await at.apply()
  assert.deepEqual([done.failure, done.statement?.open, done.plan?.changes], [null, [], []])
})

test('nobody there to be asked, or a list with a person twice, is refused in a sentence', async () => {
  await using rig = await tenantRig()
  await using at = await customer(rig.simulator, rig.clock, ONE)
  const args = ['tenant', 'apply', '-f', at.input.definitionFile, '--state', at.stateDir]
  await using unasked = startCutover(args, { env: { SECRET: rig.simulator.clientSecret } })
  const { code, stderr } = await unasked.finished
  assert.deepEqual([code, /say --yes/.test(stderr)], [2, true], stderr)
  await writeFile(join(at.folder, 'mailboxes.csv'), 'target,display_name\nanna@example.test,Anna\nANNA@example.test,Anna\n')
  await assert.rejects(at.plan(), /mailboxes\.csv.*line 3.*line 2/s)
  assert.equal(
    rig.simulator.world.state.users.some(({ props }) => props['userPrincipalName'] === 'anna@example.test'),
    false,
  )
})
