import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { runCutover, startCutover } from './process.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutover-process-'))
})
after(() => rm(folder, { recursive: true, force: true }))

async function scriptOf(text: string): Promise<string> {
  const script = join(folder, `${text.length}.ts`)
  await writeFile(script, text)
  return script
}

test('a run gives its exit code, both outputs and its JSON', async () => {
  const script = await scriptOf(`
    console.log(JSON.stringify({ args: process.argv.slice(2), version: process.versions.node }))
    console.error(process.env.NODE_TEST_CONTEXT ?? 'alone')
    process.exit(3)`)
  const done = await runCutover(['copy', '--json'], { script, stdin: 'unused' })
  assert.equal(done.code, 3)
  assert.deepEqual(done.json(), { args: ['copy', '--json'], version: process.versions.node })
  assert.equal(done.stderr, 'alone\n')
})

test('a run is killed at the line asked for, before it does more', async () => {
  const script = await scriptOf(`
    process.on('SIGINT', () => console.log('polite'))
    console.log('sending 7')
    setInterval(() => {}, 1000)`)
  const killed = await runCutover([], { script, killAt: /^sending \d+$/ })
  assert.equal(killed.signal, 'SIGKILL')
  assert.equal(killed.stdout, 'sending 7\n')
  assert.throws(() => killed.json(), /sending 7/)
})

test('a line can be awaited, and the process interrupted after it', async () => {
  const script = await scriptOf(`
    process.on('SIGINT', () => process.exit(0))
    setInterval(() => {}, 1000)
    console.error('ready on port 7')`)
  await using running = startCutover([], { script })
  assert.equal(await running.line(/ready/), 'ready on port 7')
  assert.equal(await running.line(/port/), 'ready on port 7')
  running.interrupt()
  assert.equal((await running.finished).code, 0)
  await assert.rejects(running.line(/never/), /ended without a line/)
})
