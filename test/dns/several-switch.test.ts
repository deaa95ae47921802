import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { stage } from '../../src/cli/cli.fixture.ts'
import { needs } from '../servers/available.ts'
import { BASE, OWN } from './bad-zones.ts'
import { dnsPlanRig } from './rig.ts'

test(
  'several domains of one definition are switched one after another, each with a log of its own; one that is held holds up no other',
  { skip: needs('bind') },
  async () => {
    const names = ['example.test', 'held.test', 'third.test']
    const zones = names.map((name) => ({ name, records: name === 'held.test' ? ['@ IN MX 0 .'] : BASE }))
    const domains = names.map((name) => `{ name: ${name} }`).join(', ')
    await using rig = await dnsPlanRig(zones, OWN.replace('{ name: example.test }', domains))
    for (const name of names.slice(1)) rig.isInTenant(name)
    const run = (...words: readonly string[]) =>
      stage(rig.operations, { env: rig.env }).run('switch', ...names, '-f', rig.definitionFile, '--state', rig.input.stateDir, ...words)
    const { code, out } = await run('--name', 'Anna', '--yes')
    for (const line of out.split('\n')) assert.ok(line.length <= 80, line)
    assert.equal(code, 3)
    assert.match(out, /3 domains:\n {2}example\.test: .*\n {2}held\.test: needs a person\n {2}third\.test: /)
    for (const name of ['example.test', 'third.test']) {
      const served = await rig.served(name)
      const [mx, texts] = (['MX', 'TXT'] as const).map((type) => served.find((set) => set.name === name && set.type === type))
      assert.deepEqual([mx?.data, mx?.ttlSeconds], [[`10 mx.${name}`], 300], 'prepared, and not switched')
      assert.ok(texts?.data.includes('v=spf1 ip4:192.0.2.9 include:spf.protection.outlook.com -all'))
    }
    assert.deepEqual(
      (await rig.served('held.test')).map(({ type, data }) => [type, data]),
      [['MX', ['0 .']]],
    )
    const status = await stage(rig.operations, { env: rig.env }).run(
      'switch',
      ...names,
      '--status',
      '--json',
      '--state',
      rig.input.stateDir,
    )
    const told = JSON.parse(status.out) as {
      readonly domains: readonly { readonly domain: string; readonly result: { readonly phase: string } }[]
    }
    assert.deepEqual(
      told.domains.map(({ domain, result }) => [domain, result.phase]),
      [
        ['example.test', 'ttl-lowered'],
        ['held.test', 'draft'],
        ['third.test', 'ttl-lowered'],
      ],
    )
    assert.deepEqual((await readdir(join(rig.input.stateDir, 'switch'))).toSorted(), names.toSorted())
  },
)
