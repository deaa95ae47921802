import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const gmail: SourceProfile = {
  name: 'gmail',
  title: 'Gmail and Google Workspace',
  signs: [{ capabilities: ['X-GM-EXT-1'] }, { greeting: /\bGimap ready\b/ }, { id: /^GImap\b/i }],
  exchangers: [{ mx: /(?:^|\.)google(?:mail)?\.com$/i, imap: 'imap.gmail.com', certainty: 'documented' }],
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: { value: 15, certainty: 'reported' },
    bytesPerDay: { value: 2_500_000_000, certainty: 'reported', note: 'beyond it the mailbox is closed to IMAP for up to a day' },
    maxCommandBytes: { value: 16_000, certainty: 'reported' },
  },
  access: [
    {
      kind: 'google-service-account',
      advice:
        'A service account with domain-wide delegation for the scope https://mail.google.com/ opens every mailbox of a Workspace. The grant can take a day to take effect.',
      certainty: 'reported',
    },
    {
      kind: 'oauth',
      advice: 'Each person signs in with a browser; the only way besides app passwords for gmail.com addresses.',
      certainty: 'reported',
    },
    own('An app password for each person, who needs two-step verification for it.', 'reported'),
  ],
  listing: [
    {
      kind: 'google',
      advice:
        'The Directory API lists users with aliases, suspended ones too; the service account needs the scope admin.directory.user.readonly.',
      certainty: 'guess',
    },
  ],
  advice: [
    documented(
      'Labels look like folders: a message with three labels stands in three of them and once more in All Mail. It is copied once.',
    ),
    reported('About 2.5 GB a day may be read from a mailbox: large mailboxes take several days.'),
    reported('Archived mail is only in All Mail; Spam and Trash are outside it.'),
    reported('Chats, snoozed and scheduled messages do not travel.'),
  ],
  tell: [
    reported(
      '"Show in IMAP" must be ticked for every label, All Mail included, and no limit may be set on the size of IMAP folders: what is hidden cannot be copied.',
    ),
    reported('IMAP must be allowed for the persons (Gmail settings) and by the administrator.'),
    reported('An administrator can lift a closure for bandwidth by hand, a few times a month.'),
    guess('Suspended users cannot be read: unsuspend them, or use Vault or Takeout.'),
  ],
  quirks: [],
  tested: 'personality',
  testedWhat: 'labels, the allowance of a day, ways to sign in',
}
