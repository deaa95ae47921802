import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const tOnline: SourceProfile = {
  name: 't-online',
  title: 'T-Online',
  signs: [{ host: /(?:^|\.)t-online\.de$/i }],
  limits: NO_LIMITS,
  access: [own('The mail password, which is another one than that of the account.', 'reported')],
  listing: [{ kind: 'csv', advice: 'The mailboxes belong to persons: ask them for their addresses.', certainty: 'guess' }],
  advice: [reported('The host is secureimap.t-online.de.')],
  tell: [guess('Every person sets a mail password in the customer area.')],
  quirks: [],
  tested: 'not',
}
