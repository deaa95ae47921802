import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const dbmail: SourceProfile = {
  name: 'dbmail',
  title: 'DBMail',
  signs: [{ greeting: /\bdbmail\b/i }, { id: /\bdbmail\b/i }],
  versionIn: /dbmail (\d+(?:\.\d+)+)/i,
  limits: NO_LIMITS,
  access: [own('The password of each person.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The table of users in its database as CSV.', certainty: 'guess' }],
  advice: [reported('Other programs made doubles here unless they told messages apart by Message-ID.')],
  tell: [guess('Verify one mailbox before the rest.')],
  quirks: [],
  tested: 'not',
}
