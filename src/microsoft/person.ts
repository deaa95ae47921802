import type { Context } from '../lib/context.ts'
import type { PersonSignIn } from '../oauth/person-tokens.ts'
import type { Cloud } from './clouds.ts'
import { checkSettings } from './exchange-token.ts'
import { requestToken } from './token-request.ts'

export type PersonOptions = {
  /** `consumers` for Outlook.com, a tenant's id or domain for its users, `common` for both. */
  readonly tenant: string
  readonly clientId: string
  readonly cloud: Cloud
  /** Base URL of a simulator on loopback; null: the cloud's own sign-in service. */
  readonly authority: string | null
  readonly show: (message: string) => void
  readonly ctx: Context
}

/** Signing in to Outlook.com or Exchange Online as a person, with a code in any browser (RFC 8628). */
export function microsoftPerson({ tenant, clientId, cloud, authority, show, ctx }: PersonOptions): PersonSignIn {
  const identity = (user: string) =>
    ({ kind: 'device', tenant, clientId, show: (message: string) => show(`Sign in as ${user}. ${message}`) }) as const
  checkSettings(identity(''), authority)
  return {
    name: `microsoft ${clientId}`,
    signIn: (user) => requestToken({ resource: 'imap', identity: identity(user), cloud, authority, ctx, refresh: null }),
    refresh: (grant) => requestToken({ resource: 'imap', identity: identity(''), cloud, authority, ctx, refresh: grant }),
  }
}
