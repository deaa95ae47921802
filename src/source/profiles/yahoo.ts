import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

const HOSTS = /\.(?:yahoo|aol)\.com$|\.yahoodns\.net$/i

export const yahoo: SourceProfile = {
  name: 'yahoo',
  title: 'Yahoo and AOL (also Sky, BT, AT&T, Rogers)',
  signs: [
    { capabilities: ['XYMHIGHESTMODSEQ'] },
    { capabilities: ['UIDONLY', 'MESSAGELIMIT='], host: HOSTS },
    { capabilities: ['X-UIDONLY'] },
    { id: /\bYahoo\b/i },
    { host: HOSTS },
  ],
  exchangers: [{ mx: /\.yahoodns\.net$/i, imap: 'imap.mail.yahoo.com', certainty: 'guess' }],
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: { value: 5, certainty: 'guess' },
    maxCommandBytes: { value: 1_000, certainty: 'reported' },
    messagesPerCommand: { value: 1_000, certainty: 'documented', note: 'MESSAGELIMIT; the answer is cut off and still says OK' },
    messagesShown: {
      value: 10_000,
      certainty: 'reported',
      note: 'unless UIDONLY is enabled, or the host export.imap.mail.yahoo.com is used',
    },
  },
  access: [
    own('An app password of each person; being withdrawn for some brands.', 'documented'),
    {
      kind: 'oauth',
      advice: 'Each person signs in with a browser; takes an application that Yahoo has approved.',
      certainty: 'documented',
    },
  ],
  listing: [{ kind: 'csv', advice: 'The mailboxes belong to persons: ask them for their addresses.', certainty: 'guess' }],
  advice: [
    reported('A folder of exactly 10,000 messages probably holds more: the older ones are hidden from ordinary clients.'),
    reported('Single messages may be refused ("Server error while fetching messages"); they are asked for again, then listed.'),
    reported('Spam is called "Bulk Mail".'),
  ],
  tell: [guess('There is no access for an administrator: every person makes an app password.')],
  quirks: ['short-commands'],
  tested: 'personality',
  testedWhat: 'windows of 10,000 messages, cut answers',
}
