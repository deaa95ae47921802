import { NO_LIMITS, own, tested } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const mailutils: SourceProfile = {
  name: 'mailutils',
  title: 'GNU Mailutils imap4d',
  signs: [{ greeting: /mailutils|imap4d|^IMAP4rev1$/i }, { id: /mailutils|imap4d/i }, { capabilities: ['AUTH=SECURID', 'UNSELECT'] }],
  limits: { ...NO_LIMITS, connectionsPerMailbox: { value: 1, certainty: 'guess', note: 'mbox files are locked' } },
  access: [own('The password of each person.', 'tested')],
  listing: [{ kind: 'csv', advice: 'The accounts of the Unix system (getent passwd) as a list.', certainty: 'guess' }],
  advice: [
    tested('It hands out a new UIDVALIDITY until a folder was once opened for writing, so it is opened by SELECT.'),
    tested('It names ways to sign in that it cannot complete; they are passed over.'),
    tested('The note "FOLDER INTERNAL DATA" of an mbox is shown as a message.'),
    tested('Lines that begin with ">From " may have been changed by the mbox format.'),
  ],
  tell: [{ says: 'Nobody else should have the mailboxes open while they are copied.', certainty: 'guess' }],
  quirks: ['examine-unstable', 'hashed-login-broken'],
  tested: 'real server',
  testedWhat: 'whole migrations, delta, crashes and verification',
}
