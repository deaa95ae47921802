import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { HandClock } from '../lib/hand-clock.fixture.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import { Allowance, type AllowanceTerms } from './allowance.ts'

const HOUR_MS = 3_600_000
/** The beginning of an hour. */
const START = 500_000 * HOUR_MS

type Ground = { readonly clock: HandClock; readonly allowance: (terms?: Partial<AllowanceTerms>) => Allowance; readonly ledger: Ledger }

function onGround(run: (ground: Ground) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cutover-allowance-'))
    const ledger = openLedger(folder)
    const clock = new HandClock(START)
    const mailboxId = ledger.mailbox({ source: 'imap a', destination: 'imap b', name: 'Anna' })
    try {
      await run({
        clock,
        ledger,
        allowance: (terms = {}) =>
          new Allowance(ledger, mailboxId, 'Anna', clock, { bytesPerDay: () => 10_000_000, waits: false, ignoresParking: false, ...terms }),
      })
    } finally {
      ledger.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

test(
  'what was handed out counts for 24 hours, in a new run as well, and then no longer',
  onGround(async ({ allowance, clock }) => {
    const first = allowance()
    first.charge(6_000_000)
    first.mayRead()
    await clock.pass(5 * HOUR_MS)
    first.charge(4_000_000)
    first.write()
    assert.throws(() => first.mayRead(), { code: 'allowance-used' })
    assert.throws(() => allowance().mayRead(), /Today's allowance of 10 MB for Anna is used\. It goes on at \d\d:\d\d/)
    await clock.pass(18 * HOUR_MS)
    assert.throws(() => allowance().mayRead(), { code: 'allowance-used' })
    await clock.pass(HOUR_MS)
    allowance().mayRead()
  }),
)

test(
  'the last of the allowance is used one batch after the other, and without a limit nothing is refused',
  onGround(({ allowance }) => {
    const one = allowance()
    one.charge(9_600_000)
    one.mayRead(64)
    one.asked(64)
    one.mayRead()
    assert.throws(() => one.mayRead(64), { code: 'throttled', retryAfterMs: 50 })
    one.landed(64)
    one.mayRead(64)
    const free = allowance({ bytesPerDay: () => null })
    free.charge(9e9)
    free.mayRead(1_000_000)
  }),
)

test(
  'where nobody says anything what the system is known to allow holds; a person may say more, less, or nothing',
  onGround(({ allowance }) => {
    const known = allowance({ bytesPerDay: () => undefined })
    assert.equal(known.limit, null)
    known.systemAllows(2_500_000_000)
    assert.equal(known.limit, 2_500_000_000)
    assert.equal(known.connections(20), 20)
    known.systemAllows(2_500_000_000, 15)
    assert.deepEqual([known.connections(20), known.connections(3), known.connections(null)], [15, 3, null])
    const said = allowance({ bytesPerDay: () => 5 })
    said.systemAllows(2_500_000_000)
    assert.equal(said.limit, 5)
  }),
)

test(
  'a mailbox that its server closed is left alone for an hour, then two, and is open again once something went well',
  onGround(async ({ allowance, clock, ledger }) => {
    const says = new Failure('allowance-used', 'mail.example.org refused UID FETCH.', { serverText: 'NO [OVERQUOTA] enough' })
    const why = allowance().closed(says)
    assert.deepEqual([why.code, why.side, why.serverText], ['allowance-used', 'source', 'NO [OVERQUOTA] enough'])
    assert.throws(() => allowance().mayRead(), /closed by its server \(NO \[OVERQUOTA\] enough\)/)
    allowance({ ignoresParking: true }).mayRead()
    await clock.pass(HOUR_MS)
    const second = allowance()
    second.mayRead()
    second.closed(says)
    await clock.pass(HOUR_MS)
    assert.throws(() => allowance().mayRead())
    await clock.pass(HOUR_MS)
    const third = allowance()
    third.mayRead()
    third.wentWell()
    assert.equal(ledger.parked(1), null)
  }),
)

test(
  'a mailbox that may wait is told for how long instead',
  onGround(({ allowance }) => {
    const one = allowance({ waits: true })
    one.charge(10_000_000)
    assert.throws(() => one.mayRead(), { code: 'throttled', retryAfterMs: 24 * HOUR_MS })
  }),
)
