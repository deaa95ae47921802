import assert from 'node:assert/strict'
import { test } from 'node:test'
import { snapshot } from '../../src/tenant-simulator/snapshot.ts'
import { startTenantSimulator, type TenantSimulator } from '../../src/tenant-simulator/tenant-simulator.ts'
import { scaledTiming } from '../../src/tenant-simulator/timing.ts'
import { startCutover, type Finished } from '../rig/process.ts'
import { customer, type Customer } from './customer.ts'
import { preparedWants } from './prepared.ts'
import { JumpingClock } from './rig.ts'

type Kill = { left: number; now: () => void }

/** Runs the real command, and kills it when so many changes were made in the tenant: before it hears of the last one. */
async function run(words: readonly string[], at: Customer, kill: Kill, afterChanges = Infinity): Promise<Finished> {
  const addresses = ['-f', at.input.definitionFile, '--state', at.stateDir, '--yes', '--json']
  await using running = startCutover(['tenant', ...words, ...addresses], { env: { SECRET: at.input.env['SECRET'] }, patienceMs: 120_000 })
  kill.left = afterChanges
  kill.now = () => running.kill()
  return await running.finished
}

/** Requests that change something: all but reading, signing in, and cmdlets that begin with Get. */
function isChange(method: string, path: string, body: string): boolean {
  if (/\/oauth2\/|\/__sim\//.test(path)) return false
  return path.startsWith('/adminapi/') ? !/"CmdletName":"Get-/.test(body) : method !== 'GET' && !path.endsWith('/$batch')
}

async function killable(): Promise<{ simulator: TenantSimulator; kill: Kill; changes: () => number }> {
  const kill: Kill = { left: Infinity, now: () => {} }
  let changes = 0
  const simulator = await startTenantSimulator({
    content: 'prepared',
    timing: scaledTiming(0.003),
    limits: { cmdletsPer5Seconds: 1_000_000 },
    onDone: (method, path, body) => {
      if (!isChange(method, path, body)) return
      changes++
      if (--kill.left === 0) kill.now()
    },
  })
  return { simulator, kill, changes: () => changes }
}

test(
  'killed again and again, the same command goes on, nothing is done twice, and undo, killed too, leads back to the first state',
  { timeout: 300_000 },
  async () => {
    const { simulator, kill, changes } = await killable()
    await using _ = simulator
    await using at = await customer(simulator, new JumpingClock(), preparedWants(simulator))
    const first = snapshot(simulator.world)

    for (const after of [1, 7, 40, 90]) assert.equal((await run(['apply'], at, kill, after)).signal, 'SIGKILL')
    const done = await run(['apply'], at, kill)
    assert.equal(done.code, 3, `${done.stderr}\n${done.stdout}`)
    const result = done.json() as { statement: { counts: Record<string, number>; open: unknown[] }; plan: { changes: unknown[] } }
    assert.deepEqual([result.statement.open, result.plan.changes], [[], []])
    const once = changes()
    const made = snapshot(simulator.world)
    const twice = new Set<string>()
    for (const { props } of simulator.world.state.users) {
      const upn = JSON.stringify(props['userPrincipalName'])
      assert.ok(!twice.has(upn), `${upn} was made twice`)
      twice.add(upn)
    }
    await run(['apply'], at, kill)
    assert.equal(changes(), once)
    assert.deepEqual(snapshot(simulator.world), made)

    for (const after of [1, 60]) assert.equal((await run(['undo'], at, kill, after)).signal, 'SIGKILL')
    const undone = await run(['undo'], at, kill)
    assert.equal(undone.code, 0, undone.stdout)
    simulator.advance(3_600_000)
    assert.deepEqual(snapshot(simulator.world), first)
  },
)
