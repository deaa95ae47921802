import { guess, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const axigen: SourceProfile = {
  name: 'axigen',
  title: 'Axigen',
  signs: [{ greeting: /\bAxigen\b/i }],
  limits: NO_LIMITS,
  access: [own('A list of passwords, or temporary ones: no access for an administrator is known.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The administration exports the accounts.', certainty: 'guess' }],
  advice: [guess('Nothing unusual is known of it.')],
  tell: [guess('Plan how passwords are collected or reset.')],
  quirks: [],
  tested: 'not',
}
