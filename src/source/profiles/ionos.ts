import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const ionos: SourceProfile = {
  name: 'ionos',
  title: 'IONOS (1&1)',
  signs: [
    { greeting: /\bNemesis\b/i, host: /(?:^|\.)(?:ionos|1and1|1und1)\.[a-z.]+$/i },
    { host: /(?:^|\.)(?:ionos|1and1|1und1|kundenserver)\.[a-z.]+$/i },
    { greeting: /\bNemesis\b/i },
  ],
  exchangers: [{ mx: /\.(?:kundenserver\.de|ionos\.(?:de|com|fr|co\.uk))$/i, imap: 'imap.ionos.de', certainty: 'documented' }],
  limits: { ...NO_LIMITS, idleTimeoutMs: { value: 15 * 60_000, certainty: 'reported', note: 'before that' } },
  access: [own('The full address and its password.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The customer area lists the mailboxes.', certainty: 'guess' }],
  advice: [
    reported('It refuses what it does not know: nothing is asked that it does not announce.'),
    reported('Without CONDSTORE, what changed is found by reading all flags again.'),
    reported('Folders have German names: Gesendete Objekte, Entwürfe, Papierkorb.'),
  ],
  tell: [guess('There is no access for an administrator over IMAP: collect or reset the passwords.')],
  quirks: [],
  tested: 'not',
}
