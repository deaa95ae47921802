import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const david: SourceProfile = {
  name: 'david',
  title: 'Tobit David',
  signs: [{ greeting: /\bDavid\b|\bDvISE\b/ }, { id: /\bDavid\b|\bDvISE\b/ }],
  limits: NO_LIMITS,
  access: [own('The password of each person.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The administration lists the users.', certainty: 'guess' }],
  advice: [
    reported('Its dates of receipt are of no use: the Date header is the better one.'),
    reported('How folders are named differs from version to version: look at `cutover folders` first.'),
  ],
  tell: [guess('Start with one mailbox and look at its dates.')],
  quirks: [],
  tested: 'not',
}
