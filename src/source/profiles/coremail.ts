import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const coremail: SourceProfile = {
  name: 'coremail',
  title: 'Coremail (163, 126)',
  signs: [{ greeting: /\bCoremail\b/i }, { id: /\bCoremail\b/i }, { host: /\.(?:163|126)\.com$/i }],
  limits: NO_LIMITS,
  access: [own('The password of each person.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The administration lists the users.', certainty: 'guess' }],
  advice: [
    guess('It opens no folder until the program has said its name (ID); that is always done.'),
    reported('Its status of folders may be empty: they are opened instead.'),
  ],
  tell: [guess('Every person switches IMAP on.')],
  quirks: [],
  tested: 'not',
}
