import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const protonBridge: SourceProfile = {
  name: 'proton-bridge',
  title: 'Proton Mail Bridge',
  signs: [{ greeting: /\bgluon\b|proton/i }, { id: /\bgluon\b|proton/i }, { capabilities: ['XSTOP'] }],
  limits: NO_LIMITS,
  access: [own('The Bridge on the machine of each person, with the password that it shows (not that of the account).')],
  listing: [{ kind: 'csv', advice: 'The administration of the organisation lists the users.', certainty: 'guess' }],
  advice: [
    documented('Its certificate is self-signed: export it and give it with --ca.'),
    documented('User folders stand below "Folders/", labels below "Labels/"; All Mail, Starred and labels show messages again.'),
    documented('It adds a header X-Pm-Gluon-Id to every message.'),
  ],
  tell: [
    reported('Wait until the Bridge has synchronised everything: before that the numbers are too small.'),
    guess('Mail is encrypted for each person: no administrator can read it without them.'),
  ],
  quirks: [],
  tested: 'not',
}
