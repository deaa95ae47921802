import { documented, guess, NO_LIMITS, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const exchangeOnprem: SourceProfile = {
  name: 'exchange-onprem',
  title: 'Exchange on premises',
  signs: [{ greeting: /Microsoft Exchange IMAP4 service is ready/i }, { greeting: /Microsoft Exchange Server \d{4} IMAP4/i }],
  versionIn: /Microsoft Exchange Server (\d{4}) IMAP4/i,
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: { value: 16, certainty: 'documented', note: 'MaxConnectionsPerUser of the IMAP service' },
    maxCommandBytes: { value: 10_240, certainty: 'documented', note: 'MaxCommandSize of the IMAP service' },
    idleTimeoutMs: { value: 30 * 60_000, certainty: 'documented' },
  },
  access: [
    {
      kind: 'exchange-delegate',
      advice:
        'An account with FullAccess on every mailbox, with a mailbox and IMAP of its own; not the built-in Administrator. Its forms of a login are tried one after the other; the last part is the alias, which may differ from login and address.',
      certainty: 'reported',
    },
    {
      kind: 'authzid',
      advice: 'The same account by SASL PLAIN: authorization identity the alias or address, login the UPN of the account.',
      certainty: 'reported',
    },
    { kind: 'own', advice: 'The password of each person; takes TLS, or another LoginType of the IMAP service.', certainty: 'documented' },
  ],
  listing: [
    {
      kind: 'exchange',
      advice: 'Get-Mailbox exported as CSV with Alias and PrimarySmtpAddress; take shared and room mailboxes along.',
      certainty: 'reported',
    },
    {
      kind: 'ldap',
      advice: 'Active Directory: objects with msExchMailboxGuid, attributes mail, mailNickname, proxyAddresses.',
      certainty: 'guess',
    },
  ],
  advice: [
    documented('Sizes are estimates unless EnableExactRFC822Size is set; a message is written anew each time it is read.'),
    reported('A wrong password may be answered with OK; only the next command says "not connected".'),
    reported('Folder names are those of the language of the mailbox, without marks for Sent or Trash.'),
    reported('Folders of calendar, contacts, tasks and sync issues are listed too and are left out.'),
    reported('After about ten refused commands the server closes the connection.'),
    guess('Categories, calendars, contacts and rules do not travel by IMAP: hybrid, EWS or PST keep more.'),
  ],
  tell: [
    documented('Start the services IMAP4 and IMAP4 Backend (they are off at first), and switch IMAP on for the mailboxes.'),
    documented('Give the migration account a throttling policy of its own, or it will be slowed down.'),
    documented(
      'Set SuppressReadReceipt to $true, MessageRetrievalMimeFormat to HtmlAndTextAlternative, CalendarItemRetrievalOption to iCalendar.',
    ),
  ],
  quirks: ['plain-list', 'lists-items', 'renders-anew'],
  tested: 'personality',
  testedWhat: 'four languages, items that are no mail, stand-ins, delegate logins',
}
