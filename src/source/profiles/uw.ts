import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const uw: SourceProfile = {
  name: 'uw',
  title: 'UW-IMAP and Panda',
  signs: [{ greeting: /\bIMAP4rev1 20\d\d[a-z]?\.\d/ }, { greeting: /\bPanda IMAP\b/ }],
  versionIn: /\bIMAP4rev1 (20\d\d[a-z]?(?:\.\d+)*)/,
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: { value: 1, certainty: 'guess', note: 'a second connection to the same mbox throws the first one out' },
    maxCommandBytes: { value: 1_000, certainty: 'reported' },
  },
  access: [
    { kind: 'template', advice: 'A member of the group mailadm.', certainty: 'reported', template: '{user}*{admin}' },
    own('The password of each person.'),
  ],
  listing: [{ kind: 'csv', advice: 'The accounts of the Unix system (getent passwd) as a list.', certainty: 'guess' }],
  advice: [
    reported(
      'The whole home directory may be listed, files that are no mail included: give the folder that holds the mail, or copy the subscribed ones.',
    ),
    guess('A folder holds either messages or folders.'),
    guess('Never two connections to the same mailbox at a time.'),
  ],
  tell: [guess('Nobody else should have the mailboxes open while they are copied.')],
  quirks: ['short-commands'],
  tested: 'not',
}
