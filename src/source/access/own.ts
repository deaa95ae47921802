import { hollowGuard } from '../../imap/login-guard.ts'
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
  open: async (choice) => (mailbox) => ({
    kind: 'password',
    user: mailbox.user,
    password: mailbox.password ?? new Secret(''),
    authzid: null,
    guard: hollowGuard(),
    ...wayOf(choice),
  }),
}
