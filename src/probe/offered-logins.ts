import type { Access, AccessKind } from '../source/profile.ts'

/** `offered`: the server names what it needs; `not-offered`: it does not; `untold`: servers do not name it, only trying tells. */
export type Verdict = 'offered' | 'not-offered' | 'untold'

/** The mechanisms that a server names, and LOGIN unless it forbids it. */
export function mechanismsOf(capabilities: ReadonlySet<string>): readonly string[] {
  const named = [...capabilities].filter((word) => word.startsWith('AUTH=')).map((word) => word.slice('AUTH='.length))
  return [...(capabilities.has('LOGINDISABLED') ? [] : ['LOGIN command']), ...named.sort()]
}

const TOKEN = ['XOAUTH2', 'OAUTHBEARER']

/** May this kind of access work here, as far as what the server said before a login tells? */
export function verdictOf(kind: AccessKind, capabilities: ReadonlySet<string>): Verdict {
  const offers = (...mechanisms: readonly string[]): boolean => mechanisms.some((one) => capabilities.has(`AUTH=${one}`))
  const password = !capabilities.has('LOGINDISABLED') || offers('PLAIN', 'LOGIN', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5')
  const yes = (one: boolean): Verdict => (one ? 'offered' : 'not-offered')
  const judge: Readonly<Record<AccessKind, () => Verdict>> = {
    own: () => yes(password),
    template: () => yes(password),
    'exchange-delegate': () => yes(password),
    authzid: () => yes(offers('PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-1')),
    'google-service-account': () => yes(offers(...TOKEN)),
    'microsoft-app': () => yes(offers(...TOKEN)),
    oauth: () => yes(offers(...TOKEN)),
    'groupwise-app': () => (capabilities.has('XGWTRUSTEDAPP') || offers('XGWTRUSTEDAPP') ? 'offered' : 'untold'),
    proxyauth: () => 'untold',
    'kerio-master': () => 'untold',
  }
  return judge[kind]()
}

export type JudgedAccess = Access & { readonly verdict: Verdict }

export function judged(access: readonly Access[], capabilities: ReadonlySet<string>): readonly JudgedAccess[] {
  return access.map((one) => ({ ...one, verdict: verdictOf(one.kind, capabilities) }))
}
