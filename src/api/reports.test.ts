import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { realWorld } from '../app.ts'
import { openLedger } from '../ledger/ledger.ts'
import { copyAll, leftOut } from '../ledger/rig.ts'
import { UidSet } from '../model/uid-set.ts'
import { checkManifest } from '../report/manifest.ts'
import { events } from '../project/store-records.ts'
import { openStore } from '../project/store.ts'
import type { StatisticsData } from '../report/statistics.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { destinationKey, sourceKey } from './mailboxes.ts'
import { Desk, HEAD, PROJECT } from './project.fixture.ts'
import { makeReports, type ReportsInput, type ReportsResult } from './reports.ts'

const SOURCE = 'source: { url: imaps://imap.old.example.org }\n'
const DOMAINS = 'domains: [{ name: example.org }]\n'

async function desk(): Promise<Desk> {
  const here = new Desk()
  await here.import(`${HEAD}${PROJECT}  language: de\n  price: { costs: [{ says: Licences, amount: 480 }] }\n${DOMAINS}${SOURCE}`)
  return here
}

function make(here: Desk, more: Partial<ReportsInput> = {}): Promise<ReportsResult> {
  return makeReports(
    { ...realWorld(), clock: here.clock },
    {
      ...here.place,
      reports: [],
      formats: ['json'],
      to: null,
      language: null,
      manifestFile: null,
      spent: null,
      signal: new AbortController().signal,
      onReport: () => {},
      ...more,
    },
  )
}

/** As a copy and a comparison would have left it: three copied, two of them compared, one too large. */
function copied(here: Desk): void {
  using ledger = openLedger(join(here.store, 'acme', 'state'), { clock: here.clock })
  const mailboxId = ledger.mailbox({
    source: sourceKey(parseEndpointUrl('imaps://imap.old.example.org'), { sourceLogin: 'anna', sourceRoot: null }),
    destination: destinationKey(parseEndpointUrl('exchange:'), 'anna@example.org'),
    name: 'anna',
  })
  const passId = ledger.beginPass(mailboxId, 'initial')
  const path = { sourceName: 'INBOX', sourcePath: ['INBOX'], destinationName: 'INBOX', destinationPath: ['INBOX'] }
  const { id } = ledger.putFolder(mailboxId, { ...path, found: 4, uidValidity: '7' })
  copyAll(ledger, id, [1, 2, 3])
  const note = { subject: '=1+1', from: 'ben@example.org', date: '' }
  ledger.record({ failed: [leftOut(id, 4, { code: 'message-too-large', detail: 'NO too big', note })] })
  ledger.endPass(passId, { failure: null, detail: null, figures: { carried: 10, copyingMs: 2000, throttledMs: 500 } })
  const verifyId = ledger.beginPass(mailboxId, 'verify')
  ledger.record({ verified: [{ folderId: id, uids: UidSet.of([1, 2]) }] })
  const found = { missing: 0, different: 0, extra: 5, compared: 2, unexplained: 0 }
  ledger.putVerification({ folderId: id, level: 'content', passId: verifyId, checkedTo: 4, complete: true, result: { format: 1, found } })
  ledger.endPass(verifyId, { failure: null, detail: null, figures: { level: 'content' } })
}

function data(result: ReportsResult, report: string): Record<string, unknown> {
  const text = readFileSync(join(result.folder, `${report}.json`), 'utf8')
  return JSON.parse(text) as Record<string, unknown>
}

test('what can be reported before anything was done is readiness, in the words of the project, into its folder; the rest is told why not', async () => {
  using here = await desk()
  const result = await make(here, { formats: ['html', 'json', 'csv'] })
  assert.deepEqual(
    result.reports.map(({ report, title }) => [report, title]),
    [['readiness', 'Bereitschaftsbericht']],
  )
  assert.deepEqual(
    result.later.map(({ report }) => report),
    ['analysis', 'statistics', 'errors', 'verification', 'closeout'],
  )
  assert.match(result.later[0]?.why ?? '', /cutover assess --project acme/)
  assert.equal(result.folder, join(here.store, 'acme', 'reports'))
  assert.deepEqual(readdirSync(result.folder).toSorted(), [
    'readiness-criteria.csv',
    'readiness-let-pass.csv',
    'readiness-open.csv',
    'readiness.html',
    'readiness.json',
  ])
  assert.match(readFileSync(join(result.folder, 'readiness.html'), 'utf8'), /Erstellt für Acme GmbH/)
  assert.deepEqual(
    [data(result, 'readiness')['report'], data(result, 'readiness')['madeAt']],
    ['readiness', here.clock.now() === 0 ? '' : new Date(here.clock.now()).toISOString()],
  )
  using store = openStore(here.store, { readOnly: true, now: () => here.clock.now() })
  assert.deepEqual(
    events(store.project(null), 'report-made').map(({ says }) => says),
    ['Report made: Bereitschaftsbericht'],
  )
})

test('a report that is asked for too early is refused in a sentence, and nothing is written', async () => {
  using here = await desk()
  await assert.rejects(make(here, { reports: ['readiness', 'verification'], to: here.path('out') }), {
    code: 'bad-input',
    message: /Nothing was compared yet/,
  })
  assert.equal(existsSync(here.path('out')), false)
})

test('what was spent is kept for later reports, and the last word counts', async () => {
  using here = await desk()
  await make(here, { reports: ['closeout'], spent: { hours: null, amounts: [{ says: 'Licences', amount: 1 }] } })
  await make(here, {
    reports: ['closeout'],
    spent: {
      hours: null,
      amounts: [
        { says: 'Licences', amount: 460.2 },
        { says: 'Courier', amount: 12 },
      ],
    },
  })
  const { data: found } = data(await make(here, { reports: ['closeout'] }), 'closeout') as {
    data: { budget: { costs: unknown; mailboxes: unknown } }
  }
  assert.deepEqual(found.budget.costs, [
    { says: 'Licences', planned: 480, actual: 460.2 },
    { says: 'Courier', planned: 0, actual: 12 },
  ])
  assert.deepEqual(found.budget.mailboxes, { planned: 2, actual: 0 })
})

test('after a copy and a comparison the books are told, and the certificate is made of a signed proof that holds', async () => {
  using here = await desk()
  copied(here)
  const result = await make(here, { formats: ['json', 'csv', 'html'], to: here.path('out'), language: 'en' })
  assert.deepEqual(
    result.reports.map(({ report }) => report),
    ['readiness', 'statistics', 'errors', 'verification'],
  )
  const [anna] = (data(result, 'statistics')['data'] as StatisticsData).mailboxes
  assert.deepEqual(
    [anna?.found, anna?.copied, anna?.failed, anna?.extra, anna?.verified, anna?.messagesPerSecond, anna?.throttledMs, anna?.passes],
    [4, 3, 1, 5, 2, 5, 500, 1],
  )
  assert.match(readFileSync(join(result.folder, 'errors-messages.csv'), 'utf8'), /anna@example\.org,INBOX,'=1\+1,/)
  const proof = readFileSync(join(result.folder, 'verification-proof.json'), 'utf8')
  assert.equal(checkManifest(proof).ok, true)
  const page = readFileSync(join(result.folder, 'verification.html'), 'utf8')
  assert.match(page, /1\u00A0message was copied after the comparison/)
  assert.match(page, /1\u00A0mailbox could not be compared/, 'the one that was never copied')

  const changed = join(here.directory, 'changed.json')
  here.write('changed.json', proof.replace('"found":4', '"found":5'))
  const again = await make(here, { reports: ['verification'], formats: ['html'], manifestFile: changed, language: 'en' })
  const refused = readFileSync(join(again.folder, 'verification.html'), 'utf8')
  assert.match(refused, /does not hold/)
  assert.doesNotMatch(refused, /Proven:/)
})

test('two who make reports at once both have theirs', async () => {
  using here = await desk()
  const [one, two] = await Promise.all([make(here, { to: here.path('one') }), make(here, { to: here.path('two') })])
  assert.deepEqual([one.reports.length, two.reports.length], [1, 1])
})
