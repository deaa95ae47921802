import { loginGuard } from '../../imap/login-guard.ts'
import type { AccessMethod } from './method.ts'
import { given } from './settings.ts'

/** Kerio Connect's master authentication. */
export const kerioMaster: AccessMethod = {
  name: 'kerio-master',
  title: "Kerio Connect's master password opens every mailbox",
  settings: [{ key: 'secret', label: 'the master password', required: true }],
  needsPasswords: false,
  usesTokens: false,
  async open(choice) {
    const { secret } = given(choice)
    const guard = loginGuard('the master password')
    return ({ user }) => ({ kind: 'kerio-master', user, password: secret, guard })
  },
}
