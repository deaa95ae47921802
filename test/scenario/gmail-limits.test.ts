/** Gmail allows only so much at a time and a day: it is asked more slowly, or left alone until it may be read again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { heldContent } from '../../src/simulator/mail-store.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { first, type Migration, simulatedMigration } from './migration.ts'

const HOUR_MS = 3_600_000
const LETTER = `Subject: a letter\r\n\r\n${'All work and no play. '.repeat(4000)}\r\n`

type Stage = { readonly sim: Simulator; readonly move: Migration; readonly later: (ms: number) => void }

/** A mailbox with `count` letters of 88 kB, and a clock that can be put forward. */
async function onStage(count: number, fault: Fault, run: (stage: Stage) => Promise<void>): Promise<void> {
  let ahead = 0
  const clock = {
    now: () => Math.round(Date.now() + ahead),
    sleep: async (ms: number): Promise<void> => {
      ahead += ms
      await new Promise(setImmediate)
    },
  }
  await using world = await simulatedMigration({ source: 'gmail', mailboxes: 1, messages: 0 }, { clock })
  const { sim, move } = world
  const { sourceLogin } = first(sim.accounts)
  const store = sim.sourceStore(sourceLogin)
  for (let i = 0; i < count; i++) store.addMessage('INBOX', heldContent(Buffer.from(`Message-ID: <${i}@example.test>\r\n${LETTER}`)))
  sim.faults.set(sourceLogin, fault)
  await run({ sim, move, later: (ms) => void (ahead += ms) })
}

async function allowADay(move: Migration, bytesPerDay: number): Promise<void> {
  const operations = operationsIn(realWorld())
  await operations.limit({ stateDir: move.stateDir, bytesPerDay, between: null, clear: false })
}

test('L11: reading stops at the allowance of the day, says when it goes on, and a later run goes on there', () =>
  onStage(60, {}, async ({ sim, move, later }) => {
    await allowADay(move, 2_000_000)
    const one = first((await move.copy()).mailboxes)
    assert.equal(one.failure?.code, 'allowance-used')
    assert.match(one.failure.message, /Today's allowance of 2 MB for .* is used\. It goes on at \d\d:\d\d tomorrow\./)
    const before = sim.appends
    // One batch may go beyond it.
    assert.ok(before >= 20 && before <= 48, `${before} messages`)
    const again = first((await move.copy()).mailboxes)
    assert.deepEqual([again.failure?.code, sim.appends], ['allowance-used', before])
    for (let day = 0; day < 5 && sim.appends < 60; day++) {
      later(24 * HOUR_MS)
      await move.copy()
    }
    later(24 * HOUR_MS)
    const last = await move.copy()
    assert.deepEqual([last.found, last.copied, sim.appends, first(last.mailboxes).failure], [60, 60, 60, null])
  }))

test('L11: with --wait one run takes as many days as it needs', () =>
  onStage(60, {}, async ({ sim, move }) => {
    await allowADay(move, 2_000_000)
    const done = await move.copy({ wait: true })
    assert.deepEqual([done.copied, sim.appends, first(done.mailboxes).failure], [60, 60, null])
  }))

test('L02: a mailbox that the server closes for its bandwidth is left alone, also by the next run, and goes on after that', () =>
  onStage(40, { bandwidthBytes: 1_500_000 }, async ({ sim, move, later }) => {
    const one = first((await move.copy()).mailboxes)
    assert.equal(one.failure?.code, 'allowance-used')
    assert.match(one.failure.message, /Account exceeded command or bandwidth limits.*left alone until \d\d:\d\d/)
    const { sourceLogin } = first(sim.accounts)
    const { commands } = sim.faults.state(sourceLogin)
    const again = first((await move.copy()).mailboxes)
    assert.equal(again.failure?.code, 'allowance-used')
    assert.equal(sim.faults.state(sourceLogin).commands, commands, 'the server is not even asked')
    sim.faults.set(sourceLogin, {})
    later(2 * HOUR_MS)
    const last = await move.copy()
    assert.deepEqual([last.copied, sim.appends, first(last.mailboxes).failure], [40, 40, null])
  }))

test('L01: OK [THROTTLED] at every answer slows us down and fails nothing', () =>
  onStage(10, { throttledReplies: true }, async ({ sim, move }) => {
    const done = await move.copy()
    assert.deepEqual([done.copied, sim.appends, first(done.mailboxes).failure], [10, 10, null])
  }))

test('L03: where a mailbox may have one connection only it is copied over one', () =>
  onStage(40, { connections: 1 }, async ({ sim, move }) => {
    const done = await move.copy({ connections: 4 })
    assert.deepEqual([done.copied, sim.appends, first(done.mailboxes).failure], [40, 40, null])
  }))
