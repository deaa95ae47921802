/** Installs the mail servers that tests run against: Dovecot and Courier's parts by apt, what conflicts with Dovecot unpacked into a cache folder. */
import { execFile } from 'node:child_process'
import { constants, accessSync, existsSync, globSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { SERVER_NAMES, type ServerName, UNPACKED, missingFile } from '../test/servers/available.ts'

const execute = promisify(execFile)
const POLICY = '/usr/sbin/policy-rc.d'
/** What apt installs for a server, without anything recommended. */
const PACKAGES: Readonly<Record<ServerName, readonly string[]>> = {
  dovecot: ['dovecot-imapd', 'openssl'],
  cyrus: [],
  courier: ['courier-base', 'courier-authdaemon', 'courier-authlib-userdb'],
  mailutils: [],
  slapd: [],
  bind: [],
  knot: [],
  pdns: [],
  unbound: [],
  postfix: [],
}
/** What is unpacked beside the system instead, as Debian allows one IMAP server a machine. `msmtp-mta` satisfies the wish for a mail server. */
const BESIDE: Readonly<Record<ServerName, readonly string[]>> = {
  dovecot: [],
  cyrus: ['cyrus-imapd', 'cyrus-common', 'sasl2-bin', 'libsasl2-modules', 'libsasl2-modules-db', 'msmtp-mta'],
  courier: ['courier-imap', 'msmtp-mta'],
  mailutils: ['mailutils-imap4d', 'msmtp-mta'],
  // Its installation would make a directory of this machine's own.
  slapd: ['slapd'],
  // These would start a name server for the whole machine.
  bind: ['bind9'],
  knot: ['knot'],
  pdns: ['pdns-server', 'pdns-backend-sqlite3'],
  unbound: ['unbound'],
  // Its installation would make it the mail server of this machine.
  postfix: ['postfix'],
}
const NOT_UNPACKED = /^(?:msmtp|gnutls|gawk|libgnutls28-dev|exim|courier-(?:base|auth))/

/** Installs what is missing and returns, for each server that still is, the reason. Asks the network for nothing when all is there. */
export async function installServers(): Promise<ReadonlyMap<ServerName, string>> {
  const missing = SERVER_NAMES.filter((name) => missingFile(name) !== undefined)
  if (missing.length === 0) return new Map()
  const obstacle = whyNot()
  if (obstacle !== undefined) return new Map(missing.map((name) => [name, obstacle]))

  const reasons = new Map<ServerName, string>()
  const say = (line: string) => process.stderr.write(`${line}\n`)
  say(`Installing test servers (once): ${missing.join(', ')} …`)
  for (const name of missing) {
    const failed = await installServer(name).catch((error: unknown) => firstWords(error))
    const still = missingFile(name)
    if (still !== undefined) reasons.set(name, failed ?? `${still} is still missing after the installation`)
  }
  return reasons
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return 'only Debian packages are known to this script'
  if (process.getuid?.() !== 0) return 'not root: run npm test once as root, or install it by hand'
  try {
    accessSync('/usr/sbin', constants.W_OK)
  } catch {
    return '/usr/sbin is read-only'
  }
  return undefined
}

async function installServer(name: ServerName): Promise<string | undefined> {
  try {
    await packagesOf(name)
  } catch {
    // The package lists are missing or older than the archive.
    await apt(['update'])
    await packagesOf(name)
  }
  return undefined
}

async function packagesOf(name: ServerName): Promise<void> {
  if (PACKAGES[name].length > 0) await withoutStarting(() => apt(['install', '-y', '--no-install-recommends', ...PACKAGES[name]]))
  if (BESIDE[name].length > 0) await unpackBeside(name)
}

async function apt(args: readonly string[], cwd = '/'): Promise<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=120']
  const { stdout } = await execute('apt-get', [...options, ...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

/** Runs `work` while Debian's policy forbids packages to start their daemons; a policy of this machine stays as it is. */
async function withoutStarting(work: () => Promise<unknown>): Promise<void> {
  const ours = !existsSync(POLICY)
  if (ours) await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' })
  try {
    await work()
  } finally {
    if (ours) await rm(POLICY, { force: true })
  }
}

/** Downloads what apt would install for a server, unpacks it into the cache folder, and marks it ready as the last step. */
async function unpackBeside(name: ServerName): Promise<void> {
  const planned = await apt(['install', '--simulate', '--no-install-recommends', ...BESIDE[name]])
  const wanted = new Set([...BESIDE[name], ...[...planned.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '')])
  const packages = [...wanted].filter((one) => !NOT_UNPACKED.test(one))
  const scratch = await mkdtemp(join(tmpdir(), 'cutover-packages-'))
  try {
    await apt(['-o', 'APT::Sandbox::User=root', 'download', ...packages], scratch)
    await mkdir(UNPACKED, { recursive: true })
    const fresh = await mkdtemp(join(UNPACKED, `.${name}-`))
    await execute('chmod', ['755', fresh])
    for (const file of globSync('*.deb', { cwd: scratch })) await execute('dpkg-deb', ['-x', join(scratch, file), fresh])
    await writeFile(join(fresh, 'ready'), `${packages.join('\n')}\n`)
    await rm(join(UNPACKED, name), { recursive: true, force: true })
    await rename(fresh, join(UNPACKED, name))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The first lines of what apt complained about. */
function firstWords(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  const complaints = text.split('\n').filter((line) => /^E:|error/i.test(line))
  return (complaints.length > 0 ? complaints : [text.trim()]).slice(0, 3).join(' ')
}

if (process.argv[1] === import.meta.filename) {
  const reasons = await installServers()
  for (const [name, reason] of reasons) process.stderr.write(`${name}: ${reason}\n`)
  if (reasons.size > 0) process.exitCode = 1
}
