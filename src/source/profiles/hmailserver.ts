import { documented, guess, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const hmailserver: SourceProfile = {
  name: 'hmailserver',
  title: 'hMailServer',
  signs: [{ greeting: /^IMAPrev1$/ }, { greeting: /\bhMailServer\b/i }, { id: /\bhMailServer\b/i }],
  limits: NO_LIMITS,
  access: [
    {
      kind: 'authzid',
      advice: 'From version 5.7: an "IMAP master user" and "SASL PLAIN" in the settings; the mailbox is the authorization identity.',
      certainty: 'documented',
    },
    own('The password of each person; temporary ones can be set by script (COM).'),
  ],
  listing: [{ kind: 'csv', advice: 'The accounts by script (COM: Domains, Accounts) or from the table hm_accounts.', certainty: 'guess' }],
  advice: [
    documented('Announced sizes are often wrong and parts of messages cannot be asked for safely: whole messages are read.'),
    documented('Delimiter and the name of the public folders ("#Public") can be set by the administrator.'),
    documented('Failed logins end with BAD Goodbye.'),
  ],
  tell: [
    documented('Switch on "SASL PLAIN" and name an IMAP master user (5.7 and later).'),
    guess('Older ones: set temporary passwords by script.'),
  ],
  quirks: [],
  tested: 'not',
}
