import { loginGuard } from '../../imap/login-guard.ts'
import type { AccessMethod } from './method.ts'
import { ADMIN, ADMIN_PASSWORD, given, wayOf, WAY } from './settings.ts'

/** Netscape, Sun, Oracle and iPlanet: LOGIN as the administrator, then PROXYAUTH. */
export const proxyauth: AccessMethod = {
  name: 'proxyauth',
  title: 'an administrator signs in, then becomes each mailbox (PROXYAUTH)',
  settings: [ADMIN, ADMIN_PASSWORD, WAY],
  needsPasswords: false,
  usesTokens: false,
  async open(choice) {
    const { login, secret } = given(choice)
    const guard = loginGuard(`the administrator ${login}`)
    return ({ user }) => ({ kind: 'proxyauth', user, admin: login, password: secret, guard, ...wayOf(choice) })
  },
}
