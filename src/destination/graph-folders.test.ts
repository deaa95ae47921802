import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { CLOUDS } from '../microsoft/clouds.ts'
import { graph } from '../microsoft/graph.ts'
import { Secret } from '../model/secret.ts'
import { changeLanguage } from '../simulator/exchange-mailbox.ts'
import { startTenant, type TenantClient } from '../tenant-simulator/tenant-client.fixture.ts'
import { GraphFolders } from './graph-folders.ts'

function foldersOf({ simulator }: TenantClient, address: string): GraphFolders {
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const tokens = { token: async () => new Secret(simulator.token('graph')), renew: () => {} }
  return new GraphFolders(graph({ cloud: CLOUDS.global, base: simulator.url, tokens, ctx }), address)
}

test('the tree is read whole, whatever its width, depth and language, hidden folders too', async () => {
  await using tenant = await startTenant({ language: 'de' })
  const address = await tenant.person('anna')
  const store = tenant.simulator.store(address)
  for (let at = 0; at < 260; at++) store?.createFolder(`Wide ${at}`)
  for (let at = 0; at < 30; at++) store?.createFolder(`Wide ${at}/Below/Deep`)
  await tenant.graph('POST', `/users/${address}/mailFolders`, { displayName: 'Quiet', isHidden: true })
  const folders = foldersOf(tenant, address)
  await folders.read()
  for (const path of [['Wide 0'], ['wide 259'], ['Wide 29', 'Below', 'Deep'], ['Quiet'], ['INBOX'], ['Gesendete Elemente']])
    assert.notEqual(folders.idOf(path), null, path.join('/'))
  assert.deepEqual([folders.roleOf(['Gesendete Elemente']), folders.roleOf(['inbox']), folders.roleOf(['Wide 0'])], ['sent', 'inbox', null])
  assert.equal(folders.idOf(['Kalender']), null)
  const sent = folders.idOf(['Gesendete Elemente'])
  assert.ok(store)
  changeLanguage(store, 'fr')
  await folders.read()
  assert.deepEqual([folders.idOf(['Éléments envoyés']), folders.roleOf(['Gesendete Elemente'])], [sent, null])
})

test('what is there already, in another case or since a moment ago, is success; levels above are made too', async () => {
  await using tenant = await startTenant()
  const address = await tenant.person('anna')
  const folders = foldersOf(tenant, address)
  await folders.read()
  const store = tenant.simulator.store(address)
  store?.createFolder('WORK')
  const made = await folders.create([['Work', 'Harbour', 'Plans'], ['Work', 'Harbour'], ['INBOX', 'Below'], ['New'], ['new']])
  assert.deepEqual(made.map((path) => path.join('/')).sort(), ['INBOX/Below', 'Work/Harbour', 'Work/Harbour/Plans', 'new'])
  assert.ok(store?.folder('WORK/Harbour/Plans') !== undefined && store.folder('INBOX/Below') !== undefined)
  assert.deepEqual(await folders.create([['Work', 'Harbour', 'Plans'], ['NEW']]), [])
})

test('a mailbox whose address is not the name of sign-in is found by its address', async () => {
  await using tenant = await startTenant()
  const address = await tenant.person('anna')
  const folders = foldersOf(tenant, address)
  tenant.simulator.fault({ api: 'graph', path: `users/${address}/mailFolders`, status: 404, code: 'ErrorInvalidUser', times: 1000 })
  tenant.simulator.fault({ api: 'graph', path: 'users/anna%40', status: 404, code: 'ErrorInvalidUser', times: 1000 })
  await folders.read()
  assert.notEqual(folders.user, address)
  assert.notEqual(folders.idOf(['INBOX']), null)
})
