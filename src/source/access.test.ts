import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ImapLogin } from '../imap/endpoint.ts'
import { silentLog } from '../lib/log.ts'
import { systemClock } from '../lib/clock.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { delegateForms } from './access/exchange-delegate.ts'
import type { AccessChoice, AccessScene } from './access/method.ts'
import { filledIn } from './access/template.ts'
import { ACCESS_METHODS, accessLogins, OWN_ACCESS } from './access.ts'

const scene: AccessScene = {
  host: 'mail.example.org',
  cloud: 'global',
  authority: null,
  stateDir: '/nowhere',
  sealKey: null,
  show: () => {},
  ctx: { clock: systemClock, log: silentLog, signal: new AbortController().signal },
}
const choice = (kind: AccessChoice['kind'], more: Partial<AccessChoice> = {}): AccessChoice => ({ ...OWN_ACCESS, kind, ...more })
const ADMIN = { login: 'root', secret: new Secret('s') }

async function loginFor(given: AccessChoice): Promise<ImapLogin> {
  const loginOf = await accessLogins(given, scene)
  return loginOf({ user: 'anna@example.org', password: new Secret('p') })
}

async function complaint(given: AccessChoice, more: Partial<AccessScene> = {}): Promise<string> {
  const error: unknown = await accessLogins(given, { ...scene, ...more }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Failure && error.code === 'bad-input', String(error))
  return error.message
}

test('each way makes its own login for a mailbox', async () => {
  const own = await loginFor(choice('own', { way: 'LOGIN' }))
  assert.ok(own.kind === 'password' && own.user === 'anna@example.org' && own.password.reveal() === 'p' && own.way === 'LOGIN')
  const authzid = await loginFor(choice('authzid', ADMIN))
  assert.ok(authzid.kind === 'password' && authzid.user === 'root' && authzid.authzid === 'anna@example.org')
  const template = await loginFor(choice('template', { ...ADMIN, template: '#{local}@{domain}#{admin}#' }))
  assert.ok(template.kind === 'password' && template.user === '#anna@example.org#root#' && template.password.reveal() === 's')
  const proxy = await loginFor(choice('proxyauth', ADMIN))
  assert.ok(proxy.kind === 'proxyauth' && proxy.admin === 'root' && proxy.user === 'anna@example.org')
  const kerio = await loginFor(choice('kerio-master', { secret: ADMIN.secret }))
  assert.ok(kerio.kind === 'kerio-master' && kerio.user === 'anna@example.org')
  const groupwise = await loginFor(choice('groupwise-app', ADMIN))
  assert.ok(groupwise.kind === 'groupwise-app' && groupwise.app === 'root')
  const exchange = await loginFor(choice('exchange-delegate', ADMIN))
  assert.ok(exchange.kind === 'forms' && exchange.of.length === 3)
  const app = await loginFor(choice('microsoft-app', { tenant: 'example.org', clientId: 'app', secret: ADMIN.secret }))
  assert.ok(app.kind === 'token' && app.user === 'anna@example.org')
})

test('all mailboxes of one administrator share one guard', async () => {
  for (const kind of ['authzid', 'proxyauth', 'groupwise-app'] as const) {
    const loginOf = await accessLogins(choice(kind, ADMIN), scene)
    const [one, two] = ['a', 'b'].map((user) => loginOf({ user, password: null }))
    assert.ok(one !== undefined && 'guard' in one && one.guard !== undefined && two !== undefined && 'guard' in two, kind)
    assert.equal(one.guard, two.guard)
  }
})

test('a template is filled in at the last "@", and a blank domain stays blank', () => {
  assert.equal(filledIn('{user}*{admin}', 'anna@example.org', 'root'), 'anna@example.org*root')
  assert.equal(filledIn(String.raw`{domain}\{admin}\{local}`, 'a@b@c.org', 'root'), String.raw`c.org\root\a@b`)
  assert.equal(filledIn('{local}%{admin}', 'anna', 'root'), 'anna%root')
  assert.equal(filledIn(String.raw`D\{admin}\{alias}`, 'anna@example.org', 'root', 'anna.e'), String.raw`D\root\anna.e`)
  assert.equal(filledIn(String.raw`D\{admin}\{alias}`, 'anna@example.org', 'root'), String.raw`D\root\anna`)
})

test('the forms of an Exchange login follow from how its account is written, and are never more than three', () => {
  const users = (admin: string): readonly string[] => delegateForms(admin, 'anna@example.org').map(({ user }) => user)
  assert.deepEqual(users(String.raw`dom\root`), [String.raw`dom\root\anna`, 'dom/root/anna'])
  assert.deepEqual(users('root@x.org'), [String.raw`root@x.org\anna`, 'root@x.org/anna', 'root@x.org'])
  assert.equal(delegateForms('root@x.org', 'anna@example.org')[2]?.authzid, 'anna@example.org')
  assert.equal(delegateForms(String.raw`D\root`, 'anna@example.org', 'anna.e')[0]?.user, String.raw`D\root\anna.e`)
})

for (const { name, settings } of ACCESS_METHODS)
  test(`--access ${name} tells what is missing and what does not belong to it`, async () => {
    const required = settings.filter((setting) => setting.required)
    if (required.length > 0) assert.match(await complaint(choice(name)), new RegExp(`--access ${name} needs --access-`))
    const all = { login: 'x', template: 'x', tenant: 'x', clientId: 'x', certificatePem: 'x', secret: new Secret('x') } as const
    assert.match(await complaint({ ...choice(name), ...all }), /does not take --access-/)
  })

for (const [given, says] of [
  [choice('template', { ...ADMIN, template: '{admin}' }), /names no mailbox/],
  [choice('template', { ...ADMIN, template: '{user}*{master}' }), /knows no \{master\}/],
  [choice('template', { ...ADMIN, template: '{user}' }), /belong together/],
  [choice('google-service-account', { secret: new Secret('{}') }), /not the key file/],
  [choice('oauth', { clientId: 'app' }), /mail\.example\.org is neither/],
  [choice('oauth', { clientId: 'app', tenant: 'consumers', secret: new Secret('x') }), /public/],
] as const)
  test(`what makes no sense is told before any server is asked: ${String(says)}`, async () => {
    assert.match(await complaint(given), says)
  })

test('the guide names every way to open mailboxes', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/access.md'), 'utf8')
  for (const { name } of ACCESS_METHODS) assert.ok(guide.includes(`\`${name}\``), name)
})
