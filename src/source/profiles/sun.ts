import { NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const sun: SourceProfile = {
  name: 'sun',
  title: 'Oracle (Sun, iPlanet) Messaging Server',
  signs: [{ capabilities: ['X-NETSCAPE'] }, { capabilities: ['XSENDER'] }],
  versionIn: /Messaging (?:Multiplexor|Server)[^\d\n]*(\d+(?:[.\w-]+))/i,
  limits: NO_LIMITS,
  access: [
    { kind: 'proxyauth', advice: 'A store administrator signs in, then names the person (PROXYAUTH).', certainty: 'reported' },
    own('The password of each person.', 'reported'),
  ],
  listing: [{ kind: 'ldap', advice: 'Its directory by LDAP.', certainty: 'guess' }],
  advice: [reported('The access of the administrator is the usual way to read all mailboxes.')],
  tell: [reported('The account must be a store administrator with proxy rights.')],
  quirks: [],
  tested: 'dialogue',
  testedWhat: 'its PROXYAUTH',
}
