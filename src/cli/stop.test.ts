import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CopyInput } from '../api/operations.ts'
import type { CopyResult } from '../api/results.ts'
import { Failure } from '../model/failure.ts'
import type { Stage } from './cli.fixture.ts'
import { ADDRESSES, copyResult, mailbox, stage } from './cli.fixture.ts'

const STOPPED = {
  code: 'stopped',
  message: 'Stopped on request.',
  help: 'Run the same command again to go on.',
  side: null,
  serverText: null,
} as const
const ARGV = ['copy', ...ADDRESSES, '--state', './my state']
const AGAIN =
  "  cutover copy --source imaps://mail.example.org --destination imaps://new.example.org --mailboxes people.csv --state './my state'"

/** Runs a copy during which Ctrl-C is pressed, and `onStopped` tells how the operation ends. */
async function interrupted(onStopped: () => Promise<CopyResult>, ...argv: string[]): ReturnType<Stage['run']> {
  const scene: Stage = stage({
    copy: async (input: CopyInput) => {
      scene.interrupt()
      assert.ok(input.signal.aborted)
      return onStopped()
    },
  })
  return scene.run(...ARGV, ...argv)
}

test('Ctrl-C lets the operation end, prints what was done and the command to go on, and exits with 3', async () => {
  const result = copyResult([mailbox('anna', { failure: STOPPED })])
  const { code, out, err } = await interrupted(async () => result)
  assert.equal(code, 3)
  assert.match(out, /^found 100 = copied 100/)
  assert.match(out, /anna .* stopped$/m)
  assert.equal(
    err,
    `Stopping: what is in flight is finished first. Press Ctrl-C again to leave at once.\nStopped. Nothing is lost. To go on, run the same command again:\n${AGAIN}\n`,
  )
})

test('a stop before there is anything to tell says the same', async () => {
  const { code, out, err } = await interrupted(() => Promise.reject(new Failure('stopped', 'Stopped on request.')))
  assert.deepEqual([code, out], [3, ''])
  assert.ok(err.endsWith(`run the same command again:\n${AGAIN}\n`))
})

test('with --json a stop is still one object on standard output', async () => {
  const thrown = await interrupted(() => Promise.reject(new Failure('stopped', 'Stopped on request.')), '--json')
  assert.equal(JSON.parse(thrown.out).error.code, 'stopped')
  const told = await interrupted(async () => copyResult([mailbox('anna', { failure: STOPPED })]), '--json')
  assert.equal(JSON.parse(told.out).mailboxes[0].failure.code, 'stopped')
  assert.deepEqual([thrown.code, told.code], [3, 3])
  assert.ok(thrown.err.includes(AGAIN) && told.err.includes(AGAIN))
})

test('work that was finished anyway when Ctrl-C came counts as done', async () => {
  assert.equal((await interrupted(async () => copyResult([mailbox('anna')]))).code, 0)
})

test('a second Ctrl-C leaves at once with 130, even when the operation never ends', async () => {
  const scene: Stage = stage({
    copy: async () => {
      scene.interrupt()
      scene.interrupt()
      return new Promise(() => {})
    },
  })
  const { code, err } = await scene.run(...ARGV)
  assert.equal(code, 130)
  assert.ok(err.endsWith(`${AGAIN}\n`))
})

test('after a command has ended nobody listens to signals any more', async () => {
  const scene = stage({ copy: async () => copyResult([]) })
  await scene.run(...ARGV)
  assert.equal(scene.interrupt(), 0)
})
