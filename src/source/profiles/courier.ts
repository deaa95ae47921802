import { NO_LIMITS, own, tested } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const courier: SourceProfile = {
  name: 'courier',
  title: 'Courier-IMAP',
  signs: [{ greeting: /\bCourier-IMAP ready/i }],
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: { value: 4, certainty: 'guess', note: 'MAXPERIP counts every mailbox read from one address; Debian sets 20' },
    maxCommandBytes: { value: 16_384, certainty: 'reported' },
  },
  access: [
    own('The password of each person: Courier knows no master user. Temporary passwords can be set in its user database.', 'tested'),
    {
      kind: 'template',
      advice: 'Or run a Dovecot with a master user on the same Maildirs during the migration (prefix "INBOX.", separator ".").',
      certainty: 'guess',
      template: '{user}*{admin}',
    },
  ],
  listing: [{ kind: 'courier', advice: 'authenumerate prints every mailbox with its home.', certainty: 'tested' }],
  advice: [
    tested('All folders stand below INBOX, with dots between them; none is marked as Sent or Trash.'),
    tested('A login may delete old mail from Trash (IMAP_EMPTYTRASH): copy Trash first, or have it switched off.'),
    tested('A file that cannot be read is handed out as a made-up message: such ones are recognised and listed.'),
    tested('Its list of changes is dear: it has neither CONDSTORE nor a quick listing.'),
    tested('Messages of restored Maildirs carry the day of the restore.'),
  ],
  tell: [tested('Set IMAP_EMPTYTRASH to nothing, and raise MAXPERIP and MAXDAEMONS during the migration.')],
  quirks: ['examine-unstable'],
  tested: 'real server',
  testedWhat: 'whole migrations, delta, crashes and verification',
}
