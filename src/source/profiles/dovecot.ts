import { documented, NO_LIMITS, own, reported, tested } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const dovecot: SourceProfile = {
  name: 'dovecot',
  title: 'Dovecot',
  signs: [{ greeting: /\bDovecot\b/i }, { id: /^Dovecot\b/i }],
  limits: {
    ...NO_LIMITS,
    connectionsPerMailbox: { value: 10, certainty: 'tested', note: 'mail_max_userip_connections, for each person and address' },
    maxCommandBytes: { value: 65_536, certainty: 'documented', note: 'imap_max_line_length' },
    idleTimeoutMs: { value: 30 * 60_000, certainty: 'documented' },
  },
  access: [
    {
      kind: 'template',
      advice: 'A master user, where the server has auth_master_user_separator (often "*").',
      certainty: 'tested',
      template: '{user}*{admin}',
    },
    { kind: 'authzid', advice: 'The same master user by SASL PLAIN, with the mailbox as authorization identity.', certainty: 'tested' },
    own('The password of each person, or one master password for all during the migration (a static passdb).'),
  ],
  listing: [
    {
      kind: 'dovecot',
      advice: 'doveadm user "*" where the user database can be walked through (files, SQL with iterate_query, LDAP).',
      certainty: 'tested',
    },
    { kind: 'csv', advice: 'The SQL table of mailboxes (ISPConfig, iRedMail, Postfixadmin, DirectAdmin) as CSV.', certainty: 'guess' },
  ],
  advice: [
    tested(
      'Where the acl plugin runs, a master user sees no folders at all until "acl_user = %u" (or a global ACL) is set: that is no empty mailbox.',
    ),
    tested('A login may create Sent, Drafts, Trash and Junk for a person who never signed in.'),
    tested('Messages of Maildirs that were once restored carry the day of the restore; the Date header is then the better one.'),
    documented('A message that cannot be read makes the server drop the whole connection; the rest is read around it.'),
    tested('Virtual folders look like ordinary ones and show all mail a second time.'),
  ],
  tell: [
    reported('Put the address of the migration machine on the allow list of fail2ban or cPHulk.'),
    documented('Raise mail_max_userip_connections during the migration.'),
  ],
  quirks: [],
  tested: 'real server',
  testedWhat: 'whole migrations, delta, crashes and verification, both layouts, master user, virtual, public and shared folders',
}
