import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Database } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { HandClock } from '../lib/hand-clock.fixture.ts'
import { silentLog } from '../lib/log.ts'
import { Failure } from '../model/failure.ts'
import { MIGRATIONS } from '../project/store-schema.ts'
import type { Addressee } from './addressee.ts'
import type { Carrier } from './carrier.ts'
import type { Project } from './compose.ts'
import { deliver, type Post } from './deliver.ts'
import { Journal } from './journal.ts'
import type { Standing } from './standing.ts'
import { openTemplates } from './templates.ts'

const TO: Addressee = {
  person: 'anna@example.org',
  addresses: ['anna@example.org'],
  name: 'Anna',
  address: 'anna@example.org',
  login: 'anna@example.org',
  locale: 'en',
  language: 'en',
  newSide: null,
  elsewhere: null,
  needsPassword: false,
  anchors: { kickoff: 0, cutover: 86_400_000, switched: null, done: null },
  role: 'user',
}
const PROJECT: Project = {
  name: 'acme',
  customer: 'Acme',
  domains: ['example.org'],
  mailboxes: 1,
  timeZone: 'Europe/Berlin',
  from: 'it@example.org',
  replyTo: null,
  sender: 'Acme',
  webmail: 'https://outlook.office.com',
  contact: null,
  safeWay: null,
  oldUntil: null,
  survey: null,
  logo: null,
}
const DUE: Standing = {
  moment: 'announcement',
  to: TO,
  state: 'due',
  dueAt: 0,
  version: 1,
  deliveries: [{ way: 'usual', address: TO.address }],
  says: null,
}

async function post(journal: Journal, send: Carrier['send']): Promise<Post> {
  const clock = new HandClock()
  return {
    desk: { project: PROJECT, templates: await openTemplates({ folder: null, overrides: [], language: 'en' }), html: async () => '' },
    journal,
    carrier: { send, [Symbol.asyncDispose]: () => Promise.resolve() },
    perMinute: 60,
    ctx: { clock, log: silentLog, signal: new AbortController().signal },
    retries: 0,
  }
}

for (const [what, error, state, sends] of [
  ['may have been taken', new Failure('connection-lost', 'It broke.'), 'doubt', 1],
  ['is a fault of ours', new TypeError('x is not a function'), 'doubt', 1],
  ['was certainly not taken', new Failure('connection-refused', 'Nobody there.', { notDone: true }), 'later', 2],
] as const)
  test(`a message of which the carrier throws, and that ${what}, is ${state}: handed in ${sends === 1 ? 'once' : 'again'}`, async () => {
    using db = new Database(':memory:')
    migrate(db, MIGRATIONS, () => 0)
    const id = db.insert('INSERT INTO project (name, created_at) VALUES (?, ?)', 'acme', 0)
    const journal = new Journal(db, id, () => 0)
    let tries = 0
    const send = (): Promise<never> => {
      tries += 1
      return Promise.reject(error)
    }
    for (let run = 0; run < 2; run++) await deliver([DUE], await post(journal, send)).catch(() => {})
    assert.deepEqual(
      journal.rows().map((row) => row.state),
      [state],
    )
    assert.equal(tries, sends)
  })
