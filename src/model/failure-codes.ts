/** What an error spoils, and what the engine does next. One table; inside the product nobody reads server texts. */
export type Spoils = 'message' | 'folder' | 'mailbox' | 'endpoint' | 'project'
/** retry: back off, bounded, then ask · wait: slow the endpoint down · skip: record with its reason · ask: a person is needed. */
export type Next = 'retry' | 'wait' | 'skip' | 'ask'

type Entry = { readonly spoils: Spoils; readonly next: Next; readonly help: string }

export const FAILURES = {
  // reaching a server
  'host-unknown': { spoils: 'endpoint', next: 'ask', help: 'Check the host name, and that this machine can resolve it.' },
  'connection-refused': {
    spoils: 'endpoint',
    next: 'retry',
    help: 'Check host and port, and that a firewall lets this machine through.',
  },
  'connection-lost': {
    spoils: 'endpoint',
    next: 'retry',
    help: 'The connection broke again and again. Run the same command once more; if that does not help, look at the network and the server.',
  },
  'connection-timeout': {
    spoils: 'endpoint',
    next: 'retry',
    help: 'The server did not answer in time, again and again. Look at the network and the server, then run the same command again.',
  },
  'tls-untrusted': {
    spoils: 'endpoint',
    next: 'ask',
    help: 'Use the host name that stands in the certificate, or have its authority trusted with --ca FILE.',
  },
  'tls-failed': {
    spoils: 'endpoint',
    next: 'ask',
    help: 'Is the port right? It is mostly 993 for imaps:// and 143 for imap://. If so, the server knows no TLS that is still safe.',
  },
  'tls-required': {
    spoils: 'endpoint',
    next: 'ask',
    help: 'Use imaps://, or add ?tls=none to the URL if plain text is really wanted.',
  },
  'tls-old': {
    spoils: 'endpoint',
    next: 'ask',
    help: 'Have the server updated. If that cannot be, add ?tls=old to its address: who sits on the way could then read along.',
  },
  'tls-client-certificate': {
    spoils: 'endpoint',
    next: 'ask',
    help: 'Have this machine let in without one, or put a tunnel that holds the certificate (stunnel) in front of the server.',
  },
  'not-imap': {
    spoils: 'endpoint',
    next: 'ask',
    help: 'Check host and port: IMAP is mostly at port 993 (imaps://) or 143 (imap://). `cutover probe DOMAIN` looks for the server.',
  },
  'not-smtp': {
    spoils: 'endpoint',
    next: 'ask',
    help: 'Check host and port: mail between hosts goes to port 25, mail of a person to 587.',
  },
  'smtp-refused': {
    spoils: 'endpoint',
    next: 'ask',
    help: 'The mail host says above why it does not talk to this machine. Try from another network, or ask who runs it.',
  },
  protocol: {
    spoils: 'endpoint',
    next: 'retry',
    help: 'The server said something that IMAP does not allow. Run the same command again; if it comes back, please report it.',
  },
  'server-unavailable': {
    spoils: 'endpoint',
    next: 'retry',
    help: 'The server gave no service, several times. Run the same command again later. Exchange says this of a full mailbox too: check its quota.',
  },
  throttled: { spoils: 'endpoint', next: 'wait', help: 'The server asked us to slow down. We wait as long as it says.' },
  'allowance-used': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Nothing is lost. Run the same command again after that time and it goes on, or let it wait with --wait. Another amount a day is set with `cutover limit --daily`.',
  },
  'too-many-connections': {
    spoils: 'endpoint',
    next: 'wait',
    help: 'Close other programs that use this mailbox, or run again with --connections 1.',
  },
  // signing in
  'auth-rejected': { spoils: 'mailbox', next: 'ask', help: 'Check the login and password (or app password) of this mailbox.' },
  'access-rejected': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Check --access-login and --access-secret. Some servers say the same where only this mailbox does not exist: check its name too.',
  },
  'login-held': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Put right what was refused at the first mailbox (login, secret, or the name of that mailbox), then run again.',
  },
  'account-locked': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'The account is locked or switched off. Unlock it in the old system, then run again; no further try was made.',
  },
  'imap-disabled': { spoils: 'mailbox', next: 'ask', help: 'IMAP is switched off for this mailbox. Switch it on in the old system.' },
  'app-password-needed': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'This account takes no ordinary password over IMAP. Make an app password for it, or use --access oauth.',
  },
  'mailbox-unknown': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'The administrator was let in, but not into this mailbox. Check its name, and that the right to open it was granted.',
  },
  'grant-pending': {
    spoils: 'mailbox',
    next: 'retry',
    help: 'What was granted does not work yet; that can take up to a day. Try again later: `cutover logins --wait 60` tries until it works.',
  },
  'no-rights': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Signed in, but nothing is to be seen, not even INBOX. It may not be empty: the right to read it is missing (see docs/guide/access.md).',
  },
  'auth-unsupported': { spoils: 'mailbox', next: 'ask', help: 'The server offers no way to sign in that we can use here.' },
  'token-rejected': { spoils: 'project', next: 'ask', help: 'Check tenant, application id and secret or certificate.' },
  'token-expired': {
    spoils: 'endpoint',
    next: 'retry',
    help: 'Access tokens ran out faster than new ones came. Run the same command again.',
  },
  'mailbox-not-connected': {
    spoils: 'mailbox',
    next: 'retry',
    help: 'Signed in, but the mailbox cannot be opened: permission not yet effective, no licence, IMAP switched off, or too many connections.',
  },
  // the tenant
  'permission-missing': {
    spoils: 'project',
    next: 'ask',
    help: 'Grant the application what is named above and let an administrator consent. It can take up to an hour to work.',
  },
  'role-missing': {
    spoils: 'project',
    next: 'ask',
    help: 'Give the application the role Exchange Administrator, then run again; it can take up to an hour to work. `cutover tenant connect` checks it.',
  },
  'object-unknown': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Check the name. What was made a moment ago can take some minutes to be seen everywhere.',
  },
  'object-exists': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Another object has this name or address, perhaps a deleted one. Free it there, or choose another one here.',
  },
  'request-refused': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Microsoft 365 refused this as it was asked for. Correct what it names, then plan again.',
  },
  'not-visible-yet': {
    spoils: 'mailbox',
    next: 'retry',
    help: 'What was done cannot be seen everywhere yet: name servers take minutes, Microsoft 365 sometimes hours. Run the same command again later.',
  },
  'licence-short': { spoils: 'mailbox', next: 'ask', help: 'Buy more licences of this kind, or free some, then run again.' },
  'usage-location-missing': {
    spoils: 'mailbox',
    next: 'retry',
    help: 'A licence needs the country of the user. Set the usage location; it can take some seconds to count.',
  },
  'customization-needed': {
    spoils: 'project',
    next: 'ask',
    help: 'Run Enable-OrganizationCustomization once in Exchange Online PowerShell. It can take up to a day to work.',
  },
  'answer-unreadable': {
    spoils: 'endpoint',
    next: 'retry',
    help: 'Is a proxy in between that answers in its place? Run the same command again; if it comes back, please report it.',
  },
  // DNS
  'record-changed': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Look at the three versions above, and at who changes this zone. Then plan again.',
  },
  'record-opaque': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Change that record at its host by hand, or use the provider "manual".',
  },
  'zone-refused': {
    spoils: 'project',
    next: 'ask',
    help: 'The key or token must be allowed to change these records of this zone. Nothing was changed.',
  },
  'record-refused': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'The host of DNS does not take this record as it was asked for. Correct what it names, or make the record there by hand.',
  },
  'by-hand': {
    spoils: 'project',
    next: 'ask',
    help: 'Make these changes in the panel of the host, then run the same command again: it goes on once they are seen.',
  },
  // folders
  'folder-refused': { spoils: 'folder', next: 'skip', help: 'The server does not let us open this folder.' },
  'folder-vanished': { spoils: 'folder', next: 'skip', help: 'The folder is no longer there. The next pass looks again.' },
  'folder-name-refused': { spoils: 'folder', next: 'ask', help: 'The destination does not accept the name of this folder.' },
  'deletion-guard': {
    spoils: 'folder',
    next: 'ask',
    help: 'Unusually many messages vanished at the source. Look, then run again with --allow-deletions.',
  },
  // messages
  'message-refused': {
    spoils: 'message',
    next: 'skip',
    help: 'The destination does not accept this message. Export it with `cutover errors --eml`.',
  },
  'message-infected': {
    spoils: 'message',
    next: 'skip',
    help: 'The destination found a virus in this message. Look at it with care: `cutover errors --eml` exports it.',
  },
  'message-too-large': {
    spoils: 'message',
    next: 'skip',
    help: 'Larger than the destination accepts. Export it with `cutover errors --eml`.',
  },
  'message-unreadable': { spoils: 'message', next: 'skip', help: 'The source lists this message but does not hand it out.' },
  'message-placeholder': { spoils: 'message', next: 'skip', help: 'The source hands out a stand-in instead of the real message.' },
  'message-vanished': { spoils: 'message', next: 'skip', help: 'Deleted at the source while we worked.' },
  'message-in-doubt': {
    spoils: 'message',
    next: 'ask',
    help: 'It cannot be told whether this message arrived. Look at the destination, then run again.',
  },
  'quota-full': { spoils: 'mailbox', next: 'ask', help: 'The destination mailbox is full. Raise its quota, then run again.' },
  // our own ground
  'mailbox-leased': { spoils: 'mailbox', next: 'ask', help: 'Wait for the process that works on this mailbox, or stop it.' },
  'state-in-use': {
    spoils: 'project',
    next: 'ask',
    help: 'Wait for that process, or stop it: only one at a time works with a state directory.',
  },
  'state-newer': { spoils: 'project', next: 'ask', help: 'Use that version, or a later one. The ledger was left as it is.' },
  'state-damaged': {
    spoils: 'project',
    next: 'ask',
    help: 'The ledger cannot be read. Restore it, or start with a new --state: nothing is doubled.',
  },
  'disk-full': { spoils: 'project', next: 'ask', help: 'Free some disk space, then run the same command again.' },
  'source-root-missing': {
    spoils: 'mailbox',
    next: 'ask',
    help: 'Correct source_root in the list of mailboxes: a folder that this login can see, levels joined by "/".',
  },
  'bad-input': { spoils: 'project', next: 'ask', help: 'Correct the input and run again. Nothing was started.' },
  held: { spoils: 'mailbox', next: 'ask', help: 'Somebody holds it back on purpose. `cutover transfer resume` (or start) lets it go on.' },
  stopped: { spoils: 'project', next: 'ask', help: 'Stopped on request. Run the same command again to go on.' },
} as const satisfies Record<string, Entry>

export type FailureCode = keyof typeof FAILURES
