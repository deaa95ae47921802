import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CopyBackInput, CopyBackResult } from '../api/copy-back.ts'
import { ADDRESSES, copyResult, mailbox, stage, WRONG_PASSWORD } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const SINCE = ['--since', '2026-03-03T09:00+01:00'] as const

function result(carried: number, copy = copyResult([mailbox('anna', { found: carried, copied: carried })])): CopyBackResult {
  const complete = copy.mailboxes.every(({ failure }) => failure === null)
  return { complete, mark: 'm', inbound: carried, local: 0, own: 0, carried, problems: [], copy }
}

test('it asks before it writes to the old server, and does nothing without a yes', async () => {
  let asked = 0
  const at = stage({ copyBack: async () => (asked++, result(1)) }, { typed: 'n' })
  const { code, err } = await at.run('copy-back', ...ADDRESSES, ...SINCE)
  assert.match(err, /Append to the old mailboxes at \S+ what came to the new side since 2026-03-03T08:00Z\?/)
  assert.deepEqual([code, asked], [3, 0])
})

test('with --yes it carries back what came since, and says to run it again', async () => {
  let input: CopyBackInput | null = null
  const at = stage({ copyBack: async (given) => ((input = given), result(12)) })
  const { code, out } = await at.run('copy-back', ...ADDRESSES, ...SINCE, '--yes', '--old-host', 'mx1.old.test')
  assert.equal(code, 0)
  assert.partialDeepStrictEqual(input, { since: Date.UTC(2026, 2, 3, 8), oldHosts: ['mx1.old.test'], retryFailed: false })
  assert.match(out, /found 12 = copied 12/)
  assert.match(out, /Run it again until it carries nothing twice\./)
  assert.ok(out.split('\n').every((line) => widthOf(line) <= 80))
})

test('it says when nothing new came, and when a mailbox needs a person', async () => {
  const nothing = await stage({ copyBack: async () => result(0) }).run('copy-back', ...ADDRESSES, ...SINCE, '--yes')
  assert.match(nothing.out, /Nothing new came to the new side since the last run\./)
  const trouble = result(0, copyResult([mailbox('anna', { found: 0, copied: 0, failure: WRONG_PASSWORD })]))
  const failed = await stage({ copyBack: async () => trouble }).run('copy-back', ...ADDRESSES, ...SINCE, '--yes')
  assert.equal(failed.code, 3)
  assert.match(failed.out, /Not every mailbox could be read and written\./)
})

test('a time without its zone, or none, is wrong usage', async () => {
  for (const since of [[], ['--since', '2026-03-03T08:00'], ['--since', 'yesterday'], ['--since', '2026-13-03T08:00Z']]) {
    const { code, err } = await stage({}).run('copy-back', ...ADDRESSES, ...since, '--yes')
    assert.equal(code, 2, err)
  }
})

test('--json prints the result and nothing else', async () => {
  const { out } = await stage({ copyBack: async () => result(2) }).run('copy-back', ...ADDRESSES, ...SINCE, '--yes', '--json')
  assert.equal((JSON.parse(out) as CopyBackResult).carried, 2)
})
