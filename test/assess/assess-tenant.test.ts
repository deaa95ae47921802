/** An assessment by a definition and by a project: the tenant, its licences, and what the project keeps of it. */
import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AssessInput } from '../../src/api/assess.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import { keptAssessment } from '../../src/assess/kept-assessment.ts'
import { facts, events } from '../../src/project/store-records.ts'
import { openStore } from '../../src/project/store.ts'
import { first, hastyClock } from '../scenario/migration.ts'

const watch = { signal: new AbortController().signal, onMailboxes: () => {}, onProgress: () => {} }
const REST: Omit<AssessInput, 'project' | 'definitionFile' | 'stateDir'> = {
  ...watch,
  source: null,
  mailboxesFile: null,
  only: [],
  env: {},
  caFile: null,
  sample: { percent: 50 },
  also: { dns: false, tenant: true },
  domains: [],
  dns: { servers: [], resolvers: [], dnsOnly: true },
  mailboxesAtOnce: null,
  price: { base: null, perMailbox: null },
  risks: { mailboxBytes: null, deletedBytes: null, vip: [] },
  maxMessageBytes: null,
}

test('the tenant is compared with what the mailboxes want, licences are counted, and a project keeps what was found', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cutover-assess-'))
  try {
    const operations = operationsIn({ ...realWorld(), clock: hastyClock() })
    await using sim = await operations.simulate({
      mailboxes: 2,
      messages: 20,
      personality: 'dovecot',
      directory,
      seed: 1,
      emptyTenant: true,
      signal: watch.signal,
    })
    const { definitionFile } = sim
    assert.ok(definitionFile !== null)
    const project =
      'project:\n  name: small\n  customer: Example\n  time_zone: Europe/Berlin\n  currency: EUR\n  price: { base: 50, per_mailbox: 5 }\n' +
      `  risks: { vip: [${first([...sim.logins]).target}] }\n`
    await appendFile(definitionFile, `source:\n  url: ${sim.sourceUrl}\n${project}`)
    const stateDir = join(directory, 'state')
    const told = await operations.assess({ ...REST, project: null, definitionFile, stateDir, to: join(directory, 'report') })
    assert.equal(told.tenant?.failure, null)
    assert.ok((told.tenant?.changes ?? 0) > 0, String(told.tenant?.changes))
    const [licence] = told.licences ?? []
    assert.match(licence?.licence ?? '', /ENTERPRISEPACK/)
    assert.deepEqual([licence?.needed, licence?.missing, licence?.tooBig], [2, 0, []])
    assert.deepEqual([told.price.total, told.price.currency, told.mailboxes[0]?.vip], [60, 'EUR', true])
    assert.ok(told.files.some((file) => file.endsWith('analysis.pdf')))
    assert.match(await readFile(join(directory, 'report', 'analysis.html'), 'utf8'), /Example/)
    assert.equal(keptAssessment(stateDir)?.totals.messages, told.totals.messages)
    // A tenant that does not let us in is told, and no reason not to look at the mailboxes.
    await writeFile(join(directory, 'secret'), 'wrong\n')
    const shut = await operations.assess({ ...REST, project: null, definitionFile, stateDir: join(directory, 'other') })
    assert.ok(shut.findings.some(({ rank, part }) => rank === 'block' && part === 'tenant'))
    assert.equal(shut.totals.messages, told.totals.messages)
    const store = join(directory, 'store')
    const projects = await operations.projects()
    await projects.import({ store, name: null, env: {}, file: definitionFile, who: null, check: false })
    const again = await operations.assess({
      ...REST,
      also: { dns: false, tenant: false },
      project: { store, name: 'small' },
      definitionFile: null,
      stateDir: null,
    })
    using opened = openStore(store, { readOnly: true, now: Date.now })
    const stored = opened.project('small')
    const { assessment } = facts(stored)
    assert.deepEqual([assessment?.data.mailboxes, assessment?.data.messages], [2, again.totals.messages])
    assert.equal(events(stored, 'assessed').length, 1)
    const rehearsed = await operations.rehearseProject({
      ...watch,
      project: { store, name: null },
      definitionFile: null,
      source: null,
      mailboxesFile: null,
      stateDir: null,
      only: [],
      env: {},
      caFile: null,
      sample: 'full',
      mailboxesAtOnce: null,
      maxMessageBytes: null,
    })
    assert.deepEqual([rehearsed.ok, rehearsed.copied], [true, rehearsed.found - rehearsed.skipped])
    assert.match(events(stored, 'rehearsed')[0]?.says ?? '', /rehearsed with the real mail: \d+ messages, 0 of them refused/)
    // The default folders are those of the language that the definition wants.
    assert.ok(rehearsed.renamed.some(({ target }) => target === 'Gesendete Elemente'))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
