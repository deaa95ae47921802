import { documented, guess, NO_LIMITS, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const outlookCom: SourceProfile = {
  name: 'outlook-com',
  title: 'Outlook.com and Hotmail',
  signs: [
    {
      greeting: /Microsoft Exchange IMAP4 service is ready/i,
      domain: /^(?:outlook|hotmail|live)\.[a-z]+(?:\.[a-z]+)?$|^msn\.com$/i,
    },
  ],
  exchangers: [{ mx: /\.olc\.protection\.outlook\.com$/i, imap: 'outlook.office365.com', certainty: 'guess' }],
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: { value: 3, certainty: 'guess', note: 'a safe start' },
    maxCommandBytes: { value: 10_240, certainty: 'documented' },
    idleTimeoutMs: { value: 30 * 60_000, certainty: 'documented' },
  },
  access: [
    {
      kind: 'oauth',
      advice: 'Each person signs in with a browser: passwords are no longer taken, and no administrator stands above them.',
      certainty: 'guess',
    },
  ],
  listing: [{ kind: 'csv', advice: 'The mailboxes belong to persons: ask them for their addresses.', certainty: 'guess' }],
  advice: [
    documented('A message is written anew each time it is read, and its size is an estimate.'),
    reported('Many logins within a short time are answered with "not connected" for a while.'),
  ],
  tell: [guess('Every person must be at hand once to sign in.')],
  quirks: ['plain-list', 'lists-items', 'renders-anew'],
  tested: 'personality',
  testedWhat: 'that of Exchange Online; the sign-in of a person',
}
