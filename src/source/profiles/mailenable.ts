import { NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const mailenable: SourceProfile = {
  name: 'mailenable',
  title: 'MailEnable',
  signs: [{ greeting: /\bMailEnable\b/i }],
  limits: NO_LIMITS,
  access: [own('A list of passwords, or temporary ones: no access for an administrator is known.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The administration exports the mailboxes.', certainty: 'guess' }],
  advice: [reported('Before version 10.31 messages may change their UIDs: update it before the migration.')],
  tell: [reported('Update to 10.31 or later first.')],
  quirks: [],
  tested: 'not',
}
