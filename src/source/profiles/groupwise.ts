import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const groupwise: SourceProfile = {
  name: 'groupwise',
  title: 'GroupWise',
  signs: [{ greeting: /\bGroupWise\b/i }, { capabilities: ['XGWTRUSTEDAPP'] }, { capabilities: ['AUTH=XGWTRUSTEDAPP'] }],
  versionIn: /GroupWise[^\d\n]*(\d+(?:\.\d+)+)/i,
  limits: NO_LIMITS,
  access: [
    { kind: 'groupwise-app', advice: 'A trusted application (System > Trusted Applications) with name and key.', certainty: 'documented' },
    own('The password of each person.'),
  ],
  listing: [
    { kind: 'ldap', advice: 'The directory by LDAP.', certainty: 'guess' },
    { kind: 'csv', advice: 'The REST interface of the administration lists the users.', certainty: 'guess' },
  ],
  advice: [
    reported('Old versions do not show Sent Items as a folder, and break off under load: few connections.'),
    guess('Calendar items come as messages.'),
  ],
  tell: [documented('Make a trusted application for the migration; "D074" means that its name or key is wrong.')],
  quirks: [],
  tested: 'dialogue',
  testedWhat: 'its trusted application',
}
