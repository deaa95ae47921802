import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const cpanel: SourceProfile = {
  name: 'cpanel',
  title: 'cPanel (Dovecot)',
  signs: [],
  variantOf: 'dovecot',
  limits: NO_LIMITS,
  access: [
    own(
      'The full address and its password. Without passwords: a temporary one for each mailbox through UAPI Email::passwd_pop, and the old hash put back afterwards.',
      'guess',
    ),
    {
      kind: 'template',
      advice: 'No master user is offered; root can add a Dovecot master passdb by a local template.',
      certainty: 'guess',
      template: '{user}*{admin}',
    },
  ],
  listing: [
    {
      kind: 'cpanel',
      advice: 'UAPI Email::list_pops_with_disk names the mailboxes of an account with their sizes; WHM can ask for every account.',
      certainty: 'documented',
    },
  ],
  advice: [
    reported('Folders stand below INBOX, with dots between them.'),
    guess('The account of the system itself has a mailbox of its own (login: the account name), often with mail of cron and forwarders.'),
  ],
  tell: [
    documented('An API token of the account is enough for the list.'),
    reported('cPHulk blocks an address after failed logins: put the migration machine on its allow list.'),
  ],
  quirks: [],
  tested: 'real server',
  testedWhat: 'its Dovecot, with everything below INBOX.; the list from answers as it gives them',
}
