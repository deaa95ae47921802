import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

const HOSTS = /(?:^|\.)(?:gmx|web|mail)\.(?:net|de|com|at|ch)$/i

export const gmx: SourceProfile = {
  name: 'gmx',
  title: 'GMX, web.de, mail.com',
  signs: [
    { greeting: /GMX IMAP4 StreamProxy/i },
    { greeting: /\bNemesis\b/i, host: HOSTS },
    { host: /(?:^|\.)(?:gmx\.(?:net|de|com|at|ch)|web\.de)$/i },
  ],
  limits: { ...NO_LIMITS, idleTimeoutMs: { value: 15 * 60_000, certainty: 'reported', note: 'before that' } },
  access: [own('The password of each person, or an app password where two-factor sign-in is on.', 'reported')],
  listing: [{ kind: 'csv', advice: 'The mailboxes belong to persons: ask them for their addresses.', certainty: 'guess' }],
  advice: [
    reported('IMAP may be switched off again after a while without use.'),
    reported('Folders have German names: Gesendet, Entwürfe, Gelöscht, Spamverdacht.'),
  ],
  tell: [reported('Every person switches IMAP on in the web mail.'), guess('There is no access for an administrator.')],
  quirks: [],
  tested: 'not',
}
