/** A private Courier-IMAP for tests: its compiled-in places are mounted over for it alone, so the machine's own stay untouched. Root only. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

import { UNPACKED } from './available.ts'
import { type ServerProcess, accepts, greeting, startProcess } from './child.ts'
import { AUTHDAEMON_SETTINGS, COURIER_ENVIRONMENT, courierScript } from './courier-config.ts'
import type { Account } from './dovecot.ts'
import { freePorts, makeCertificate, makeFolder, removeFolder } from './place.ts'

export type CourierOptions = {
  /** Default: alice@example.org and bob@example.org. */
  readonly users?: readonly Account[]
  /** Beyond it, connections from one address are closed without a word. Default 100. */
  readonly maxConnections?: number
  /** Per user; default none. */
  readonly quotaMegabytes?: number
}

export type CourierServer = AsyncDisposable & {
  readonly host: '127.0.0.1'
  /** IMAP in plain text, with STARTTLS. */
  readonly port: number
  readonly tlsPort: number
  readonly caPem: string
  /** Everything of this instance is below it; mail is in `home/LOGIN/Maildir`. */
  readonly folder: string
  readonly users: readonly Account[]
  readonly pid: number
  addUsers(users: readonly Account[]): Promise<void>
  /** Stops and starts it on the same ports with the same mail; also after `kill`. */
  restart(): Promise<void>
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>
  /** What Courier printed, for diagnosis. */
  log(): string
}

const USERS: readonly Account[] = [
  { login: 'alice@example.org', password: 'alice-secret' },
  { login: 'bob@example.org', password: 'bob-secret' },
]
const SPECIAL_FOLDERS = ['Sent', 'Drafts', 'Trash', 'Junk', 'Archive']
/** Its own mounts; and when its first process dies, the kernel ends all others. */
const NAMESPACES = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child']
const execute = promisify(execFile)

/** Starts Courier and returns when it greets. It answers a wrong password only after five seconds. Dispose it: that stops it and removes its folder. */
export async function startCourier(options: CourierOptions = {}): Promise<CourierServer> {
  const folder = await makeFolder('courier')
  const [port = 0, tlsPort = 0] = await freePorts(2)
  const users: Account[] = []
  const userFile = join(folder, 'etc/userdb')
  const loginSocket = join(folder, 'run/courier/authdaemon/socket')
  let running: ServerProcess | undefined

  async function start(): Promise<void> {
    await rm(loginSocket, { force: true })
    const child = startProcess('/usr/bin/unshare', [...NAMESPACES, '/bin/sh', join(folder, 'start')], {
      env: { ...COURIER_ENVIRONMENT, TLS_CERTFILE: join(folder, 'both.pem') },
      deathSignal: 'KILL',
    })
    running = child
    if (await ready(child)) return
    await child.kill()
    throw new Error(`Courier did not start:\n${child.output()}`)
  }

  /** Both ports greet, and the daemon that checks passwords listens. */
  async function ready(child: ServerProcess): Promise<boolean> {
    if ((await greeting(port, child.alive)) === false) return false
    for (let attempt = 0; attempt < 500; attempt++) {
      if (existsSync(loginSocket) && (await accepts(tlsPort))) return true
      await delay(10)
    }
    return false
  }

  async function addUsers(more: readonly Account[]): Promise<void> {
    for (const { login, password } of more) {
      const home = join(folder, 'home', login)
      const maildir = join(home, 'Maildir')
      const hashing = execute('openssl', ['passwd', '-5', '-stdin'])
      hashing.child.stdin?.end(`${password}\n`)
      const hash = (await hashing).stdout.trim()
      await writeFile(userFile, `${login}\tuid=8|gid=8|home=${home}|mail=${maildir}|systempw=${hash}\n`, { flag: 'a', mode: 0o600 })
      await mkdir(home, { recursive: true })
      await execute('maildirmake.courier', [maildir])
      for (const name of SPECIAL_FOLDERS) await execute('maildirmake.courier', ['-f', name, maildir])
      if (options.quotaMegabytes !== undefined) {
        await execute('maildirmake.courier', ['-q', `${options.quotaMegabytes * 1024 * 1024}S`, maildir])
      }
      await execute('chown', ['-R', '8:8', home])
    }
    await execute('/usr/sbin/makeuserdb', ['-f', userFile])
    users.push(...more)
  }

  try {
    const caPem = await makeCertificate(folder)
    await writeFile(join(folder, 'both.pem'), `${await readFile(join(folder, 'key.pem'), 'utf8')}${caPem}`, { mode: 0o600 })
    for (const name of ['etc/shared', 'run/courier/authdaemon', 'home']) await mkdir(join(folder, name), { recursive: true })
    const packages = join(UNPACKED, 'courier')
    const maxConnections = options.maxConnections ?? 100
    await writeFile(join(folder, 'start'), courierScript({ folder, packages, port, tlsPort, maxConnections }))
    await writeFile(join(folder, 'etc/authdaemonrc'), AUTHDAEMON_SETTINGS)
    await addUsers(options.users ?? USERS)
    await start()
    return {
      host: '127.0.0.1',
      port,
      tlsPort,
      caPem,
      folder,
      users,
      get pid() {
        return running?.pid ?? 0
      },
      addUsers,
      async restart() {
        await running?.kill()
        await start()
      },
      async kill() {
        await running?.kill()
      },
      log: () => running?.output() ?? '',
      async [Symbol.asyncDispose]() {
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
