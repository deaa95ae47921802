import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const fastmail: SourceProfile = {
  name: 'fastmail',
  title: 'Fastmail',
  signs: [{ greeting: /\bCyrus IMAP/, host: /\.fastmail\.com$/i }, { host: /(?:^|\.)fastmail\.com$/i }],
  exchangers: [{ mx: /\.messagingengine\.com$/i, imap: 'imap.fastmail.com', certainty: 'documented' }],
  limits: NO_LIMITS,
  access: [own('An app password of each person. There is no access for an administrator.', 'guess')],
  listing: [{ kind: 'csv', advice: 'Ask the administrator for the list of users.', certainty: 'guess' }],
  advice: [
    reported('It runs a new Cyrus with everything that makes reading quick.'),
    guess('With labels switched on, one message stands in several folders.'),
  ],
  tell: [guess('Every person makes an app password for IMAP.')],
  quirks: [],
  tested: 'not',
}
