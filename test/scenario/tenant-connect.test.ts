/** A consultant lets cutover into a tenant: looks what is missing, gives it, and looks again. Through the real command line. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'
import { startTenantSimulator } from '../../src/tenant-simulator/tenant-simulator.ts'
import { runCutover } from '../rig/process.ts'

test('a tenant is connected step by step, and at the end nothing is missing', async () => {
  await using client = new TenantClient(await startTenantSimulator())
  const { simulator } = client
  const { world } = simulator
  const directory = mkdtempSync(join(tmpdir(), 'cutover-connect-'))
  using _ = { [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) }
  const anna = await client.person('anna')
  writeFileSync(join(directory, 'people.csv'), `target\n${anna}\n`)
  writeFileSync(
    join(directory, 'cutover.yaml'),
    [
      'version: 1',
      'tenant:',
      `  id: ${simulator.tenantId}`,
      `  client_id: ${simulator.clientId}`,
      '  secret: env:SECRET',
      `  service: ${simulator.url}`,
      'mailboxes:',
      '  list: people.csv',
      '',
    ].join('\n'),
  )
  const connect = (...more: readonly string[]) =>
    runCutover(['tenant', 'connect', '-f', join(directory, 'cutover.yaml'), '--state', join(directory, 'state'), ...more], {
      cwd: directory,
      env: { SECRET: simulator.clientSecret },
    })

  // Before anything was granted but the permission to look.
  const [app] = world.state.apps
  assert.ok(app !== undefined)
  const roles = app.appRoles
  app.appRoles = roles.filter(({ value }) => value === 'Application.Read.All')
  world.state.objects = world.state.objects.filter(({ kind }) => kind !== 'ServicePrincipal')
  const first = await connect()
  assert.equal(first.code, 3, first.stdout + first.stderr)
  assert.match(first.stdout, /MISSING {2}User\.ReadWrite\.All: Not granted/)
  assert.match(first.stdout, /MISSING {2}IMAP\.AccessAsApp: Not granted/)
  assert.match(first.stdout, /New-MgServicePrincipalAppRoleAssignment/)
  assert.doesNotMatch(first.stdout + first.stderr, new RegExp(simulator.clientSecret))

  app.appRoles = roles
  const second = await connect('--apply')
  assert.match(second.stdout, /Done: Make the application mail-mover/)
  assert.match(second.stdout.replaceAll(/\s+/g, ' '), /MISSING anna@example\.test: The application has no Full Access to it\./)

  await client.cmdlet('Add-MailboxPermission', { Identity: anna, User: app.servicePrincipalId ?? '', AccessRights: ['FullAccess'] })
  const third = await connect()
  assert.equal(third.code, 3)
  assert.match(third.stdout, /waiting {2}anna@example\.test/)
  simulator.advance(120_000)
  const last = await connect('--json')
  assert.equal(last.code, 0, last.stdout)
  const { checks, steps } = last.json() as { checks: readonly { id: string; state: string }[]; steps: readonly unknown[] }
  assert.deepEqual(
    checks.filter(({ state }) => state !== 'ok'),
    [],
  )
  assert.deepEqual(steps, [])
})
