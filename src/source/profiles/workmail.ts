import { documented, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const workmail: SourceProfile = {
  name: 'workmail',
  title: 'Amazon WorkMail',
  signs: [{ host: /\.awsapps\.com$/i }],
  exchangers: [{ mx: /^inbound-smtp\.([a-z0-9-]+)\.amazonaws\.com$/i, imap: 'imap.mail.$1.awsapps.com', certainty: 'documented' }],
  limits: NO_LIMITS,
  access: [own('The password of each person: impersonation roles do not reach IMAP.')],
  listing: [{ kind: 'csv', advice: 'aws workmail list-users --organization-id ...', certainty: 'documented' }],
  advice: [documented('The service ends on 31 March 2027.')],
  tell: [documented('An administrator can reset passwords, not read mailboxes over IMAP.')],
  quirks: [],
  tested: 'not',
}
