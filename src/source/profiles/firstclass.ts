import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const firstclass: SourceProfile = {
  name: 'firstclass',
  title: 'FirstClass',
  signs: [{ greeting: /\bFirstClass\b/i }],
  limits: NO_LIMITS,
  access: [own('The password of each person.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The administration lists the users.', certainty: 'guess' }],
  advice: [
    reported('It does not show every message over IMAP: compare the numbers with its own client.'),
    reported('It says of folders that they have none below although they do: all are listed.'),
    reported('A slash inside a folder name comes in an encoded form.'),
  ],
  tell: [guess('Agree beforehand on what counts as complete.')],
  quirks: [],
  tested: 'not',
}
