/** A private Postfix for tests: takes mail for a domain over SMTP with STARTTLS and keeps it; run from packages that are only unpacked. */
import { globSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { UNPACKED } from './available.ts'
import { accepts, startProcess, type ServerProcess } from './child.ts'
import { freePorts, makeCertificate, makeFolder, removeFolder } from './place.ts'

export type Postfix = AsyncDisposable & {
  readonly host: '127.0.0.1'
  readonly port: number
  /** PEM; the certificate is for localhost. */
  readonly ca: string
  /** Where the folders of `maildirs` are. */
  readonly base: string
  /** Messages that it has taken and not delivered yet. */
  queued(): Promise<number>
  output(): Promise<string>
}

export type PostfixOptions = {
  readonly hostname: string
  readonly domain: string
  /** The folder that the mailboxes are in, as another server shows them; its own where nothing is given. */
  readonly base?: string
  /** Address → folder below `base`, ending in a slash. Mail belongs to the system user `mail`. */
  readonly maildirs: Readonly<Record<string, string>>
  /** Recipients that it takes on one connection. */
  readonly recipientLimit?: number
  /** Refusals after which it hangs up. */
  readonly errorLimit?: number
}

/** Every system has this user; the mail of nobody is touched by it. */
const MAIL_ID = 8
const QUEUES = ['active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold', 'incoming', 'private', 'saved', 'trace']

/** Returns when it accepts connections. Dispose it: that stops it and removes its folder. */
export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  const packages = join(UNPACKED, 'postfix')
  const folder = await makeFolder('postfix')
  const base = options.base ?? join(folder, 'mail')
  const libraries = [
    ...globSync('usr/lib/*-linux-gnu', { cwd: packages }).map((one) => join(packages, one)),
    join(packages, 'usr/lib/postfix'),
  ]
  let running: ServerProcess | undefined
  const stop = async (): Promise<void> => {
    await running?.stop()
    await removeFolder(folder)
  }
  try {
    const etc = join(folder, 'etc')
    await mkdir(etc)
    const ca = await makeCertificate(etc)
    await makeQueues(folder)
    const log = (): Promise<string> => readFile(join(folder, 'log'), 'utf8').catch(() => '')
    for (let attempt = 1; ; attempt++) {
      const [port = 0] = await freePorts(1)
      await writeFile(join(etc, 'main.cf'), mainConfig(folder, packages, base, options))
      await writeFile(join(etc, 'master.cf'), masterConfig(port))
      const env = { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: libraries.join(':'), MAIL_CONFIG: etc }
      const child = startProcess(join(packages, 'usr/lib/postfix/sbin/master'), ['-c', etc, '-d'], { env })
      running = child
      const until = performance.now() + 15_000
      while (child.alive() && performance.now() < until)
        if (await accepts(port))
          return { host: '127.0.0.1', port, ca, base, output: log, queued: () => queuedIn(folder), [Symbol.asyncDispose]: stop }
      await child.kill()
      if (attempt === 3) throw new Error(`postfix did not start:\n${child.output()}\n${await log()}`)
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function queuedIn(folder: string): Promise<number> {
  return globSync('spool/{maildrop,incoming,active,deferred}/**/*', { cwd: folder, withFileTypes: true }).filter((one) => one.isFile())
    .length
}

async function makeQueues(folder: string): Promise<void> {
  for (const name of ['data', 'mail']) await mkdir(join(folder, name))
  for (const name of ['data', 'mail']) await chown(join(folder, name), MAIL_ID, MAIL_ID)
  const spool = join(folder, 'spool')
  await mkdir(join(spool, 'pid'), { recursive: true })
  for (const [name, mode] of [
    ...QUEUES.map((queue) => [queue, 0o700] as const),
    ['maildrop', 0o730] as const,
    ['public', 0o710] as const,
  ]) {
    await mkdir(join(spool, name))
    await chown(join(spool, name), MAIL_ID, mode === 0o700 ? 0 : STAFF_ID)
    await chmod(join(spool, name), mode)
  }
}

/** Group `staff`, as Postfix wants one that is not its user's own. */
const STAFF_ID = 50

function mainConfig(folder: string, packages: string, base: string, options: PostfixOptions): string {
  const { hostname, domain, maildirs, recipientLimit = 100, errorLimit = 20 } = options
  const mailboxes = Object.entries(maildirs).map(([address, path]) => `${address}=${path}`)
  return `
compatibility_level = 3.6
queue_directory = ${folder}/spool
command_directory = ${packages}/usr/sbin
daemon_directory = ${packages}/usr/lib/postfix/sbin
shlib_directory = ${packages}/usr/lib/postfix
meta_directory = ${packages}/etc/postfix
data_directory = ${folder}/data
mail_owner = mail
setgid_group = staff
myhostname = ${hostname}
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = ${domain}
virtual_mailbox_maps = inline:{ ${mailboxes.join(', ')} }
virtual_mailbox_base = ${base}
virtual_minimum_uid = 1
virtual_uid_maps = static:${MAIL_ID}
virtual_gid_maps = static:${MAIL_ID}
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${folder}/etc/cert.pem
smtpd_tls_key_file = ${folder}/etc/key.pem
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_unauth_destination
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = ${errorLimit}
smtpd_recipient_limit = ${recipientLimit}
smtpd_peername_lookup = no
maillog_file = ${folder}/log
maillog_file_prefixes = /tmp, /var
import_environment = LD_LIBRARY_PATH MAIL_CONFIG
`
}

function masterConfig(port: number): string {
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'postlog unix-dgram n - n - 1 postlogd',
  ]
  return `${services.join('\n')}\n`
}
