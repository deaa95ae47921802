import { guess, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const mdaemon: SourceProfile = {
  name: 'mdaemon',
  title: 'MDaemon',
  signs: [{ greeting: /\bMDaemon\b/i }],
  versionIn: /MDaemon (\d+(?:\.\d+)*)/i,
  limits: NO_LIMITS,
  access: [own('A list of passwords, or temporary ones set in bulk: no access for an administrator is known.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The Account Manager exports the accounts.', certainty: 'guess' }],
  advice: [guess('What others share stands below "Public Folders".')],
  tell: [guess('Plan how passwords are collected or reset.')],
  quirks: [],
  tested: 'not',
}
