import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const plesk: SourceProfile = {
  name: 'plesk',
  title: 'Plesk (Dovecot or Courier; on Windows MailEnable, SmarterMail or hMailServer)',
  signs: [],
  variantOf: 'dovecot',
  limits: NO_LIMITS,
  access: [
    own(
      'The full address and its password. mail_auth_view (as root) shows passwords where they are kept readable; "plesk bin mail -u ADDRESS -passwd" sets temporary ones.',
      'guess',
    ),
  ],
  listing: [{ kind: 'plesk', advice: 'The XML API (mail get_info) names mailboxes and their usage.', certainty: 'documented' }],
  advice: [reported('On Linux folders stand below INBOX with dots between them; on Windows at the top with slashes.')],
  tell: [guess('Root on the server makes the list of mailboxes easy.'), documented('The XML API wants an administrator or a secret key.')],
  quirks: [],
  tested: 'real server',
  testedWhat: 'its Dovecot, with everything below INBOX.; the list from answers as it gives them',
}
