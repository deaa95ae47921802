import { documented, guess, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const stalwart: SourceProfile = {
  name: 'stalwart',
  title: 'Stalwart',
  signs: [{ greeting: /\bStalwart\b/i }, { id: /\bStalwart\b/i }, { capabilities: ['OBJECTID+'] }],
  limits: NO_LIMITS,
  access: [
    {
      kind: 'template',
      advice: 'A master account with the permission to impersonate, all in lower case. An app password cannot do it.',
      certainty: 'documented',
      template: '{user}%{admin}',
    },
    own('The password of each person.'),
  ],
  listing: [{ kind: 'csv', advice: 'The management interface lists the accounts.', certainty: 'guess' }],
  advice: [
    documented('It may cut answers after a number of messages and still say OK (MESSAGELIMIT); what is missing is asked for again.'),
    documented('Its configuration may limit the rate of requests.'),
  ],
  tell: [guess('Lift the rate limit for the migration machine.')],
  quirks: [],
  tested: 'not',
}
