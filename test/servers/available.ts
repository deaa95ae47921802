/** Tells tests which real mail servers this machine has, and why one is missing. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export type ServerName = 'dovecot' | 'cyrus' | 'courier'

const ROOT = join(import.meta.dirname, '..', '..')
/** Where packages that Debian does not install beside Dovecot are unpacked. */
export const UNPACKED = join(ROOT, 'node_modules', '.cache', 'servers')

/** The files without which a server cannot run; all of them must exist. */
export const SERVER_FILES: Readonly<Record<ServerName, readonly string[]>> = {
  dovecot: ['/usr/sbin/dovecot', '/usr/lib/dovecot/imap', '/usr/bin/doveadm', '/usr/bin/openssl'],
  cyrus: [join(UNPACKED, 'cyrus', 'ready')],
  courier: [join(UNPACKED, 'courier', 'ready'), '/usr/sbin/couriertcpd', '/usr/sbin/authdaemond', '/usr/sbin/makeuserdb'],
}

/** The first file that `name` lacks here, or undefined when it can be started. */
export function missingFile(name: ServerName): string | undefined {
  return SERVER_FILES[name].find((file) => !existsSync(file))
}

/**
 * The value for `{ skip }` of a test that needs a real server: false, or the reason why it cannot run.
 * With CI=true a missing server throws instead, so that a test is never lost silently there.
 */
export function needs(name: ServerName): string | false {
  const missing = missingFile(name)
  const reason = missing === undefined ? unable(name) : `${name} is not installed (${missing}); npm test as root installs it`
  if (reason !== false && process.env['CI'] === 'true') throw new Error(`CI=true, but ${reason}`)
  return reason
}

function unable(name: ServerName): string | false {
  if (name !== 'dovecot' && process.getuid?.() !== 0) return `${name} can only be started by root`
  return false
}
