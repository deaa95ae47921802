import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../model/secret.ts'
import { signInFor, type ListedMailbox, type Opened } from './sign-in.ts'

const ANNA: ListedMailbox = {
  name: 'Anna',
  sourceLogin: 'anna@old.example.org',
  sourcePassword: new Secret('her own'),
  sourceRoot: null,
  alias: null,
  target: 'anna@example.org',
}
const ADMIN: Opened = { kind: 'own', login: 'admin', secret: new Secret('master'), template: null }

function rowFor(access: Partial<Opened>, mailbox: Partial<ListedMailbox> = {}): readonly (string | null | undefined)[] {
  const way = signInFor({ ...ADMIN, ...access }, () => 'filled in')
  if (!way.fits) return [way.why]
  const { emailAddress, userName, password, userRoot } = way.row({ ...ANNA, ...mailbox })
  return [emailAddress, userName, password?.reveal(), userRoot]
}

test('each way to open mailboxes becomes the login that Microsoft documents for it', () => {
  assert.deepEqual(rowFor({}), ['anna@example.org', 'anna@old.example.org', 'her own', null])
  assert.deepEqual(rowFor({ kind: 'authzid' }), ['anna@example.org', 'anna@old.example.org*admin', 'master', null])
  assert.deepEqual(rowFor({ kind: 'template' }), ['anna@example.org', 'filled in', 'master', null])
  assert.deepEqual(rowFor({ kind: 'exchange-delegate', login: 'CONTOSO\\svc' }), ['anna@example.org', 'CONTOSO/svc/anna', 'master', null])
  assert.deepEqual(rowFor({ kind: 'exchange-delegate', login: 'CONTOSO/svc' }, { alias: 'a.berg' })[1], 'CONTOSO/svc/a.berg')
})

test('the tree of a mailbox below a shared namespace becomes its root, with one slash before it', () => {
  assert.equal(rowFor({}, { sourceRoot: 'users/anna' })[3], '/users/anna')
  assert.equal(rowFor({}, { sourceRoot: '/users/anna' })[3], '/users/anna')
})

test('what Microsoft cannot sign in with is said to be so, and why', () => {
  for (const kind of ['oauth', 'microsoft-app', 'google-service-account']) assert.match(rowFor({ kind })[0] ?? '', /OAuth/, kind)
  for (const kind of ['proxyauth', 'kerio-master', 'groupwise-app']) assert.match(rowFor({ kind })[0] ?? '', new RegExp(kind))
  assert.match(rowFor({ kind: 'exchange-delegate', login: 'svc@example.org' })[0] ?? '', /DOMAIN\\administrator/)
})
