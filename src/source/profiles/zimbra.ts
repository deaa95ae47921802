import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const zimbra: SourceProfile = {
  name: 'zimbra',
  title: 'Zimbra',
  signs: [{ greeting: /\bZimbra\b.*\bIMAP4rev1\b/i }, { id: /^Zimbra\b/i }],
  versionIn: /Zimbra (\d+[\w.]*)/i,
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: { value: 2, certainty: 'documented', note: 'bodies of one mailbox are read one after the other anyway' },
    maxCommandBytes: { value: 10_000, certainty: 'documented' },
  },
  access: [
    {
      kind: 'authzid',
      advice:
        'An administrator by SASL PLAIN with the mailbox as authorization identity; IMAP must be on for the administrator. Domain administrators need the right adminLoginAs.',
      certainty: 'documented',
    },
    own('The password of each person; without TLS it is refused.'),
  ],
  listing: [
    {
      kind: 'zimbra',
      advice: 'zmprov -l gaa names all accounts, zmprov gqu their sizes. Leave out spam., ham., virus-quarantine. and galsync.',
      certainty: 'documented',
    },
  ],
  advice: [
    documented(
      'The same command more than 25 times in five minutes is slowed down and the connection dropped; five refused commands end it too.',
    ),
    reported('Search folders look like folders and show mail twice; folders that others share appear among the own ones.'),
    reported('A shared folder whose owner is locked ends the session.'),
    documented('Tags come as keywords.'),
    guess('Folders Chats, Contacts and Emailed Contacts hold no mail.'),
  ],
  tell: [
    documented('Raise imap_throttle_command_limit for the migration, or expect it to be slow.'),
    guess('Calendars and contacts are exported per account with zmmailbox.'),
  ],
  quirks: ['counts-commands'],
  tested: 'personality',
  testedWhat: 'whole migrations, stepped EXISTS, counted commands, a locked share, access of an administrator',
}
