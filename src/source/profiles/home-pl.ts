import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const homePl: SourceProfile = {
  name: 'home-pl',
  title: 'home.pl',
  signs: [{ greeting: /\bIdeaImapServer\b/i }, { id: /\bIdeaImapServer\b/i }, { host: /(?:^|\.)home\.pl$/i }],
  limits: NO_LIMITS,
  access: [own('The full address and its password.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The customer area lists the mailboxes.', certainty: 'guess' }],
  advice: [reported('It bends the grammar of IMAP in places (empty attributes, codes without a status); that is understood.')],
  tell: [guess('There is no access for an administrator over IMAP: collect or reset the passwords.')],
  quirks: [],
  tested: 'not',
}
