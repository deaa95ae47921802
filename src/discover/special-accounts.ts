/** RFC 2142, and what providers and firms add to it: somebody must read it, but it is mostly nobody's own. */
const ROLES = new Set(
  (
    'postmaster hostmaster webmaster abuse noc security mailer-daemon usenet news www uucp ftp info office contact kontakt sales marketing support helpdesk ' +
    'help service admin administrator root noreply no-reply donotreply do-not-reply billing accounting invoices invoice rechnung rechnungen buchhaltung hr ' +
    'personal jobs careers bewerbung privacy datenschutz dmarc dmarc-reports it webmail mail newsletter bounce bounces notifications'
  ).split(' '),
)

/** Accounts that systems make for themselves; their mail is of no use elsewhere. */
const SYSTEM: readonly RegExp[] = [
  // Zimbra: spam.<random>, ham.<random>, virus-quarantine.<random>, galsync.<random>
  /^(?:spam|ham|virus-quarantine|galsync)\.[a-z0-9_-]+$/i,
  /^galsync$/i,
  // Exchange
  /^(?:healthmailbox|extest_|discoverysearchmailbox|systemmailbox|federatedemail\.|migration\.[0-9a-f]{8}-|msexch)/i,
  /^\$?exchange_online-applicationaccount$/i,
  // cPanel, Cyrus, Dovecot, Google
  /^(?:__cpanel__|_archive$|cyrus$|cyrus-admin$|doveadm$|dovecot$|vmail$)/i,
]

export function isRole(address: string): boolean {
  return ROLES.has(localOf(address).replace(/\+.*$/, '').toLowerCase())
}

export function isSystem(address: string): boolean {
  return SYSTEM.some((pattern) => pattern.test(localOf(address)))
}

function localOf(address: string): string {
  return address.split('@')[0] ?? ''
}
