import { execFileSync } from 'node:child_process'
import { userInfo } from 'node:os'

export type DovecotLayout = 'slash' | 'inbox-dot'
export type DovecotMailFormat = 'mdbox' | 'sdbox' | 'maildir'
/** `virtual`: `Virtual/All` shows everything. `public`: `Public/`, anybody's. `shared`: what a user lets others see is below `Shared/LOGIN/`. */
export type DovecotNamespace = 'virtual' | 'public' | 'shared'
/** Access lists: none, some with a master user who is nobody to them, or some with one who counts as the mailbox's owner. */
export type DovecotAcl = boolean | 'as-owner'

export type DovecotSettings = {
  readonly folder: string
  /** Fresh for every start: what a killed Dovecot leaves there stops the next one. */
  readonly runFolder: string
  readonly port: number
  readonly tlsPort: number | undefined
  readonly layout: DovecotLayout
  readonly mailFormat: DovecotMailFormat
  readonly compress: boolean
  readonly maxConnectionsPerUser: number
  readonly quotaMegabytes: number | undefined
  readonly acl: DovecotAcl
  readonly namespaces: readonly DovecotNamespace[]
}

const SPECIAL_FOLDERS = { Sent: '\\Sent', Drafts: '\\Drafts', Trash: '\\Trash', Junk: '\\Junk', Archive: '\\Archive' }

/**
 * The whole dovecot.conf of a private instance: wrong passwords are refused at once, mail is synced as by default. As root the mail belongs to the system user `mail`, otherwise to whoever
 * runs the test.
 */
export function dovecotConfig(settings: DovecotSettings): string {
  const { folder, runFolder } = settings
  const root = process.getuid?.() === 0
  const user = root ? 'mail' : userInfo().username
  const group = root ? 'mail' : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()
  const separator = settings.layout === 'slash' ? '/' : '.'
  const prefix = settings.layout === 'slash' ? '' : 'INBOX.'
  const quota = settings.quotaMegabytes
  const has = (name: DovecotNamespace): boolean => settings.namespaces.includes(name)
  const acl = settings.acl !== false || has('shared')
  const words = (...plugins: readonly (string | false)[]): string => plugins.filter((plugin) => plugin !== false).join(' ')
  const imapPlugins = words(settings.compress && 'imap_zlib', quota !== undefined && 'imap_quota', acl && 'imap_acl')

  return `
base_dir = ${runFolder}
state_dir = ${folder}/state
instance_name = ${runFolder.replaceAll('/', '_')}
log_path = ${folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
auth_master_user_separator = *
auth_username_chars =
auth_failure_delay = 0
${root ? '' : unprivileged(user, group)}
first_valid_uid = 1
mail_uid = ${user}
mail_gid = ${group}
mail_home = ${folder}/mail/%u
mail_location = ${settings.mailFormat}:~/${settings.mailFormat}
mail_max_userip_connections = ${settings.maxConnectionsPerUser}
mail_plugins = ${words(quota !== undefined && 'quota', has('virtual') && 'virtual', acl && 'acl')}
${settings.tlsPort === undefined ? 'ssl = no' : `ssl = yes\nssl_cert = <${folder}/cert.pem\nssl_key = <${folder}/key.pem`}
service imap-login {
  service_count = 0
  process_min_avail = 1
  ${root ? '' : 'chroot ='}
  inet_listener imap {
    port = ${settings.port}
  }
  inet_listener imaps {
    port = ${settings.tlsPort ?? 0}
    ssl = yes
  }
}
service imap {
  process_limit = 200
}
service anvil {
  ${root ? '' : 'chroot ='}
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service doveadm {
  inet_listener {
    port = 0
  }
}
protocol imap {
  mail_plugins = $mail_plugins ${imapPlugins}
}
passdb {
  driver = passwd-file
  master = yes
  pass = yes
  args = ${folder}/master
}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
  default_fields = uid=${user} gid=${group} home=${folder}/mail/%u
}
namespace inbox {
  inbox = yes
  separator = ${separator}
  prefix = ${prefix}
${Object.entries(SPECIAL_FOLDERS)
  .map(([name, use]) => `  mailbox ${name} {\n    auto = subscribe\n    special_use = ${use}\n  }`)
  .join('\n')}
}
${settings.namespaces.map((name) => namespace(name, settings)).join('')}
plugin {
${quota === undefined ? '' : `  quota = count:User quota\n  quota_rule = *:storage=${quota}M\n  quota_vsizes = yes`}
${acl ? `  acl = vfile:${folder}/acl\n  acl_shared_dict = file:${folder}/mail/shared-mailboxes.db` : ''}
${settings.acl === true ? '' : '  acl_user = %u'}
}
`
}

function namespace(name: DovecotNamespace, { folder, layout, mailFormat }: DovecotSettings): string {
  const separator = layout === 'slash' ? '/' : '.'
  const settings = {
    virtual: `prefix = Virtual${separator}
  location = virtual:${folder}/virtual:INDEX=~/virtual
  list = children
  mailbox All {
    special_use = \\All
  }`,
    public: `type = public
  prefix = Public${separator}
  location = ${mailFormat}:${folder}/mail/public
  list = children`,
    shared: `type = shared
  prefix = Shared${separator}%%u${separator}
  location = ${mailFormat}:${folder}/mail/%%u/${mailFormat}:INDEXPVT=~/shared/%%u
  list = children`,
  }
  return `
namespace ${name} {
  separator = ${separator}
  ${settings[name]}
  subscriptions = no
}
`
}

function unprivileged(user: string, group: string): string {
  return `
default_internal_user = ${user}
default_login_user = ${user}
default_internal_group = ${group}
service stats {
  chroot =
}`
}
