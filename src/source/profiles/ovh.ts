import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const ovh: SourceProfile = {
  name: 'ovh',
  title: 'OVH (MX Plan, Email Pro, hosted Exchange)',
  signs: [{ greeting: /Dovecot|Microsoft Exchange/i, host: /(?:^|\.)ovh\.net$/i }, { host: /(?:^|\.)ovh\.net$/i }],
  exchangers: [{ mx: /\.ovh\.net$/i, imap: 'ssl0.ovh.net', certainty: 'guess' }],
  limits: NO_LIMITS,
  access: [own('The full address and its password.', 'guess')],
  listing: [{ kind: 'csv', advice: 'The customer area lists the mailboxes.', certainty: 'guess' }],
  advice: [
    reported('On hosted Exchange the announced size of a message may be three times the real one: sizes are not a proof of anything here.'),
    guess('MX Plan is a Dovecot with folders below INBOX; Email Pro is pro1.mail.ovh.net, hosted Exchange ex*.mail.ovh.net.'),
  ],
  tell: [guess('There is no access for an administrator over IMAP: collect or reset the passwords.')],
  quirks: [],
  tested: 'not',
}
