import { loginGuard } from '../../imap/login-guard.ts'
import type { AccessMethod } from './method.ts'
import { ADMIN, ADMIN_PASSWORD, given, wayOf, WAY } from './settings.ts'

/** SASL PLAIN (RFC 4616): an administrator signs in for somebody. Dovecot, Cyrus, Zimbra, James, hMailServer, Sun. */
export const authzid: AccessMethod = {
  name: 'authzid',
  title: 'an administrator signs in for each mailbox (SASL PLAIN with authzid)',
  settings: [ADMIN, ADMIN_PASSWORD, WAY],
  needsPasswords: false,
  usesTokens: false,
  async open(choice) {
    const { login, secret } = given(choice)
    const guard = loginGuard(`the administrator ${login}`)
    return ({ user }) => ({ kind: 'password', user: login, password: secret, authzid: user, guard, mailbox: user, ...wayOf(choice) })
  },
}
