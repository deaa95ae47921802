import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const godaddy: SourceProfile = {
  name: 'godaddy',
  title: 'GoDaddy Workspace Email',
  signs: [{ host: /\.secureserver\.net$/i }],
  exchangers: [{ mx: /\.secureserver\.net$/i, imap: 'imap.secureserver.net', certainty: 'documented' }],
  limits: { ...NO_LIMITS, connectionsPerMailbox: { value: 5, certainty: 'guess' } },
  access: [own('The full address and its password.', 'reported')],
  listing: [{ kind: 'csv', advice: 'The customer area lists the mailboxes.', certainty: 'guess' }],
  advice: [
    guess('It is slow: plan for it.'),
    reported('Microsoft 365 bought from GoDaddy is an Exchange Online: full access to mailboxes is then given in its panel.'),
  ],
  tell: [guess('There is no access for an administrator: collect or reset the passwords.')],
  quirks: [],
  tested: 'not',
}
