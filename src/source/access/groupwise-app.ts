import { loginGuard } from '../../imap/login-guard.ts'
import type { AccessMethod } from './method.ts'
import { given } from './settings.ts'

/** GroupWise: a trusted application of the system. */
export const groupwiseApp: AccessMethod = {
  name: 'groupwise-app',
  title: 'a trusted application of GroupWise opens every mailbox',
  settings: [
    { key: 'login', label: 'name of the trusted application', required: true },
    { key: 'secret', label: 'its key', required: true },
  ],
  needsPasswords: false,
  usesTokens: false,
  async open(choice) {
    const { login, secret } = given(choice)
    const guard = loginGuard(`the trusted application ${login}`)
    return ({ user }) => ({ kind: 'groupwise-app', user, app: login, key: secret, guard })
  },
}
