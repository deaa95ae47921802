import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RawClient, xoauth2 } from '../simulator/raw-client.fixture.ts'
import { startSimulator } from '../simulator/simulator.ts'
import { propsOf, textOf } from './props.ts'
import { startTenant } from './tenant-client.fixture.ts'

test('the Exchange side of the other simulator is this tenant: its tokens, its mailboxes, its grants', async () => {
  await using tenant = await startTenant()
  await using simulator = await startSimulator({ mailboxes: 1, messages: 0, strict: tenant.simulator })
  const [account] = simulator.accounts
  assert.ok(account)
  const open = async (token: string): Promise<boolean> => {
    await using client = new RawClient(simulator.exchange.imapPort)
    await client.until(/^\* /)
    await client.ask(`AUTHENTICATE XOAUTH2 ${xoauth2(account.target, token)}`)
    return /^B OK/m.test(await client.ask('SELECT INBOX', 'B'))
  }
  const form = { client_id: simulator.exchange.clientId, client_secret: simulator.exchange.clientSecret, grant_type: 'client_credentials' }
  const token = async (scope: string): Promise<string> => {
    const url = `http://127.0.0.1:${simulator.exchange.httpPort}/${simulator.exchange.tenantId}/oauth2/v2.0/token`
    const answer: unknown = await (await fetch(url, { method: 'POST', body: new URLSearchParams({ ...form, scope }) })).json()
    return textOf(propsOf(JSON.parse(JSON.stringify(answer)))['access_token'])
  }
  const exchange = 'https://outlook.office365.com/.default'
  assert.equal(await open(await token(exchange)), false)
  const graph = await token('https://graph.microsoft.com/.default')
  assert.equal((await tenant.graph('GET', '/organization', undefined, { authorization: `Bearer ${graph}` })).status, 200)
  await tenant.person(account.target.slice(0, account.target.indexOf('@')))
  assert.equal(await open(await token(exchange)), false)
  const User = tenant.simulator.world.state.apps[0]?.servicePrincipalId ?? ''
  await tenant.cmdlet('Add-MailboxPermission', { Identity: account.target, User, AccessRights: ['FullAccess'] })
  tenant.simulator.advance(60_000)
  assert.equal(await open(await token(exchange)), true)
  assert.equal(simulator.exchangeStore(account.target), tenant.simulator.store(account.target))
})
