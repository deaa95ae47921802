import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const kerio: SourceProfile = {
  name: 'kerio',
  title: 'Kerio Connect',
  signs: [{ greeting: /\bKerio\b/i }, { id: /\bKerio\b/i }],
  versionIn: /Kerio (?:Connect|MailServer) (\d+(?:\.\d+)*)/i,
  limits: NO_LIMITS,
  access: [
    {
      kind: 'kerio-master',
      advice:
        'Master authentication: Configuration > Advanced Options, with a group of allowed addresses and a master password. Only inside TLS.',
      certainty: 'documented',
    },
    own('The password of each person.'),
  ],
  listing: [
    { kind: 'csv', advice: 'The administration exports the users.', certainty: 'guess' },
    { kind: 'ldap', advice: 'Where it takes its users from a directory.', certainty: 'guess' },
  ],
  advice: [reported('It works without anything special.'), guess('Public folders stand below "Public Folders".')],
  tell: [documented('Have winmail.dat (TNEF) decoded by the server before the migration, where that is wanted.')],
  quirks: [],
  tested: 'dialogue',
  testedWhat: 'its master login',
}
