import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const qq: SourceProfile = {
  name: 'qq',
  title: 'QQ Mail and Tencent Exmail',
  signs: [{ greeting: /\bQQMail\b/i }, { host: /\.(?:exmail\.)?qq\.com$/i }],
  limits: NO_LIMITS,
  access: [own('The password of each person.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The administration lists the users.', certainty: 'guess' }],
  advice: [
    reported('Searches cannot be used: messages are found by listing.'),
    reported('A message may come as nothing although it has a size: it is listed as unreadable, not copied as empty.'),
  ],
  tell: [guess('Every person switches IMAP on.')],
  quirks: [],
  tested: 'not',
}
