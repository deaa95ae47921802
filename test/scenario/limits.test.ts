/** A person sets limits while a copy runs, and it follows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { limit } from '../../src/api/limit.ts'
import type { LimitInput } from '../../src/api/operations.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Migration } from './migration.ts'
import { simulatedMigration } from './migration.ts'

const MAIL = { mailboxes: 1, messages: 900, medianBytes: 1500, maxBytes: 20_000 } as const

async function set(move: Migration, wish: Partial<LimitInput>): Promise<void> {
  await limit({ clock: systemClock }, { stateDir: move.stateDir, between: null, clear: false, ...wish })
}

test('a rate of 0 pauses before the first message and says so; lifted, with more connections, the running copy goes on with more', async () => {
  await using world = await simulatedMigration(MAIL)
  const { sim, move } = world
  const [account] = sim.accounts
  const logins = (): number => sim.faults.state(account?.target ?? '').logins
  await set(move, { bytesPerSecond: 0, connections: 1 })
  const paused = Promise.withResolvers<void>()
  const notes: (string | null)[] = []
  const copied = move.copy({
    connections: 4,
    onProgress({ note }) {
      if (note !== notes.at(-1)) notes.push(note)
      if (note === 'paused by limit') paused.resolve()
    },
  })
  await paused.promise
  assert.deepEqual([sim.appends, logins()], [0, 1])
  await set(move, { bytesPerSecond: null, connections: 2 })
  const { found, copied: arrived, skipped, unexplained } = await copied
  assert.deepEqual([found, unexplained], [arrived + skipped, 0])
  assert.equal(logins(), 2)
  assert.deepEqual(notes, [null, 'paused by limit', null])
})

test('the rate that is in force holds, whatever the copy was started with', async () => {
  await using world = await simulatedMigration({ ...MAIL, messages: 100 })
  const { move } = world
  await set(move, { bytesPerSecond: 20_000 })
  const { seconds, mailboxes } = await move.copy({ bytesPerSecond: 50_000_000 })
  const bytes = mailboxes[0]?.bytes ?? 0
  assert.ok(bytes > 100_000)
  // The first second's worth passes at once.
  assert.ok(seconds > bytes / 20_000 - 2, `${bytes} bytes in ${seconds} s`)
})
