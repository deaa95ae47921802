import { NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const mirapoint: SourceProfile = {
  name: 'mirapoint',
  title: 'Mirapoint',
  signs: [{ greeting: /\bMirapoint\b/i }],
  limits: NO_LIMITS,
  access: [
    { kind: 'template', advice: 'An administrator in the name of the person.', certainty: 'guess', template: '#{user}#{admin}#' },
    own('The password of each person.', 'guess'),
  ],
  listing: [{ kind: 'csv', advice: 'The administration lists the accounts.', certainty: 'guess' }],
  advice: [reported('The login of an administrator is written between number signs.')],
  tell: [],
  quirks: [],
  tested: 'not',
}
