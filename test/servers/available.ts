/** Tells tests which real servers this machine has, and why one is missing. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const SERVER_NAMES = ['dovecot', 'cyrus', 'courier', 'mailutils', 'slapd', 'bind', 'knot', 'pdns', 'unbound', 'postfix'] as const
export type ServerName = (typeof SERVER_NAMES)[number]

/** Where packages that Debian does not install beside Dovecot are unpacked: a folder that servers may read after dropping to their own user. */
export const UNPACKED = '/var/cache/cutover-test-servers'

/** The files without which a server cannot run; all of them must exist. */
export const SERVER_FILES: Readonly<Record<ServerName, readonly string[]>> = {
  dovecot: ['/usr/sbin/dovecot', '/usr/lib/dovecot/imap', '/usr/bin/doveadm', '/usr/bin/openssl'],
  cyrus: [join(UNPACKED, 'cyrus', 'ready')],
  courier: [join(UNPACKED, 'courier', 'ready'), '/usr/sbin/couriertcpd', '/usr/sbin/authdaemond', '/usr/sbin/makeuserdb'],
  mailutils: [join(UNPACKED, 'mailutils', 'ready')],
  slapd: [join(UNPACKED, 'slapd', 'ready')],
  bind: [join(UNPACKED, 'bind', 'ready')],
  knot: [join(UNPACKED, 'knot', 'ready')],
  pdns: [join(UNPACKED, 'pdns', 'ready')],
  unbound: [join(UNPACKED, 'unbound', 'ready')],
  postfix: [join(UNPACKED, 'postfix', 'ready'), '/usr/bin/openssl'],
}

/** The first file that `name` lacks here, or undefined when it can be started. */
export function missingFile(name: ServerName): string | undefined {
  return SERVER_FILES[name].find((file) => !existsSync(file))
}

/** Set by scripts/test.ts for a server that it could not install: why. */
export const REASON_VARIABLES: Readonly<Record<ServerName, string>> = {
  dovecot: 'CUTOVER_NO_DOVECOT',
  cyrus: 'CUTOVER_NO_CYRUS',
  courier: 'CUTOVER_NO_COURIER',
  mailutils: 'CUTOVER_NO_MAILUTILS',
  slapd: 'CUTOVER_NO_SLAPD',
  bind: 'CUTOVER_NO_BIND',
  knot: 'CUTOVER_NO_KNOT',
  pdns: 'CUTOVER_NO_PDNS',
  unbound: 'CUTOVER_NO_UNBOUND',
  postfix: 'CUTOVER_NO_POSTFIX',
}

/**
 * The value for `{ skip }` of a test that needs a real server: false, or the reason why it cannot run.
 * With CI=true a missing server throws instead, so that a test is never lost silently there.
 */
export function needs(name: ServerName): string | false {
  const reason = reasonAgainst(name) ?? false
  if (reason !== false && process.env['CI'] === 'true') throw new Error(`CI=true, but ${reason}`)
  return reason
}

/** Why a server cannot be started here, or undefined when it can. */
export function reasonAgainst(name: ServerName): string | undefined {
  if (missingFile(name) !== undefined)
    return process.env[REASON_VARIABLES[name]] ?? `${name} is not installed; npm test as root installs it`
  if (name === 'postfix' && process.getuid?.() !== 0) return 'postfix can only be started by root'
  if (name === 'courier' && !canMount()) return `${name} can only be started by root, where mount namespaces are allowed`
  return undefined
}

function canMount(): boolean {
  return (
    process.getuid?.() === 0 &&
    spawnSync('/usr/bin/unshare', ['--mount', '--propagation', 'private', '--pid', '--fork', '/bin/true']).status === 0
  )
}
