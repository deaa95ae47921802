/** The separator, and with `inbox` everything below `INBOX`. */
export type CyrusLayout = 'slash' | 'dot' | 'inbox-slash' | 'inbox-dot'

export function cyrusNames(layout: CyrusLayout): { readonly separator: string; readonly prefix: string } {
  const separator = layout.endsWith('slash') ? '/' : '.'
  return { separator, prefix: layout.startsWith('inbox') ? `INBOX${separator}` : '' }
}

export type CyrusSettings = {
  readonly folder: string
  /** The system user that Cyrus runs as and that owns the mail. */
  readonly user: string
  readonly layout: CyrusLayout
  /** Where the binaries are. */
  readonly bin: string
  readonly port: number
  readonly tlsPort: number
  readonly maxConnectionsPerUser: number
}

/** SASL realm of all accounts: Cyrus takes its own server name. */
export const CYRUS_REALM = 'cyrus-test'

/** Folders that Cyrus expects below its configuration directory. */
export const CYRUS_FOLDERS = ['db', 'socket', 'log', 'msg', 'proc', 'ptclient', 'sieve', 'user', 'quota', 'lock'].map(
  (name) => `conf/${name}`,
)

export function imapdConfig({ folder, user, layout, maxConnectionsPerUser }: CyrusSettings): string {
  const { separator, prefix } = cyrusNames(layout)
  return `
configdirectory: ${folder}/conf
partition-default: ${folder}/spool
defaultpartition: default
servername: ${CYRUS_REALM}
cyrus_user: ${user}
admins: cyrus
proxyservers: cyrus
altnamespace: ${prefix === '' ? 'yes' : 'no'}
unixhierarchysep: ${separator === '/' ? 'yes' : 'no'}
virtdomains: off
allowplaintext: yes
failedloginpause: 0
maxlogins_per_user: ${maxConnectionsPerUser}
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: ${folder}/conf/sasldb2
sasl_mech_list: PLAIN LOGIN SCRAM-SHA-256
specialusealways: yes
delete_mode: immediate
expunge_mode: immediate
sievedir: ${folder}/conf/sieve
idlesocket: ${folder}/run/idle
lmtpsocket: ${folder}/run/lmtp
notifysocket: ${folder}/run/notify
mboxname_lockpath: ${folder}/conf/lock
proc_path: ${folder}/conf/proc
tls_server_cert: ${folder}/cert.pem
tls_server_key: ${folder}/key.pem
`
}

export function masterConfig({ folder, bin, port, tlsPort }: CyrusSettings): string {
  const imapd = `${bin}/imapd -C ${folder}/imapd.conf -U 30`
  return `
START {
  recover cmd="${bin}/ctl_cyrusdb -C ${folder}/imapd.conf -r"
}
SERVICES {
  imap cmd="${imapd}" listen="127.0.0.1:${port}" prefork=0 maxchild=100
  imaps cmd="${imapd} -s" listen="127.0.0.1:${tlsPort}" prefork=0 maxchild=100
}
EVENTS {
}
`
}
