import { documented, guess, NO_LIMITS, own } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const mailcow: SourceProfile = {
  name: 'mailcow',
  title: 'mailcow (Dovecot)',
  signs: [],
  variantOf: 'dovecot',
  limits: NO_LIMITS,
  access: [
    {
      kind: 'template',
      advice: 'DOVECOT_MASTER_USER and DOVECOT_MASTER_PASS in mailcow.conf; mailcow adds "@mailcow.local" to the name itself.',
      certainty: 'documented',
      template: '{user}*{admin}@mailcow.local',
    },
    own('The full address and its password.'),
  ],
  listing: [{ kind: 'mailcow', advice: 'GET /api/v1/get/mailbox/all with an API key.', certainty: 'guess' }],
  advice: [documented('Folders stand at the top with slashes; what others share is below "Shared/".')],
  tell: [guess('An API key with read access is enough for the list.')],
  quirks: [],
  tested: 'real server',
  testedWhat: 'its Dovecot, with a master user; the list from answers as it gives them',
}
