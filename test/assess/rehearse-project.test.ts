/** The real mail copied into a simulated Exchange: what is told beforehand is what the copy does, and nothing is written anywhere. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { first } from '../scenario/migration.ts'
import { assessRig, troubles } from './assess-rig.ts'

// Others rehearse on this machine at the same time: what is left behind is looked for in a place of our own.
process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'cutover-own-'))
after(() => rmSync(tmpdir(), { recursive: true, force: true }))
const scratch = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('cutover-rehearsal-'))

test('an assessment and a rehearsal of the nastiest mail agree with each other, and only the source was spoken to', async () => {
  await using sim = await startSimulator({ mailboxes: 2, messages: 40, nasty: true })
  await using rig = await assessRig(sim.source.url, sim.accounts)
  const before = new Set(scratch())
  const { mailboxes, totals } = await rig.assess()
  const told = await rig.rehearse()
  assert.equal(told.ok, true, JSON.stringify(told.mailboxes.map(({ failure }) => failure)))
  assert.deepEqual([told.found, told.unexplained, told.failed], [totals.messages + 1, 0, 0])
  const repaired = new Map(told.repaired.map(({ code, messages }) => [code, messages]))
  const foretold = troubles(first([...mailboxes]))
  assert.ok(foretold.includes(`repaired long-lines: ${repaired.get('long-lines')}`), foretold.join())
  assert.ok(foretold.includes(`repaired receipt-request: ${repaired.get('receipt-request')}`), foretold.join())
  assert.ok(foretold.includes(`wrapped long-lines: ${repaired.get('wrapped')}`), foretold.join())
  assert.ok(told.renamed.some(({ source, target }) => source === 'Trash' && target === 'Deleted Items'))
  assert.match(told.how, /All \d+ messages were read and copied into a simulated Exchange.*Nothing was written anywhere else/)
  assert.ok((told.forecast?.totalMs.p90 ?? 0) > (told.forecast?.totalMs.median ?? 0))
  assert.equal(sim.appends, 0)
  assert.equal(existsSync(rig.stateDir) && readdirSync(rig.stateDir).includes('ledger.sqlite'), false)
  assert.deepEqual(
    scratch().filter((name) => !before.has(name)),
    [],
  )
})

test('what Exchange would refuse is told message by message, with its place', async () => {
  await using sim = await startSimulator({ mailboxes: 1, messages: 0 })
  const { sourceLogin } = first(sim.accounts)
  const store = sim.sourceStore(sourceLogin)
  for (const size of [1000, 60_000, 200])
    store.addMessage('INBOX', Buffer.from(`Subject: ${size}\r\nMessage-ID: <${size}@example.org>\r\n\r\n${'x\r\n'.repeat(size / 3)}`))
  await using rig = await assessRig(sim.source.url, sim.accounts)
  const told = await rig.rehearse({ maxMessageBytes: 40_000 })
  assert.deepEqual([told.copied, told.failed, told.unexplained], [2, 1, 0])
  const refused = first([...told.refused])
  assert.deepEqual(
    [refused.code, refused.messages, refused.examples[0]?.uid, refused.examples[0]?.folder],
    ['message-too-large', 1, 2, 'INBOX'],
  )
})

test('a sample is copied as such, and the forecast is of all that there is', async () => {
  await using sim = await startSimulator({ mailboxes: 1, messages: 160 })
  await using rig = await assessRig(sim.source.url, sim.accounts)
  const told = await rig.rehearse({ sample: { percent: 40 } })
  assert.equal(told.ok, true)
  assert.ok(told.found > 35 && told.found < 95, String(told.found))
  const whole = await rig.rehearse()
  assert.equal(whole.found, 160)
  const ratio = (told.forecast?.totalMs.median ?? 0) / (whole.forecast?.totalMs.median ?? 1)
  assert.ok(ratio > 0.5 && ratio < 2, String(ratio))
})

test('an address that is called like a fault of the simulator is an ordinary one in a rehearsal', async () => {
  await using sim = await startSimulator({ mailboxes: 1, messages: 5 })
  await using rig = await assessRig(sim.source.url, [{ ...first(sim.accounts), target: 'full@example.net' }])
  const told = await rig.rehearse()
  assert.deepEqual([told.ok, told.copied], [true, 5])
})

test('one that is stopped says so and leaves nothing behind', async () => {
  await using sim = await startSimulator({ mailboxes: 3, messages: 100 })
  await using rig = await assessRig(sim.source.url, sim.accounts)
  const before = new Set(scratch())
  const stop = new AbortController()
  const told = await rig.rehearse({ signal: stop.signal, mailboxesAtOnce: 1, onProgress: ({ phase }) => phase === 'done' && stop.abort() })
  assert.deepEqual([told.stopped, told.ok], [true, false])
  assert.deepEqual(
    scratch().filter((name) => !before.has(name)),
    [],
  )
})
