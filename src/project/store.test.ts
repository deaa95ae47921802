import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  addApproval,
  addEvent,
  addFact,
  addSignOff,
  addWaiver,
  approvals,
  events,
  factHistory,
  facts,
  signOffs,
  waivers,
} from './store-records.ts'
import { openStore, STORE_FILE, type ProjectStore } from './store.ts'

function place(): Disposable & { readonly directory: string; now: number; open(readOnly?: boolean): ProjectStore } {
  const root = mkdtempSync(join(tmpdir(), 'cutover-store-'))
  const directory = join(root, 'projects')
  return {
    directory,
    now: 1_800_000_000_000,
    open(readOnly = false) {
      return openStore(directory, { readOnly, now: () => this.now })
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

test('several projects live side by side, and what is written down for one is not seen in another', () => {
  using here = place()
  {
    using store = here.open()
    for (const name of ['acme', 'blue']) store.add(name)
    addEvent(store.project('acme'), { kind: 'report-made', says: 'A report was made', who: 'Ada', data: { pages: 3 } })
    addFact(store.project('acme'), 'connect', { missing: ['x'], waiting: [] })
    addSignOff(store.project('blue'), { task: 'scope', name: 'Ben' })
  }
  using store = here.open(true)
  assert.deepEqual(
    store.projects().map(({ name, folder }) => [name, folder]),
    [
      ['acme', join(here.directory, 'acme')],
      ['blue', join(here.directory, 'blue')],
    ],
  )
  const [acme, blue] = [store.project('acme'), store.project('blue')]
  assert.deepEqual(events(acme), [{ id: 1, at: here.now, kind: 'report-made', who: 'Ada', says: 'A report was made', data: { pages: 3 } }])
  assert.deepEqual([events(blue), signOffs(acme)], [[], []])
  assert.equal(facts(blue).connect, null)
  assert.deepEqual(facts(acme).connect, { at: here.now, data: { missing: ['x'], waiting: [] } })
  assert.equal(signOffs(blue)[0]?.name, 'Ben')
})

test('the newest fact, sign-off and waiver of its kind holds, what was before is kept, and one that was withdrawn holds no more', () => {
  using here = place()
  using store = here.open()
  const project = store.add('acme')
  addFact(project, 'connect', { missing: ['a'], waiting: [] })
  addFact(project, 'connect', { missing: [], waiting: ['b'] })
  assert.deepEqual(facts(project).connect?.data, { missing: [], waiting: ['b'] })
  assert.equal(factHistory(project, 'connect').length, 2)
  addSignOff(project, { task: 'scope', name: 'Ada' })
  addSignOff(project, { task: 'scope', name: 'Ben', note: 'by telephone' })
  assert.deepEqual(signOffs(project), [{ task: 'scope', name: 'Ben', note: 'by telephone', at: here.now }])
  addSignOff(project, { task: 'scope', name: 'Ben', withdrawn: true })
  assert.deepEqual(signOffs(project), [])
  addWaiver(project, { blocker: 'assess.source', name: 'Ada', reason: 'agreed' })
  assert.deepEqual(waivers(project), [{ blocker: 'assess.source', name: 'Ada', reason: 'agreed', at: here.now }])
  addWaiver(project, { blocker: 'assess.source', name: 'Ada', reason: 'it is there', withdrawn: true })
  assert.deepEqual(waivers(project), [])
  addApproval(project, { what: 'tenant', digest: 'd1', name: 'Ada' })
  assert.deepEqual(approvals(project), [{ what: 'tenant', digest: 'd1', name: 'Ada', at: here.now }])
})

test('what happened and what was decided cannot be changed or taken away, and the store is for its owner alone', () => {
  using here = place()
  using store = here.open()
  const project = store.add('acme')
  addEvent(project, { kind: 'project-made', says: 'made' })
  addWaiver(project, { blocker: 'a.b', name: 'Ada', reason: 'agreed' })
  assert.throws(() => store.db.run("UPDATE event SET says = 'other'"), /never changed/)
  assert.throws(() => store.db.run('DELETE FROM waiver'), /never taken away/)
  assert.equal(statSync(join(here.directory, STORE_FILE)).mode & 0o077, 0)
  assert.equal(statSync(here.directory).mode & 0o077, 0)
})

test('a store of a newer version is refused and left as it is; where there is none, looking makes none', () => {
  using here = place()
  assert.throws(() => here.open(true), { code: 'bad-input', message: /There are no projects in/ })
  assert.throws(() => statSync(here.directory), { code: 'ENOENT' })
  {
    using store = here.open()
    store.db.run("INSERT INTO migration (version, name, applied_at) VALUES (99, 'later', 0)")
  }
  for (const readOnly of [true, false]) assert.throws(() => here.open(readOnly), { code: 'state-newer', message: /schema 99/ })
})

test('which project is meant is asked only where there are several, and those there are are named', () => {
  using here = place()
  using store = here.open()
  assert.throws(() => store.project(null), { message: /no project in .* yet/ })
  store.add('acme')
  assert.equal(store.project(null).name, 'acme')
  assert.throws(() => store.project('blue'), { message: /no project "blue" in .*: there is acme\.$/ })
  store.add('blue')
  assert.throws(() => store.project(null), { message: 'Which project? Say --project NAME: there are acme, blue.' })
})
