import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { customer, type Customer, type Wants } from './customer.ts'
import { tenantRig, type TenantRig } from './rig.ts'

const TWO: Wants = {
  list: ['target,display_name', 'anna@example.test,Anna', 'ben@example.test,Ben'],
  defaults: '    licence: Office 365 E3\n    location: DE\n',
  sections: 'migration:\n  app: Mail mover\n  receive_size: 150 MB\n',
}

async function applied(rig: TenantRig): Promise<Customer> {
  const at = await customer(rig.simulator, rig.clock, TWO)
  assert.deepEqual((await at.apply()).statement?.open, [])
  return at
}
const users = ({ simulator }: TenantRig): readonly unknown[] =>
  simulator.world.state.users.filter(({ deletedAtMs }) => deletedAtMs === null).map(({ props }) => props['userPrincipalName'])

test('temporary passwords are handed out once, into a file of their own, and stay where that cannot be written', async () => {
  await using rig = await tenantRig()
  await using at = await applied(rig)
  const place = { stateDir: at.stateDir, env: {} }
  const file = join(at.folder, 'passwords.csv')
  writeFileSync(file, 'somebody else wrote this')
  await assert.rejects(at.operations.tenantPasswords({ ...place, file }), /there already/)
  await assert.rejects(at.operations.tenantPasswords({ ...place, file: join(at.folder, 'no', 'such', 'folder.csv') }), /cannot be written/)
  assert.equal(readFileSync(file, 'utf8'), 'somebody else wrote this')
  assert.equal((await at.operations.tenantStatus(place)).passwordsWaiting, 2)

  const fresh = join(at.folder, 'fresh.csv')
  assert.deepEqual(await at.operations.tenantPasswords({ ...place, file: fresh }), { file: fresh, handedOut: 2 })
  assert.match(
    readFileSync(fresh, 'utf8'),
    /^address,temporary_password\r\n"anna@example\.test","\S{20}"\r\n"ben@example\.test","\S{20}"\r\n$/,
  )
  assert.equal(statSync(fresh).mode & 0o777, 0o600)
  const again = join(at.folder, 'again.csv')
  assert.deepEqual(await at.operations.tenantPasswords({ ...place, file: again }), { file: null, handedOut: 0 })
  assert.ok(!existsSync(again))
})

test('undo leaves the mailbox, licence and user of somebody who has mail, says so, and takes them back only when told to', async () => {
  await using rig = await tenantRig()
  await using at = await applied(rig)
  rig.simulator.store('anna@example.test')?.addMessage('INBOX', Buffer.from('Subject: dear\r\n\r\nkeep me\r\n'))
  const first = await at.undo()
  assert.deepEqual(first.withMail, [{ address: 'anna@example.test', items: 1 }])
  assert.ok(users(rig).includes('anna@example.test') && !users(rig).includes('ben@example.test'))
  assert.equal(rig.simulator.store('anna@example.test')?.folder('INBOX')?.messages.length, 1)
  await at.undo({ withMail: true })
  assert.ok(!users(rig).includes('anna@example.test'))
})

test('finish puts back what was for the migration only; what is wanted for good stays, and a refusal changes nothing', async () => {
  await using rig = await tenantRig()
  await using at = await applied(rig)
  const size = async (): Promise<unknown> =>
    (await rig.admin.invoke('Get-Mailbox', { Identity: 'anna@example.test' })).rows[0]?.['MaxReceiveSize']
  const raised = await size()
  assert.match(String(raised), /157,286,400/)
  assert.equal((await at.undo({ what: 'migration', approve: async () => false })).approved, false)
  assert.equal(await size(), raised)
  await at.undo({ what: 'migration' })
  assert.match(String(await size()), /37,748,736/)
  assert.ok(users(rig).includes('anna@example.test'))
})

test('a definition to begin with is written once and is never overwritten', async () => {
  await using rig = await tenantRig()
  await using at = await customer(rig.simulator, rig.clock, TWO)
  const file = join(at.folder, 'new.yaml')
  await at.operations.tenantInit({ file })
  writeFileSync(file, 'mine')
  await assert.rejects(at.operations.tenantInit({ file }), /not overwritten/)
  assert.equal(readFileSync(file, 'utf8'), 'mine')
})
