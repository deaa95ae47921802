/** Ctrl-C in the middle of a copy, through the real command line: it says how to go on, and going on doubles nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setInterval } from 'node:timers/promises'

import type { CopyResult } from '../../src/api/results.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { type Running, runCutover, startCutover } from '../rig/process.ts'
import { startProxy } from '../rig/proxy.ts'
import { compareMail, mailInStore, mailOnServer } from './mail.ts'
import { first, type Migration, simulatedMigration } from './migration.ts'
import { systemFlags } from './nasty.ts'

/** Enough for two connection pairs. */
const MESSAGES = 280

test('interrupted on the way into Exchange: exit code 3, and the same command again completes it without a double', async () => {
  await using world = await simulatedMigration({ mailboxes: 2, messages: MESSAGES, medianBytes: 2000, maxBytes: 20_000, language: 'de' })
  const { sim, move } = world
  for (const { target } of sim.accounts) sim.faults.set(target, { delayMs: 8 })
  const stopped = await interrupted(move, () => sim.appends >= 40)
  assert.ok(stopped.found - stopped.copied > 50, `stopped in the middle, at ${stopped.copied}`)
  assert.equal(sim.appends, stopped.copied)

  for (const { target } of sim.accounts) sim.faults.clear(target)
  await completed(move, stopped, 2 * MESSAGES)
  assert.equal(sim.appends, 2 * MESSAGES)
  for (const { sourceLogin, target } of sim.accounts) {
    const wanted = mailInStore(sim.sourceStore(sourceLogin))
    const copies = mailInStore(sim.exchangeStore(target))
    assert.equal(copies.length, wanted.length)
    const bytes = (mail: typeof wanted): readonly string[] => mail.map((one) => one.bytes.toString('base64')).sort()
    assert.deepEqual(bytes(copies), bytes(wanted))
  }
})

test('interrupted between two real servers: the same', { skip: needs('dovecot') }, async () => {
  await using to = await startDovecot({ tls: false })
  await using proxy = await startProxy(to.port, { roundTripMs: 30 })
  const { login: target, password: targetPassword } = first(to.users)
  const ends = { destination: `imap://127.0.0.1:${proxy.port}?tls=none`, logins: [{ target, targetPassword }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 120, medianBytes: 2000, maxBytes: 20_000 }, ends)
  const { sim, move } = world
  const stopped = await interrupted(move, () => proxy.bytes.up > 60_000, '--rate', '500KB/s')
  assert.ok(stopped.copied > 0 && stopped.copied < stopped.found, `stopped in the middle, at ${stopped.copied}`)
  await completed(move, stopped, 120)
  const wanted = mailInStore(sim.sourceStore(sim.accounts[0]?.sourceLogin ?? ''))
  const copies = await mailOnServer({ port: to.port, user: target, pass: targetPassword })
  assert.deepEqual(compareMail(wanted, copies, { flags: (flags) => flags }), {
    unchanged: 120,
    altered: new Map(),
    lost: [],
    extra: [],
    otherFlags: [],
    otherDate: [],
  })
  assert.ok(wanted.some(({ flags }) => systemFlags(flags).length > 0))
})

/** Runs a copy, presses Ctrl-C once `midway`, and returns what it said; it must have said how to go on. */
async function interrupted(move: Migration, midway: () => boolean, ...more: readonly string[]): Promise<CopyResult> {
  const args = move.args('copy', '--json', ...more)
  await using running = startCutover(args, { env: { CUTOVER_PROGRAM: 'cutover' } })
  await interruptOnce(running, midway)
  const done = await running.finished
  assert.equal(done.code, 3, done.stderr)
  assert.match(done.stderr, /^Stopping: what is in flight is finished first\. Press Ctrl-C again to leave at once\.$/m)
  const [, command] = /^Stopped\. Nothing is lost\. To go on, run the same command again:\n {2}(.*)$/m.exec(done.stderr) ?? []
  assert.equal(command?.replaceAll("'", ''), ['cutover', ...args].join(' '))
  const result = done.json() as CopyResult
  assert.equal(result.unexplained, result.found - result.copied - result.skipped - result.failed)
  return result
}

async function interruptOnce(running: Running, midway: () => boolean): Promise<void> {
  let ended = false
  void running.finished.finally(() => (ended = true)).catch(() => undefined)
  for await (const _ of setInterval(5)) if (midway() || ended) break
  running.interrupt()
}

/** Runs the same again: every message is there once, the verification says so, and a third copy writes nothing. */
async function completed(move: Migration, stopped: CopyResult, found: number): Promise<void> {
  const done = await runCutover(move.args('copy', '--json'))
  assert.equal(done.code, 0, done.stderr)
  const again = done.json() as CopyResult
  assert.deepEqual([again.found, again.copied, again.unexplained], [found, found, 0])
  assert.equal(again.appends + stopped.appends, found)
  const { missing, extra, different, unexplained } = await move.verify({ level: 'fingerprints' })
  assert.deepEqual([missing, extra, different, unexplained], [0, 0, 0, 0])
  assert.equal((await move.copy()).appends, 0)
}
