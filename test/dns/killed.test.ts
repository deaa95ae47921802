import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { DnsApplyResult } from '../../src/api/dns-results.ts'
import { startDnsFront, type DnsFront } from '../rig/dns-front.ts'
import { startCutover, type Finished } from '../rig/process.ts'
import { needs } from '../servers/available.ts'
import { dnsPlanRig, type DnsPlanRig } from './rig.ts'

const NAME = 'example.test'
const ZONE = { name: NAME, records: ['@ IN MX 10 mx.old.test.', '@ IN TXT "v=spf1 ip4:192.0.2.9 -all"', '@ IN TXT "kept=1"'] }

/** Runs the real command, and kills it when so many changes were made in the zone: before it hears of the last one. */
async function run(words: readonly string[], rig: DnsPlanRig, front: DnsFront, afterChanges = Infinity): Promise<Finished> {
  const addresses = ['-f', rig.definitionFile, '--state', rig.input.stateDir, '--yes', '--json']
  const script = join(import.meta.dirname, 'loopback-main.ts')
  const env = { ...rig.env, NAME_SERVER: String(rig.server.port) }
  await using running = startCutover(['dns', ...words, ...addresses], { env, script })
  let left = afterChanges
  front.onChange = () => {
    if (--left === 0) running.kill()
  }
  return await running.finished
}

test(
  'killed after each change, `dns apply` goes on and writes nothing twice, and `dns undo`, killed too, leads back to the first records',
  { skip: needs('bind') },
  async () => {
    await using front = await startDnsFront()
    await using rig = await dnsPlanRig(
      [ZONE],
      `dns:
  provider: rfc2136
  settings: { server: 127.0.0.1:${front.port}, key: env:KEY }
  name_servers: 127.0.0.1:PORT
  tls_reports: tls@${NAME}
  services: [teams, devices]
  domains: [{ name: ${NAME} }]
`,
    )
    front.target = rig.server.port
    const served = async (): Promise<readonly unknown[]> => [...(await rig.served(NAME)), await rig.one(`_smtp._tls.${NAME}`, 'TXT')]
    const first = await served()
    const [plan] = (await rig.operations.dnsPlan(rig.input)).domains
    const planned = plan?.items.filter(({ phase }) => phase === 'prepare').length

    for (const after of [1, 1]) assert.equal((await run(['apply', '--phase', 'prepare'], rig, front, after)).signal, 'SIGKILL')
    assert.equal(front.changes, 2)
    const done = await run(['apply', '--phase', 'prepare'], rig, front)
    const { statement } = done.json() as DnsApplyResult
    assert.deepEqual(statement?.open, [], done.stdout)
    const made = await served()
    const changes = front.changes
    await run(['apply', '--phase', 'prepare'], rig, front)
    assert.equal(front.changes, changes)
    assert.deepEqual(await served(), made)
    assert.equal(changes, planned, 'each set was written once')

    assert.equal((await run(['undo'], rig, front, 1)).signal, 'SIGKILL')
    const undone = await run(['undo'], rig, front)
    assert.equal(undone.code, 0, undone.stdout)
    assert.equal(front.changes, 2 * changes)
    assert.deepEqual(await served(), first)
  },
)
