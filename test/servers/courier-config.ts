export type CourierSettings = {
  readonly folder: string
  /** Where the package that Debian does not install beside Dovecot is unpacked. */
  readonly packages: string
  readonly port: number
  readonly tlsPort: number
  readonly maxConnections: number
}

/** What Courier's own configuration files say, as far as it matters; old style and few extensions, as in the field. */
export const COURIER_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  IMAP_CAPABILITY: 'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE AUTH=PLAIN',
  IMAP_CAPABILITY_TLS: 'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE AUTH=PLAIN',
  IMAP_KEYWORDS: '1',
  IMAP_ACL: '1',
  IMAP_IDLE_TIMEOUT: '60',
  IMAP_MAILBOX_SANITY_CHECK: '1',
  IMAP_USELOCKS: '1',
  IMAP_TRASHFOLDERNAME: 'Trash',
  IMAP_EMPTYTRASH: '',
  IMAP_STARTTLS: 'YES',
  IMAP_TLS_REQUIRED: '0',
  COURIERTLS: '/usr/bin/couriertls',
  TLS_VERIFYPEER: 'NONE',
  MAILDIRPATH: 'Maildir',
}

/** The password daemon reads these from its own file, not from the environment. */
export const AUTHDAEMON_SETTINGS = 'authmodulelist="authuserdb"\ndaemons=3\nDEBUG_LOGIN=0\nDEFAULTOPTIONS=""\nLOGGEROPTS=""\n'

/**
 * The start script, to be run in a mount namespace of its own: the places that Courier has compiled in become folders of this instance,
 * the password daemon runs beside, and the mail server takes the script's place. All stay in one session.
 */
export function courierScript({ folder, packages, port, tlsPort, maxConnections }: CourierSettings): string {
  const limits = `-maxprocs=${maxConnections} -maxperip=${maxConnections} -maxperc=${maxConnections} -nodnslookup -noidentlookup`
  const server = `${packages}/usr/lib/courier/courier/imaplogin ${packages}/usr/bin/imapd Maildir`
  return `set -e
mount --bind '${folder}/etc' /etc/courier
mount --bind '${folder}/run' /run
/usr/lib/courier/courier-authlib/authdaemond &
IMAP_TLS=1 couriertcpd -address=127.0.0.1 ${limits} ${tlsPort} /usr/bin/couriertls -server -tcpd ${server} &
exec couriertcpd -address=127.0.0.1 ${limits} ${port} ${server}
`
}
