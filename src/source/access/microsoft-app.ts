import type { AppIdentity } from '../../microsoft/app-identity.ts'
import { Failure } from '../../model/failure.ts'
import type { AccessChoice, AccessMethod } from './method.ts'
import { given } from './settings.ts'

/** Exchange Online: an application with IMAP.AccessAsApp; one token of it opens every mailbox that Exchange grants it. */
export const microsoftApp: AccessMethod = {
  name: 'microsoft-app',
  title: 'an application of the tenant opens mailboxes of Exchange Online',
  settings: [
    { key: 'tenant', label: 'the tenant that mail comes from', required: true },
    { key: 'clientId', label: 'the application', required: true },
    { key: 'secret', label: 'its secret, or the key of its certificate', required: true },
    { key: 'certificatePem', label: 'its certificate, where it has one', required: false },
  ],
  needsPasswords: false,
  usesTokens: true,
  async open(choice, { cloud, authority, ctx }) {
    const { exchangeTokens } = await import('../../microsoft/exchange-token.ts')
    const { CLOUDS } = await import('../../microsoft/clouds.ts')
    const tokens = exchangeTokens(identityOf(choice), { cloud: CLOUDS[cloud], authority, ctx })
    return ({ user }) => ({ kind: 'token', user, token: () => tokens.token(), renew: () => tokens.renew() })
  },
}

function identityOf(choice: AccessChoice): AppIdentity {
  const { tenant, clientId, certificatePem } = choice
  if (tenant === null || clientId === null) throw new Failure('bad-input', '--access microsoft-app needs a tenant and an application.')
  const { secret } = given(choice)
  if (certificatePem === null) return { kind: 'secret', tenant, clientId, clientSecret: secret }
  return { kind: 'certificate', tenant, clientId, privateKeyPem: secret, certificatePem }
}
