/** A server's habit that we work around: its name is what the code asks for. */
export type Quirk =
  | 'plain-list'
  | 'counts-commands'
  | 'peek-marks-seen'
  | 'lists-items'
  | 'message-id-changes'
  | 'renders-anew'
  | 'examine-unstable'
  | 'hashed-login-broken'
  | 'short-commands'

/** Known by its greeting or ID, or by a capability that no other server tells. */
type Entry = { readonly name: Quirk; readonly evidence: string } & ({ readonly server: RegExp } | { readonly capability: string })

const QUIRKS: readonly Entry[] = [
  {
    name: 'plain-list',
    server: /microsoft.*exchange/i,
    evidence: 'Exchange Online answers LIST … RETURN with "BAD Command Argument Error. 12", and closes after ten errors.',
  },
  {
    name: 'lists-items',
    server: /microsoft.*exchange/i,
    evidence:
      'Exchange lists Calendar, Contacts, Tasks, Outbox, Sync Issues and the like as folders, and hands out stand-ins for what is in them.',
  },
  {
    name: 'message-id-changes',
    server: /domino imap4/i,
    evidence:
      'Domino hands out Message-IDs with another domain, or none, from one access to the next (imapsync needs --messageidnodomain).',
  },
  {
    name: 'renders-anew',
    server: /microsoft.*exchange|domino imap4/i,
    evidence:
      'Exchange makes MIME out of stored properties for each reader (boundaries differ), Domino converts rich text while it is read.',
  },
  {
    name: 'peek-marks-seen',
    capability: 'XAPPLEPUSHSERVICE',
    evidence: 'iCloud marks a message as read when it hands it out, PEEK or not (imap-backup resets the flags after each download).',
  },
  {
    name: 'short-commands',
    server: /\bIMAP4rev1 20\d\d[a-z]?\.\d|panda imap/i,
    evidence: 'UW-IMAP and Panda take command lines of 1,000 octets (MailKit cuts there).',
  },
  {
    name: 'short-commands',
    capability: 'XYMHIGHESTMODSEQ',
    evidence: 'Command lines above 1,000 octets are risky at Yahoo (MailKit cuts there).',
  },
  {
    name: 'counts-commands',
    server: /zimbra/i,
    evidence: 'Zimbra hangs up after the same command 25 times in five minutes (imap_throttle_command_limit), in whatever folder.',
  },
  {
    name: 'examine-unstable',
    server: /courier-imap|mailutils|imap4d|^IMAP4rev1$/im,
    evidence:
      'Courier-IMAP 5.0.13 and GNU imap4d 3.15 hand out a new UIDVALIDITY at each EXAMINE until somebody SELECTs. The latter greets with "IMAP4rev1" alone and tells no ID.',
  },
  {
    name: 'hashed-login-broken',
    server: /mailutils|imap4d|^IMAP4rev1$/im,
    evidence: 'GNU imap4d 3.15 offers CRAM-MD5 and SCRAM-SHA-256 also where it only has crypted passwords, and then refuses the right one.',
  },
]

/** The quirks of a server, by its greeting, what it says to ID, and its capabilities. */
export function quirksOf(
  greeting: string,
  serverId: ReadonlyMap<string, string>,
  capabilities: ReadonlySet<string> = new Set(),
): ReadonlySet<Quirk> {
  const names = [greeting, serverId.get('name') ?? ''].join('\n')
  const has = (quirk: Entry): boolean => ('server' in quirk ? quirk.server.test(names) : capabilities.has(quirk.capability))
  return new Set(QUIRKS.filter(has).map((quirk) => quirk.name))
}
