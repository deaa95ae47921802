import { documented, guess, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

/** What is done with a server that nobody knows. */
export const generic: SourceProfile = {
  name: 'generic',
  title: 'Other IMAP servers',
  signs: [],
  limits: { ...NO_LIMITS, maxCommandBytes: { value: 1_000, certainty: 'documented', note: 'what RFC 2683 asks of clients' } },
  access: [
    own('A list with the password of each mailbox, or with temporary ones.'),
    {
      kind: 'authzid',
      advice: 'Where the server offers AUTH=PLAIN, ask its administrator for an account that may act for all (authorization identity).',
      certainty: 'guess',
    },
  ],
  listing: [{ kind: 'csv', advice: 'Ask the administrator for a list of mailboxes as text or CSV.', certainty: 'guess' }],
  advice: [
    documented('Only what the server says it can do is asked of it.'),
    guess('Start with one mailbox and one connection, verify it, then go on with the rest.'),
  ],
  tell: [guess('Ask who runs the server, for its limits and for a list of mailboxes.')],
  quirks: [],
  tested: 'dialogue',
  testedWhat: 'strange and lying servers',
}
