import { passwordGuard } from '../../imap/login-guard.ts'
import type { LoginGuard } from '../../imap/login-guard.ts'
import { Secret } from '../../model/secret.ts'
import type { AccessMethod } from './method.ts'
import { wayOf, WAY } from './settings.ts'

/** Each mailbox by its own password, or app password, of the list; with XOAUTH2 or OAUTHBEARER as the mechanism that is an access token. */
export const own: AccessMethod = {
  name: 'own',
  title: "each mailbox's own password or app password, from the list",
  settings: [WAY],
  needsPasswords: true,
  usesTokens: false,
  async open(choice) {
    // A login may stand on several lines, with a tree each
    const guards = new Map<string, LoginGuard>()
    return ({ user, password }) => {
      const secret = password ?? new Secret('')
      const key = `${user}\0${secret.reveal()}`
      const guard = guards.get(key) ?? passwordGuard()
      guards.set(key, guard)
      return { kind: 'password', user, password: secret, authzid: null, guard, ...wayOf(choice) }
    }
  },
}
