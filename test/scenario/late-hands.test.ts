/** The copies of a switch as its hands, and the way back from the command line. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lateHands } from '../../src/api/late-hands.ts'
import { realWorld } from '../../src/app.ts'
import { Failure } from '../../src/model/failure.ts'
import { runCutover } from '../rig/process.ts'
import { afterSwitch, having, mail, OLD_MX } from './late.ts'
import { hastyClock } from './migration.ts'

const HOUR = 3_600_000

test('what came is told until its mark was written down, however often the copy is made', () =>
  afterSwitch(async ({ from, to, at, ends }) => {
    const watch = { onMailboxes: () => {}, onProgress: () => {} }
    const hands = lateHands({ ...realWorld(), clock: hastyClock() }, { addresses: ends, watch, ttlSeconds: 300, oldHosts: [OLD_MX] })
    const { signal } = new AbortController()
    const asked = { plan: null, switchedAtMs: at, signal }
    from.addMessage('INBOX', mail('late-1', 'inbound', at + HOUR), { internalDate: new Date(at + HOUR) })
    const lost = await hands.delta({ ...asked, mark: null })
    const kept = await hands.delta({ ...asked, mark: null })
    assert.deepEqual([lost.inbound, kept.inbound, lost.carried, kept.carried, kept.mark], [1, 1, 1, 0, lost.mark])
    assert.equal((await hands.delta({ ...asked, mark: kept.mark })).inbound, 0)
    to.addMessage('INBOX', mail('new-1', 'exchange', at + HOUR), { internalDate: new Date(at + HOUR) })
    const back = await hands['reverse-delta']({ ...asked, mark: null })
    assert.deepEqual([back.complete, back.inbound, back.carried], [true, 1, 1])
    const again = await hands['reverse-delta']({ ...asked, mark: back.mark })
    assert.deepEqual([again.inbound, again.carried, again.mark], [0, 0, back.mark])
    assert.equal((await hands.delta({ ...asked, mark: kept.mark })).carried, 0)
  }))

test('a copy that was told to stop is not complete, and loses sight of nothing', () =>
  afterSwitch(async ({ at, ends }) => {
    const watch = { onMailboxes: () => {}, onProgress: () => {} }
    const hands = lateHands({ ...realWorld(), clock: hastyClock() }, { addresses: ends, watch, ttlSeconds: 300, oldHosts: [] })
    const stop = new AbortController()
    stop.abort(new Failure('stopped', 'Stopped on request.'))
    const asked = { plan: null, switchedAtMs: at, mark: null, signal: stop.signal }
    const { complete, problems } = await hands.delta(asked)
    assert.equal(complete, false)
    assert.equal(problems.length, 1)
    assert.equal((await hands.delta({ ...asked, signal: new AbortController().signal })).complete, true)
  }))

test('copy-back from the command line carries back what came, once, and asks first', () =>
  afterSwitch(async ({ move, from, to, at }) => {
    to.addMessage('INBOX', mail('new-1', 'exchange', at + HOUR), { flags: ['\\Seen'], internalDate: new Date(at + HOUR) })
    const since = new Date(at - HOUR).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z')
    const args = move.args('copy-back', '--since', since, '--old-host', OLD_MX, '--yes')
    const first = await runCutover([...args, '--json'])
    assert.equal(first.code, 0, first.stderr)
    assert.partialDeepStrictEqual(first.json(), { complete: true, carried: 1, inbound: 1, problems: [] })
    const second = await runCutover(args)
    assert.match(second.stdout, /Nothing new came to the new side since the last run\./)
    assert.deepEqual(having(from, 'new-1'), ['INBOX: new-1 \\Seen'])
    const asked = await runCutover(args.filter((word) => word !== '--yes'))
    assert.equal(asked.code, 2)
    assert.match(asked.stderr, /say --yes/)
  }))
