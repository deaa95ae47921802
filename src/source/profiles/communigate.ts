import { guess, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const communigate: SourceProfile = {
  name: 'communigate',
  title: 'CommuniGate Pro',
  signs: [{ greeting: /\bCommuniGate\b/i }],
  versionIn: /CommuniGate Pro (?:IMAP Server )?(\d+(?:\.\d+)*)/i,
  limits: NO_LIMITS,
  access: [own('A list of passwords, or temporary ones.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The administration lists the accounts.', certainty: 'guess' }],
  advice: [guess('It is known by its name only: start with one mailbox and verify it.')],
  tell: [guess('Ask the administrator for its limits.')],
  quirks: [],
  tested: 'not',
}
