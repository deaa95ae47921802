import { documented, guess, NO_LIMITS, own, tested } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const cyrus: SourceProfile = {
  name: 'cyrus',
  title: 'Cyrus IMAP',
  signs: [{ greeting: /\bCyrus IMAP/ }, { id: /^Cyrus IMAPD\b/i }],
  versionIn: /Cyrus IMAP\w*\s+v?(\d+\.\d+[\w.+~-]*)/i,
  limits: { ...NO_LIMITS, idleTimeoutMs: { value: 32 * 60_000, certainty: 'documented' } },
  access: [
    {
      kind: 'authzid',
      advice:
        'An account named in proxyservers or admins of imapd.conf, with the mailbox as authorization identity (the full address under virtdomains).',
      certainty: 'tested',
    },
    own('The password of each person.'),
  ],
  listing: [
    { kind: 'cyrus', advice: 'An administrator lists "user/%" (or "user.%") over IMAP, or "lm user/%" in cyradm.', certainty: 'tested' },
  ],
  advice: [
    tested(
      'Do not read the mailboxes as an administrator with rights on them: read and unread belong to who reads, so all would look unread.',
    ),
    tested('A damaged message file is filled up with blanks to its length: the contents are compared.'),
    documented('Old mail may hold X where letters with accents were in headers: that happened on delivery and cannot be undone.'),
    guess('Folders of calendars, address books and the DELETED tree hold no mail of the person.'),
  ],
  tell: [documented('Connections may be limited by maxlogins_per_user and maxlogins_per_host (off by default).')],
  quirks: [],
  tested: 'real server',
  testedWhat: 'whole migrations, delta, crashes and verification, both layouts, access of an administrator, the list',
}
