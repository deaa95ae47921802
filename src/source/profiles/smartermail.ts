import { documented, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const smartermail: SourceProfile = {
  name: 'smartermail',
  title: 'SmarterMail',
  signs: [{ greeting: /\bSmarterMail\b/i }],
  versionIn: /SmarterMail (?:Enterprise )?(\d+(?:\.\d+)*)/i,
  limits: NO_LIMITS,
  access: [own('A list of passwords, or temporary ones: to act for another person works in its web mail only.')],
  listing: [{ kind: 'csv', advice: 'The administration, or its REST interface, lists the users.', certainty: 'guess' }],
  advice: [
    reported('Searches cannot be trusted: messages are found by listing.'),
    reported('Version 13 gave 0 as UIDVALIDITY of folders.'),
  ],
  tell: [documented('Plan how passwords are collected or reset: an administrator cannot open mailboxes by IMAP.')],
  quirks: [],
  tested: 'not',
}
