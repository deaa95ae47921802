/** What a system may have to be told before it lists its mailboxes; the command line makes an option of each. */
export const SETTINGS = {
  login: { label: 'who asks: administrator, bind DN or account', value: '<name>' },
  base: { label: 'LDAP: where the search begins, such as dc=example,dc=org', value: '<dn>' },
  filter: { label: 'LDAP: which entries (default: all with an address)', value: '<filter>' },
  'login-attribute': { label: 'LDAP: the attribute that people sign in to IMAP with', value: '<name>' },
} as const

export type SettingKey = keyof typeof SETTINGS
