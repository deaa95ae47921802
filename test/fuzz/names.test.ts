/** Folder trees of any names, mapped and created in the simulator's Exchange: it takes every name, and no two become one unasked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { exchangeImapDestination } from '../../src/destination/adapters/exchange-imap.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { planFolders } from '../../src/mapping/plan-folders.ts'
import { listed } from '../../src/mapping/listed.fixture.ts'
import { Secret } from '../../src/model/secret.ts'
import { createExchangeMailbox, type Language } from '../../src/simulator/exchange-mailbox.ts'
import { exchangeNameKey, exchangeOnline } from '../../src/simulator/exchange-online.ts'
import { startImapServer, type ServerUser } from '../../src/simulator/imap-server.ts'
import { parameters } from './settings.ts'

const ODD = [
  'a|A|a (2)| a|a |a\tb|a/b|a\\b|..|.|Files|FILES|Calendar|Kalender|Notes|INBOX|Sent|sent|Sent Items|Trash|Archive|Archiv'.split('|'),
  'é|e\u0301|ΣΑΣ|σας|İ|K|\u212A|🎉|%|*|&|&-|&AOk-|"quoted"|{3}|NIL|shared|Public|日本語|~peter|+|-|=?utf-8?Q?x?='.split('|'),
  ['x'.repeat(300), `${'x'.repeat(299)}y`, '🎉'.repeat(140)],
].flat()
const level = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ODD) }, fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }))
const tree = fc.uniqueArray(fc.array(level, { minLength: 1, maxLength: 4 }), { maxLength: 12, selector: (path) => path.join('\u0001') })

test('every planned name is created as planned, and folders of different roles never share one', async () => {
  const users: ServerUser[] = []
  await using server = await startImapServer(exchangeOnline(), { users })
  const endpoint = imapEndpoint({ host: server.host, port: server.port, tls: 'none' })
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const property = fc.asyncProperty(tree, fc.constantFrom<Language[]>('en', 'de', 'fr', 'nl'), async (paths, language) => {
    const login = `anna${users.length}@example.test`
    users.push({ login, password: 'token', store: createExchangeMailbox(language) })
    const tokens = { token: async () => new Secret('token'), renew: () => {} }
    await using session = await exchangeImapDestination(endpoint, login, tokens, 1_000_000).connect(ctx)
    const source = [listed('INBOX'), ...paths.map((path) => ({ ...listed(path.join('\u0001'), { separator: '\u0001' }), separator: '/' }))]
    const { folders, leftOut } = planFolders(source, await session.folders(), session.limits)
    assert.equal(folders.length + leftOut.length, source.length)
    const wanted = folders.filter(({ destination }) => destination === null)
    const created = await session.create(wanted.map(({ path }) => path))
    assert.deepEqual(
      created.map(({ path }) => path.map(exchangeNameKey)),
      wanted.map(({ path }) => path.map(exchangeNameKey)),
    )
    const taken = Map.groupBy(folders, ({ path }) => path.map(exchangeNameKey).join('/'))
    for (const [place, sharing] of taken)
      assert.ok(new Set(sharing.map(({ role }) => role)).size === 1 && (sharing.length === 1 || sharing[0]?.role !== null), place)
  })
  await fc.assert(property, parameters(60))
})
