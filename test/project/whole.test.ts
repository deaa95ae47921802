import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { Journal } from '../../src/notify/journal.ts'
import { events } from '../../src/project/store-records.ts'
import { projectRig } from './rig.ts'

test('a project is carried from kickoff to closeout, postponed, with a mailbox added late and runs that are cut off, and every message is found once', async () => {
  await using rig = await projectRig({ mailboxes: 3, listed: 2 })
  assert.equal((await rig.next()).command, 'run')
  await rig.signOff('scope', 'user-list')

  // Nobody agrees: nothing of the tenant is touched, and that is told.
  const declined = await rig.run({ approve: async () => null })
  assert.deepEqual([declined.ended, declined.view.phase, declined.view.command], ['gate', 'provision', 'run'])

  // Cut off at one thing after another, and run again.
  for (const at of [2, 3, 5, 8]) {
    const stop = new AbortController()
    let left = at
    await rig
      .run({
        signal: stop.signal,
        onDoing() {
          if (--left === 0) stop.abort(new Error('cut off'))
        },
      })
      .catch(() => {})
  }
  await rig.drive(({ view }) => view.entered === 'verify' && view.mailboxes.verified === 2)
  assert.deepEqual(
    (await rig.next()).blockers.map(({ id }) => id),
    ['verify.task.go'],
  )

  // Postponed without a date: deltas go on. Then one comes, and a third mailbox with it.
  await rig.signOff('go')
  await rig.define((yaml) => yaml.replace(/  cutover: .*\n/, ''))
  await rig.company.arrive()
  await rig.company.world.clock.sleep(48 * 3_600_000)
  const postponed = await rig.run()
  assert.deepEqual([postponed.view.phase, postponed.view.cutoverAt], ['cutover', null])
  assert.ok((postponed.view.lag?.lagMs ?? Infinity) < 3_600_000)
  await rig.define(
    (yaml) => yaml.replace('  kickoff:', '  cutover: 2026-11-27T18:00\n  kickoff:'),
    () => rig.company.mailboxes,
  )
  const late = await rig.next()
  assert.deepEqual([late.phase, late.entered, late.mailboxes.copied], ['provision', 'cutover', 2])
  await rig.drive(({ view }) => view.mailboxes.verified === 3)

  await rig.signOff('acceptance')
  const ended = await rig.drive(({ view }) => view.closed)
  // Whoever closes it finds the reports there; they are made once.
  const reported = await rig.run({ reportsAtEnd: true })
  assert.match(reported.steps.map(({ says }) => says).join(), /reports were made, the closeout report among them: .*reports/)
  const files = await readdir(rig.project.reportsDir)
  for (const name of ['analysis.html', 'statistics-mailboxes.csv', 'errors.json', 'verification.pdf', 'closeout.pdf'])
    assert.ok(files.includes(name), name)
  assert.doesNotMatch((await rig.run({ reportsAtEnd: true })).steps.map(({ says }) => says).join(), /reports/)
  assert.equal(ended.view.entered, 'closeout')
  assert.match(rig.company.mx(), /mail\.protection/)
  const { sent, once } = rig.company.arrivals()
  assert.equal(once, sent)
  const told = await rig.within(({ project }) => events(project, 'phase-entered').map(({ data }) => Object(data).phase))
  assert.deepEqual(told, ['assess', 'provision', 'prestage', 'verify', 'cutover', 'final', 'reconcile', 'closeout'])

  // People heard of it at every turn, and nobody of the same thing twice.
  const letters = await rig.within(({ project }) => new Journal(project.db, project.id, project.now).rows())
  const heard = new Set(letters.filter(({ state }) => state === 'sent').map(({ moment }) => moment))
  for (const moment of ['kickoff', 'announcement', 'reminder', 'access-early', 'live', 'done'] as const)
    assert.ok(heard.has(moment), moment)
  const each = new Set(letters.map(({ moment, person, way }) => `${moment} ${person} ${way}`))
  assert.equal(each.size, letters.length)
})
