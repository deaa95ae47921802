import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const icewarp: SourceProfile = {
  name: 'icewarp',
  title: 'IceWarp',
  signs: [{ greeting: /\bIceWarp\b/i }],
  versionIn: /IceWarp (\d+(?:\.\d+)*)/i,
  limits: NO_LIMITS,
  access: [own('A list of passwords; its export of accounts may tell them: no access for an administrator is known.', 'guess')],
  listing: [{ kind: 'csv', advice: 'tool.sh export account names the accounts.', certainty: 'guess' }],
  advice: [
    reported('Damaged messages carry the date 30-Dec-1899 and size 0 and cannot be read: they are listed.'),
    reported('Searches by date find nothing.'),
  ],
  tell: [guess('Plan how passwords are collected or reset.')],
  quirks: [],
  tested: 'not',
}
