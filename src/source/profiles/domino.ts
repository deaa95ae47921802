import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const domino: SourceProfile = {
  name: 'domino',
  title: 'HCL Domino (Notes)',
  signs: [{ greeting: /\bDomino IMAP4 Server\b/i }],
  versionIn: /Domino IMAP4 Server Release ([\w.]+)/i,
  limits: NO_LIMITS,
  access: [own('The internet (HTTP) password of each person: there is no master login.', 'reported')],
  listing: [{ kind: 'ldap', advice: 'The directory (names.nsf) by LDAP, or exported.', certainty: 'guess' }],
  advice: [
    documented('Sent and Drafts are views; other views, hidden and private folders are not shown.'),
    reported('Dates may be "00-Jan-0000": the Date header is taken then.'),
    guess('Rich text is turned into mail while it is read: the bytes differ from one reading to the next.'),
    reported('Message-IDs may change their domain between two readings.'),
  ],
  tell: [
    documented(
      'Every mail file must be made ready for IMAP (load convert -e, then -h); the first login does it otherwise and takes minutes.',
    ),
    reported('"cannot convert Mailbox" at login means that it is not.'),
  ],
  quirks: ['message-id-changes', 'renders-anew'],
  tested: 'personality',
  testedWhat: 'changing Message-IDs, strange dates',
}
