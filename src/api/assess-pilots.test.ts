import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLedger } from '../ledger/ledger.ts'
import { pilotsIn } from './assess-pilots.ts'

test('pilots are first copies that came to their end in the real Exchange; a simulated one, a broken one and a delta are none', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'cutover-pilots-'))
  try {
    assert.deepEqual(pilotsIn(stateDir), [])
    let now = 1_000_000
    {
      using ledger = openLedger(stateDir, { clock: { now: () => now } })
      const copied = (destination: string, name: string, failure: 'connection-lost' | null): void => {
        const pass = ledger.beginPass(ledger.mailbox({ source: `imap old ${name}`, destination, name }), 'initial')
        now += 90_000
        ledger.endPass(pass, { failure, detail: null, figures: {} })
        now += 5000
      }
      copied('exchange global anna@example.org', 'anna', null)
      copied('exchange http://127.0.0.1:1 ben@example.org', 'ben', null)
      copied('exchange global carl@example.org', 'carl', 'connection-lost')
      copied('imap new.example.org dora@example.org', 'dora', null)
    }
    assert.deepEqual(
      pilotsIn(stateDir).map(({ milliseconds }) => milliseconds),
      [90_000],
    )
  } finally {
    rmSync(stateDir, { recursive: true, force: true })
  }
})
