import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Database } from '../db/database.ts'
import { timeOfLog, type Reading } from './events.ts'
import { openLog, readLog, type LogOptions } from './open-log.ts'
import { reduceAll } from './reduce.ts'

const HOUR = 3_600_000
const START = 1_800_000_000_000

function place(): Disposable & { readonly options: LogOptions; readonly clock: { wallMs: number; boot: string; upMs: number } } {
  const directory = mkdtempSync(join(tmpdir(), 'cutover-switch-'))
  const clock = { wallMs: START, boot: 'one', upMs: 0 }
  const options = { directory, domain: 'example.org', reading: (): Reading => ({ ...clock }) }
  return { options, clock, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) }
}

test('what was written down is there after the process, and folds to the same', () => {
  using here = place()
  let state
  {
    using log = openLog(here.options, 'run')
    log.append({ type: 'paused', reason: 'lunch', name: 'anna' })
    state = log.append({ type: 'writing', step: 'prepare' }, [1])
  }
  using again = readLog(here.options)
  assert.ok(again !== null)
  assert.deepEqual(again.state(), state)
  assert.deepEqual(again.events()[1]?.evidence, [1])
  assert.deepEqual(reduceAll(again.events()), state)
})

test('a word is taken while another process runs the switch, and that one hears it; a second one may not run it', () => {
  using here = place()
  using running = openLog(here.options, 'run')
  assert.throws(() => openLog(here.options, 'run'), { code: 'state-in-use' })
  const decidedAt = running.state().seq
  {
    using beside = openLog(here.options, 'say')
    beside.append({ type: 'paused', reason: 'wait', name: 'anna' })
  }
  assert.equal(running.append({ type: 'writing', step: 'switch' }, [], decidedAt), null, 'decided before the word was said')
  assert.equal(running.state().paused?.name, 'anna')
  assert.equal(running.state().steps.switch, undefined)
})

test('T54 I11 a clock that is set, forth or back, moves the time of the log by what really passed', () => {
  using here = place()
  using log = openLog(here.options, 'run')
  const { clock } = here
  log.append({ type: 'resumed', name: 'anna' })
  for (const jump of [24 * HOUR, -48 * HOUR, 0]) {
    clock.wallMs += jump
    clock.upMs += HOUR
    log.append({ type: 'resumed', name: 'anna' })
  }
  assert.equal(log.state().at, START + 3 * HOUR)
  Object.assign(clock, { boot: 'two', upMs: 5, wallMs: clock.wallMs - HOUR })
  assert.equal(log.now(), START + 3 * HOUR, 'after a restart of the machine with the clock put back no time has passed')
  assert.equal(timeOfLog(null, clock), clock.wallMs)
})

test('nothing that stands in the log can be changed, taken away or be what the program does not know', () => {
  using here = place()
  {
    using log = openLog(here.options, 'run')
    log.append({ type: 'resumed', name: 'anna' })
    assert.throws(() => log.append({ type: 'moved', from: 'ready', to: 'switching' }), { code: 'state-damaged' })
    assert.equal(log.events().length, 1)
  }
  using db = new Database(join(here.options.directory, 'switch.sqlite'))
  assert.throws(() => db.run("UPDATE event SET payload = '{}'"), /never changed/)
  assert.throws(() => db.run('DELETE FROM event'), /never changed/)
  assert.throws(() => db.run("INSERT INTO event VALUES (2, 0, 0, 'one', 0, 'moved', 'somewhere', '{}', '[]')"), /CHECK/)
})

test('a log of another domain is refused, and where nothing was begun there is none', () => {
  using here = place()
  assert.equal(readLog(here.options), null)
  openLog(here.options, 'run').close()
  assert.throws(() => openLog({ ...here.options, domain: 'example.net' }, 'say'), { code: 'bad-input' })
})
