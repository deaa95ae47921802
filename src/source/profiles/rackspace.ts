import { guess, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const rackspace: SourceProfile = {
  name: 'rackspace',
  title: 'Rackspace Email',
  signs: [{ greeting: /\brsapps\.net\b/i }, { host: /(?:^|\.)emailsrvr\.com$/i }],
  exchangers: [{ mx: /\.emailsrvr\.com$/i, imap: 'secure.emailsrvr.com', certainty: 'documented' }],
  limits: { ...NO_LIMITS, connectionsPerMailbox: { value: 16, certainty: 'reported' } },
  access: [own('The full address and its password; the administration can reset passwords.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The administration or its API lists the mailboxes.', certainty: 'guess' }],
  advice: [{ says: 'Behind it runs Dovecot; folders stand at the top or below INBOX.', certainty: 'reported' }],
  tell: [guess('There is no access for an administrator over IMAP: collect or reset the passwords.')],
  quirks: [],
  tested: 'not',
}
