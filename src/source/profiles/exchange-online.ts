import { documented, guess, NO_LIMITS, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const exchangeOnline: SourceProfile = {
  name: 'exchange-online',
  title: 'Exchange Online (Microsoft 365)',
  signs: [
    { greeting: /Microsoft Exchange IMAP4 service is ready/i, host: /\.(?:outlook|office365)\.(?:com|us|de)$|\.outlook\.cn$/i },
    { greeting: /Microsoft Exchange IMAP4 service is ready/i, capabilities: ['CLIENTACCESSRULES'] },
  ],
  exchangers: [{ mx: /\.mail\.protection\.outlook\.com$|\.mx\.microsoft$/i, imap: 'outlook.office365.com', certainty: 'documented' }],
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: {
      value: 3,
      certainty: 'guess',
      note: 'a safe start; too many logins in a short time are answered with "not connected"',
    },
    maxCommandBytes: { value: 10_240, certainty: 'documented' },
    idleTimeoutMs: { value: 30 * 60_000, certainty: 'documented' },
  },
  access: [
    {
      kind: 'microsoft-app',
      advice:
        'An Entra application with IMAP.AccessAsApp, a service principal in Exchange Online (object id of the enterprise application) and FullAccess on each mailbox.',
      certainty: 'documented',
    },
    {
      kind: 'oauth',
      advice: 'Each person signs in with a browser (IMAP.AccessAsUser.All); shared mailboxes by a person who has rights on them.',
      certainty: 'documented',
    },
  ],
  listing: [
    { kind: 'graph', advice: 'Microsoft Graph lists users with their addresses.', certainty: 'guess' },
    { kind: 'exchange', advice: 'Get-EXOMailbox exported as CSV names shared and room mailboxes too.', certainty: 'guess' },
  ],
  advice: [
    documented('Passwords alone do not open a mailbox any more: it takes a token.'),
    documented('Sizes are estimates, and a message is written anew each time it is read: bytes differ from what once arrived.'),
    reported('Calendar, contacts, tasks, notes and other folders that hold no mail are listed too and are left out.'),
    guess('Online archives and public folders cannot be reached by IMAP.'),
    documented('From one Microsoft 365 to another, the tools of Microsoft keep more (categories, calendars, contacts) than IMAP can.'),
  ],
  tell: [
    documented('IMAP must be switched on for every mailbox (Set-CASMailbox -ImapEnabled $true).'),
    documented('Have receipts suppressed (SuppressReadReceipt $true), or reading an unread message may send one.'),
  ],
  quirks: ['plain-list', 'lists-items', 'renders-anew'],
  tested: 'personality',
  testedWhat: 'as source and as destination',
}
