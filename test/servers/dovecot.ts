/** A private Dovecot for tests: its own folder, ports and users; as root or as an ordinary user. */
import { spawn } from 'node:child_process'
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { type ServerProcess, greeting, startProcess } from './child.ts'
import {
  type DovecotAcl,
  type DovecotLayout,
  type DovecotMailFormat,
  type DovecotNamespace,
  type DovecotSettings,
  dovecotConfig,
} from './dovecot-config.ts'
import { freePorts, makeCertificate, makeFolder, removeFolder } from './place.ts'

export type Account = { readonly login: string; readonly password: string }

export type DovecotOptions = {
  /** Default: alice@example.org and bob@example.org. */
  readonly users?: readonly Account[]
  /** May log in as any user: SASL PLAIN with authzid, or the login `user*master`. */
  readonly master?: Account
  /** `slash` (default): separator `/`, no prefix. `inbox-dot`: as on cPanel, separator `.` and everything below `INBOX.`. */
  readonly layout?: DovecotLayout
  /** STARTTLS on `port` and a TLS port beside it. Default true. */
  readonly tls?: boolean
  /** Beyond it, logins of a user are refused with [LIMIT] or [UNAVAILABLE], as its patch level has it. Default 100. */
  readonly maxConnectionsPerUser?: number
  readonly mailFormat?: DovecotMailFormat
  /** COMPRESS=DEFLATE. Default true. */
  readonly compress?: boolean
  /** Per user; default none. */
  readonly quotaMegabytes?: number
  /** Access control lists are in force: with true the master user has no right to anything. Default false; `shared` has them `as-owner`. */
  readonly acl?: DovecotAcl
  /** Beside the user's own folders. Default: none. */
  readonly namespaces?: readonly DovecotNamespace[]
}

export type DovecotServer = AsyncDisposable & {
  readonly host: '127.0.0.1'
  /** IMAP in plain text, with STARTTLS unless `tls` is false. */
  readonly port: number
  /** IMAP over TLS; 0 when `tls` is false. */
  readonly tlsPort: number
  /** The certificate, which is its own CA; empty when `tls` is false. */
  readonly caPem: string
  /** File that holds `caPem`. */
  readonly caFile: string
  /** Everything of this instance is below it; mail is in `mail/LOGIN`. */
  readonly folder: string
  readonly users: readonly Account[]
  /** The master process, which leads the session of all the others; another one after `restart`. */
  readonly pid: number
  addUsers(users: readonly Account[]): Promise<void>
  /** Stops and starts it on the same ports with the same mail; also after `kill`. */
  restart(): Promise<void>
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>
  /** What Dovecot logged, for diagnosis. */
  log(): Promise<string>
  /** Runs doveadm on this instance and returns what it printed; throws with its errors when it fails. */
  doveadm(args: readonly string[], input?: string | Buffer): Promise<string>
}

const USERS: readonly Account[] = [
  { login: 'alice@example.org', password: 'alice-secret' },
  { login: 'bob@example.org', password: 'bob-secret' },
]

/** Starts Dovecot and returns when it greets. Dispose it: that stops it and removes its folder. */
export async function startDovecot(options: DovecotOptions = {}): Promise<DovecotServer> {
  const folder = await makeFolder('dovecot')
  const tls = options.tls ?? true
  const users = [...(options.users ?? USERS)]
  const confFile = join(folder, 'dovecot.conf')
  const logFile = join(folder, 'dovecot.log')
  let running: ServerProcess | undefined
  let starts = 0

  async function start(port: number, tlsPort: number | undefined): Promise<boolean> {
    const settings: DovecotSettings = {
      folder,
      runFolder: join(folder, `run-${++starts}`),
      port,
      tlsPort,
      layout: options.layout ?? 'slash',
      mailFormat: options.mailFormat ?? 'mdbox',
      compress: options.compress ?? true,
      maxConnectionsPerUser: options.maxConnectionsPerUser ?? 100,
      quotaMegabytes: options.quotaMegabytes,
      acl: options.acl ?? false,
      namespaces: options.namespaces ?? [],
    }
    await writeFile(confFile, dovecotConfig(settings))
    const child = startProcess('/usr/sbin/dovecot', ['-F', '-c', confFile])
    running = child
    if ((await greeting(port, child.alive)) !== false) return true
    await child.stop()
    return false
  }

  async function problem(): Promise<Error> {
    return new Error(`Dovecot did not start:\n${running?.output() ?? ''}\n${await readFile(logFile, 'utf8')}`)
  }

  try {
    const caPem = tls ? await makeCertificate(folder) : ''
    await mkdir(join(folder, 'mail'))
    await chmod(join(folder, 'mail'), 0o777)
    await mkdir(join(folder, 'virtual/All'), { recursive: true })
    // Every folder but itself and what was thrown away, in which all messages match.
    await writeFile(join(folder, 'virtual/All/dovecot-virtual'), '*\n-Trash\n-Junk\n  all\n')
    // Where lists are in force, what is public belongs to everybody.
    await writeFile(join(folder, 'acl'), 'Public* anyone lrwstipekxa\n')
    await writeFile(logFile, '')
    await chmod(logFile, 0o666)
    await writeFile(join(folder, 'users'), users.map(passwdLine).join(''))
    await writeFile(join(folder, 'master'), options.master === undefined ? '' : passwdLine(options.master))

    let [port = 0, secondPort = 0] = await freePorts(2)
    for (let attempt = 1; !(await start(port, tls ? secondPort : undefined)); attempt++) {
      // Another process may have taken a port since it was found free.
      if (attempt === 3 || !(await readFile(logFile, 'utf8')).includes('Address already in use')) throw await problem()
      ;[port = 0, secondPort = 0] = await freePorts(2)
    }
    const tlsPort = tls ? secondPort : 0

    return {
      host: '127.0.0.1',
      port,
      tlsPort,
      caPem,
      caFile: join(folder, 'cert.pem'),
      folder,
      users,
      get pid() {
        return running?.pid ?? 0
      },
      async addUsers(more) {
        await appendFile(join(folder, 'users'), more.map(passwdLine).join(''))
        users.push(...more)
      },
      async restart() {
        await running?.stop()
        if (!(await start(port, tls ? tlsPort : undefined))) throw await problem()
      },
      async kill() {
        await running?.kill()
      },
      log: () => readFile(logFile, 'utf8'),
      doveadm: (args, input) => runDoveadm(confFile, args, input),
      async [Symbol.asyncDispose]() {
        // Nothing is kept, so nothing need be flushed: asking politely takes Dovecot a second.
        await running?.kill()
        await removeFolder(folder)
      },
    }
  } catch (error) {
    await running?.kill()
    await removeFolder(folder)
    throw error
  }
}

/** One line of Dovecot's passwd-file; the password in base64, as it may hold a colon. */
function passwdLine({ login, password }: Account): string {
  if (/[:\s]/.test(login)) throw new Error(`Dovecot's password file cannot hold the login ${JSON.stringify(login)}`)
  return `${login}:{PLAIN.b64}${Buffer.from(password).toString('base64')}::::::\n`
}

async function runDoveadm(confFile: string, args: readonly string[], input: string | Buffer | undefined): Promise<string> {
  const child = spawn('/usr/bin/doveadm', ['-c', confFile, ...args])
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [printed, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw new Error(`doveadm ${args.join(' ')} ended with ${code}: ${complaint}`)
  return printed
}
