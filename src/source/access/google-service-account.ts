import type { AccessMethod } from './method.ts'
import { given, wayOf, WAY } from './settings.ts'

/** Google Workspace: a service account with domain-wide delegation acts for each user, who need do nothing. */
export const googleServiceAccount: AccessMethod = {
  name: 'google-service-account',
  title: 'a service account of Google Workspace with domain-wide delegation',
  settings: [{ key: 'secret', label: 'its key as Google hands it out: file:key.json', required: true }, WAY],
  needsPasswords: false,
  usesTokens: true,
  async open(choice, { ctx }) {
    // Loaded only by who needs them.
    const { serviceAccount } = await import('../../google/service-account.ts')
    const { delegatedTokens, GMAIL_SCOPE } = await import('../../google/delegated-token.ts')
    const tokens = delegatedTokens(serviceAccount(given(choice).secret), [GMAIL_SCOPE], ctx)
    return ({ user }) => ({
      kind: 'token',
      user,
      token: () => tokens.token(user),
      renew: () => tokens.renew(user),
      ...wayOf(choice),
    })
  },
}
