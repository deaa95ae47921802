/** A private Cyrus for tests, run from packages that are only unpacked; as root or as an ordinary user. */
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { UNPACKED } from './available.ts'
import { type ServerProcess, greeting, startProcess } from './child.ts'
import { CYRUS_FOLDERS, CYRUS_REALM, cyrusNames, type CyrusLayout, type CyrusSettings, imapdConfig, masterConfig } from './cyrus-config.ts'
import { openDialogue } from './dialogue.ts'
import type { Account } from './dovecot.ts'
import { freePorts, makeCertificate, makeFolder, removeFolder } from './place.ts'

export type CyrusOptions = {
  /** Logins without a domain or a dot. Default: alice and bob. */
  readonly users?: readonly Account[]
  /** `slash` (default): separator `/`, no prefix. `inbox-dot`: separator `.` and everything below `INBOX.`; and what is between. */
  readonly layout?: CyrusLayout
  /** Default 100. */
  readonly maxConnectionsPerUser?: number
  /** Per user; default none. */
  readonly quotaMegabytes?: number
}

export type CyrusServer = AsyncDisposable & {
  readonly host: '127.0.0.1'
  /** IMAP in plain text, with STARTTLS. */
  readonly port: number
  readonly tlsPort: number
  readonly caPem: string
  /** Everything of this instance is below it. */
  readonly folder: string
  readonly users: readonly Account[]
  /** May act for any user by SASL PLAIN with authzid, and administer mailboxes. */
  readonly admin: Account
  readonly pid: number
  addUsers(users: readonly Account[]): Promise<void>
  /** Stops and starts it on the same ports with the same mail; also after `kill`. */
  restart(): Promise<void>
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>
}

const ADMIN: Account = { login: 'cyrus', password: 'cyrus-secret' }
const USERS: readonly Account[] = [
  { login: 'alice', password: 'alice-secret' },
  { login: 'bob', password: 'bob-secret' },
]
const SPECIAL_FOLDERS = ['Sent', 'Drafts', 'Trash', 'Junk', 'Archive']
const execute = promisify(execFile)

/** Starts Cyrus and returns when it greets and its users' mailboxes exist. Dispose it: that stops it and removes its folder. */
export async function startCyrus(options: CyrusOptions = {}): Promise<CyrusServer> {
  const folder = await makeFolder('cyrus')
  const root = process.getuid?.() === 0
  const packages = join(UNPACKED, 'cyrus')
  const libraries = globSync(['lib/*-linux-gnu', 'usr/lib/*-linux-gnu'], { cwd: packages }).map((name) => join(packages, name))
  const env = {
    PATH: '/usr/bin:/bin',
    LD_LIBRARY_PATH: libraries.join(':'),
    SASL_PATH: libraries.map((name) => join(name, 'sasl2')).join(':'),
  }
  const layout = options.layout ?? 'slash'
  const [port = 0, tlsPort = 0] = await freePorts(2)
  const settings: CyrusSettings = {
    folder,
    user: root ? 'mail' : userInfo().username,
    layout,
    bin: join(packages, 'usr/lib/cyrus/bin'),
    port,
    tlsPort,
    maxConnectionsPerUser: options.maxConnectionsPerUser ?? 100,
  }
  const users: Account[] = []
  let running: ServerProcess | undefined

  async function start(): Promise<void> {
    const args = ['-C', join(folder, 'imapd.conf'), '-M', join(folder, 'cyrus.conf'), '-p', join(folder, 'run/master.pid'), '-D']
    const child = startProcess(join(settings.bin, 'master'), args, { env })
    running = child
    if ((await greeting(port, child.alive)) === false) throw new Error(`Cyrus did not start:\n${child.output()}`)
  }

  async function setPassword({ login, password }: Account): Promise<void> {
    const args = ['-p', '-c', '-u', CYRUS_REALM, '-f', join(folder, 'conf/sasldb2'), login]
    const asked = execute(join(packages, 'usr/sbin/saslpasswd2'), args, { env })
    asked.child.stdin?.end(password)
    await asked
    if (root) await execute('chown', ['mail:mail', join(folder, 'conf/sasldb2')])
  }

  async function addUsers(more: readonly Account[]): Promise<void> {
    for (const user of more) await setPassword(user)
    await using admin = await openDialogue(port)
    await admin.must(`LOGIN ${ADMIN.login} ${ADMIN.password}`)
    const { separator, prefix } = cyrusNames(layout)
    for (const { login, password } of more) {
      const home = `user${separator}${login}`
      await admin.must(`CREATE ${home}`)
      if (options.quotaMegabytes !== undefined) await admin.must(`SETQUOTA ${home} (STORAGE ${options.quotaMegabytes * 1024})`)
      await using owner = await openDialogue(port)
      await owner.must(`LOGIN ${login} "${password}"`)
      for (const name of SPECIAL_FOLDERS) await owner.must(`CREATE ${prefix}${name} (USE (\\${name}))`)
    }
    users.push(...more)
  }

  try {
    const caPem = await makeCertificate(folder)
    for (const name of [...CYRUS_FOLDERS, 'spool', 'run']) await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, 'imapd.conf'), imapdConfig(settings))
    await writeFile(join(folder, 'cyrus.conf'), masterConfig(settings))
    await setPassword(ADMIN)
    if (root) await execute('chown', ['-R', 'mail:mail', folder])
    await start()
    await addUsers(options.users ?? USERS)
    return {
      host: '127.0.0.1',
      port,
      tlsPort,
      caPem,
      folder,
      users,
      admin: ADMIN,
      get pid() {
        return running?.pid ?? 0
      },
      addUsers,
      async restart() {
        await running?.stop()
        await start()
      },
      async kill() {
        await running?.kill()
      },
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
