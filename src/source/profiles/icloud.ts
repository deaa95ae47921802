import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

const HOSTS = /\.(?:me|icloud)\.com$/i

export const icloud: SourceProfile = {
  name: 'icloud',
  title: 'iCloud Mail',
  signs: [{ capabilities: ['XAPPLEPUSHSERVICE'], host: HOSTS }, { host: HOSTS }],
  exchangers: [{ mx: /\.mail\.icloud\.com$/i, imap: 'imap.mail.me.com', certainty: 'guess' }],
  limits: NO_LIMITS,
  access: [own('An app-specific password. The login is often only what stands before the @; an alias cannot sign in.', 'reported')],
  listing: [{ kind: 'csv', advice: 'The mailboxes belong to persons: ask them for their addresses.', certainty: 'guess' }],
  advice: [
    reported('Reading may mark messages as read although it is asked not to; flags are therefore read before contents.'),
    reported('Coloured flags come as keywords and are not carried.'),
  ],
  tell: [guess('There is no access for an administrator: every person makes an app-specific password.')],
  quirks: ['peek-marks-seen'],
  tested: 'personality',
  testedWhat: 'its odd answers',
}
