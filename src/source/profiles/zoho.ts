import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const zoho: SourceProfile = {
  name: 'zoho',
  title: 'Zoho Mail',
  signs: [{ greeting: /\bZoho Mail\b/i }, { host: /\.zoho\.(?:com|eu|in|com\.au|jp)$/i }],
  exchangers: [
    { mx: /\.zoho\.com$/i, imap: 'imappro.zoho.com', certainty: 'reported' },
    { mx: /\.zoho\.eu$/i, imap: 'imappro.zoho.eu', certainty: 'reported' },
    { mx: /\.zoho\.in$/i, imap: 'imappro.zoho.in', certainty: 'reported' },
    { mx: /\.zoho\.com\.au$/i, imap: 'imappro.zoho.com.au', certainty: 'reported' },
    { mx: /\.zoho\.jp$/i, imap: 'imappro.zoho.jp', certainty: 'reported' },
  ],
  limits: NO_LIMITS,
  access: [own('The password of each person, or an app password where two-factor sign-in is on.', 'reported')],
  listing: [{ kind: 'csv', advice: 'The administration lists the users.', certainty: 'guess' }],
  advice: [
    reported('"Unusual IMAP activity" closes IMAP for a while: few connections, and not all mailboxes at once.'),
    guess('Views such as Newsletter and Notification look like folders.'),
  ],
  tell: [reported('IMAP must be on for every person; the administrator can lift a block under blocked accounts.')],
  quirks: [],
  tested: 'not',
}
