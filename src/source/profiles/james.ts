import { documented, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const james: SourceProfile = {
  name: 'james',
  title: 'Apache James, Twake',
  signs: [{ greeting: /\bJAMES\b/i }, { id: /\bJAMES\b/i }],
  limits: NO_LIMITS,
  access: [
    { kind: 'authzid', advice: 'An account named in administratorIds of usersrepository.xml.', certainty: 'documented' },
    own('The password of each person.'),
  ],
  listing: [{ kind: 'csv', advice: 'GET /users of the WebAdmin interface.', certainty: 'guess' }],
  advice: [reported('Parts of an answer may come after its end: what is missing is asked for again, singly.')],
  tell: [documented('An administrator must be named in the configuration before the migration.')],
  quirks: [],
  tested: 'not',
}
