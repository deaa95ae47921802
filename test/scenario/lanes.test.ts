/** Several connection pairs for one mailbox: as many as the servers hold open, and not one message lost or doubled over it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { systemClock } from '../../src/lib/clock.ts'
import { Failure } from '../../src/model/failure.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { compareMail, mailInStore, type Mail } from './mail.ts'
import { migration, outcomeOf, simulatedMigration } from './migration.ts'

const MESSAGES = 900

for (const maxConnections of [1, 2, 20]) {
  test(`an Exchange that holds ${maxConnections} connections open for a mailbox gets everything once`, async () => {
    await using world = await simulatedMigration({ mailboxes: 1, messages: MESSAGES, medianBytes: 1500, maxBytes: 20_000, maxConnections })
    const { sim, move } = world
    const [account] = sim.accounts
    if (account === undefined) throw new RangeError('no account')
    const copied = await move.copy({ includeDeleted: true })
    const { found, copied: arrived, failure } = outcomeOf(copied, account.name)
    assert.deepEqual([arrived, failure, copied.unexplained], [found, null, 0])
    assert.ok(found >= MESSAGES)
    assert.equal(sim.appends, found, 'nothing was sent twice')
    const anywhere = (mail: readonly Mail[]): readonly Mail[] => mail.map((one) => ({ ...one, folder: '' }))
    const there = anywhere(mailInStore(sim.exchangeStore(account.target)))
    const { lost, extra } = compareMail(anywhere(mailInStore(sim.sourceStore(account.sourceLogin))), there)
    assert.deepEqual({ lost, extra }, { lost: [], extra: [] })
    assert.equal((await move.copy({ includeDeleted: true })).appends, 0)
  })
}

test('a mailbox that is told to wait for minutes does not hold up the others', async () => {
  await using sim = await startSimulator({ mailboxes: 2, messages: 400, medianBytes: 40_000, maxBytes: 400_000 })
  await using move = await migration({ source: sim.source.url, destination: sim.exchange.url, people: sim.accounts, clock: systemClock })
  const [slow, free] = sim.accounts
  sim.faults.set(slow?.target ?? '', { throttle: { every: 1, ms: 300_000 } })
  const stop = new AbortController()
  const copied = await move.copy({
    signal: stop.signal,
    onProgress({ mailbox, phase }) {
      if (mailbox === free?.name && phase === 'done') stop.abort(new Failure('stopped', 'Stopped on request.'))
    },
  })
  const outcome = outcomeOf(copied, free?.name ?? '')
  assert.deepEqual([outcome.failure, outcome.unexplained], [null, 0])
  assert.equal(outcomeOf(copied, slow?.name ?? '').failure?.code, 'stopped')
})
