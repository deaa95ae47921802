import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { rehearseWhole } from '../../src/api/rehearse-whole.ts'
import { realWorld } from '../../src/app.ts'

test('a rehearsal goes from kickoff to closeout with mail that keeps arriving, and leaves its reports behind', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cutover-rehearsed-'))
  try {
    const told = await rehearseWhole(realWorld(), {
      mailboxes: 2,
      messages: 5,
      seed: 1,
      directory,
      signal: new AbortController().signal,
      onStep: () => {},
      onDoing: () => {},
    })
    assert.ok(told.ok, JSON.stringify(told.view.blockers))
    assert.deepEqual(
      [...new Set(told.steps.map(({ phase }) => phase))],
      ['kickoff', 'assess', 'provision', 'prestage', 'verify', 'cutover', 'final', 'reconcile', 'closeout'],
    )
    assert.ok(told.steps.every(({ ok }) => ok))
    assert.ok(told.mail.late > 0 && told.mail.once === told.mail.sent, JSON.stringify(told.mail))
    const reports = await readdir(join(directory, 'reports'))
    for (const name of ['readiness', 'analysis', 'statistics', 'errors', 'verification', 'closeout'])
      assert.ok(reports.includes(`${name}.pdf`) && reports.includes(`${name}.html`), name)
    assert.match(await readFile(join(directory, 'reports', 'closeout.html'), 'utf8'), /The move is complete/)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
