import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const strato: SourceProfile = {
  name: 'strato',
  title: 'Strato',
  signs: [{ greeting: /\bRZimapd\b/i }, { id: /\brzimapd\b/i }, { host: /(?:^|\.)strato\.(?:de|com)$/i }],
  exchangers: [{ mx: /\.(?:strato\.de|rzone\.de)$/i, imap: 'imap.strato.de', certainty: 'guess' }],
  limits: NO_LIMITS,
  access: [own('The full address and its password.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The customer area lists the mailboxes.', certainty: 'guess' }],
  advice: [
    reported('Asked for folders with extras it leaves INBOX out; it is added.'),
    reported('Its IMAP4rev2 mode answers searches with nothing: it is never switched on.'),
  ],
  tell: [guess('There is no access for an administrator over IMAP: collect or reset the passwords.')],
  quirks: [],
  tested: 'dialogue',
  testedWhat: 'its list of folders',
}
