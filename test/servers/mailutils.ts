/** A private GNU Mailutils imap4d for tests, run from packages that are only unpacked: mbox files, few extensions; as root or as an ordinary user. */
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { UNPACKED } from './available.ts'
import { type ServerProcess, greeting, startProcess } from './child.ts'
import type { Account } from './dovecot.ts'
import { freePorts, makeFolder, removeFolder } from './place.ts'

export type MailutilsOptions = {
  /** Logins with a domain. Default: alice@example.org and bob@example.org. */
  readonly users?: readonly Account[]
  /** How many connections it serves at once. Default 100. */
  readonly maxConnections?: number
}

export type MailutilsServer = AsyncDisposable & {
  readonly host: '127.0.0.1'
  /** IMAP in plain text; it has no TLS. */
  readonly port: number
  /** Everything of this instance is below it. */
  readonly folder: string
  readonly users: readonly Account[]
  readonly pid: number
  addUsers(users: readonly Account[]): Promise<void>
  /** Where the mail of a user is: every folder an mbox file of its name, also `INBOX`. */
  home(login: string): string
  /** Stops and starts it on the same port with the same mail; also after `kill`. */
  restart(): Promise<void>
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>
  /** What it printed, for diagnosis. */
  log(): string
}

const USERS: readonly Account[] = [
  { login: 'alice@example.org', password: 'alice-secret' },
  { login: 'bob@example.org', password: 'bob-secret' },
]
const execute = promisify(execFile)

/** Starts imap4d and returns when it greets. Dispose it: that stops it and removes its folder. */
export async function startMailutils(options: MailutilsOptions = {}): Promise<MailutilsServer> {
  const folder = await makeFolder('mailutils')
  const packages = join(UNPACKED, 'mailutils')
  const libraries = globSync(['lib/*-linux-gnu', 'usr/lib/*-linux-gnu'], { cwd: packages }).map((name) => join(packages, name))
  const env = { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: libraries.join(':') }
  const configFile = join(folder, 'imap4d.conf')
  const [port = 0] = await freePorts(1)
  const users: Account[] = []
  const home = (login: string): string => join(folder, 'home', login)
  let running: ServerProcess | undefined

  async function start(): Promise<void> {
    const args = ['--no-site-config', `--config-file=${configFile}`, '--foreground']
    const child = startProcess(join(packages, 'usr/sbin/imap4d'), args, { env })
    running = child
    if ((await greeting(port, child.alive)) !== false) return
    await child.kill()
    throw new Error(`imap4d did not start:\n${child.output()}`)
  }

  async function addUsers(more: readonly Account[]): Promise<void> {
    // As root it gives its rights up for those of the mailbox's owner; an ordinary user can only be that owner.
    const owner = process.getuid?.() === 0 ? '8:8' : `${process.getuid?.()}:${process.getgid?.()}`
    for (const { login, password } of more) {
      const [name = '', domain = ''] = login.split('@')
      const hashing = execute('openssl', ['passwd', '-5', '-stdin'])
      hashing.child.stdin?.end(`${password}\n`)
      const line = `${name}:${(await hashing).stdout.trim()}:${owner}:${name}:${home(login)}:/bin/false\n`
      await writeFile(join(folder, 'passwd', domain), line, { flag: 'a' })
      await mkdir(home(login), { recursive: true })
      await writeFile(join(home(login), 'INBOX'), '')
      await execute('chown', ['-R', owner, home(login)])
    }
    users.push(...more)
  }

  try {
    for (const name of ['home', 'passwd', 'spool']) await mkdir(join(folder, name))
    await chmod(join(folder, 'spool'), 0o777)
    await writeFile(configFile, config(folder, port, options.maxConnections ?? 100))
    await addUsers(options.users ?? USERS)
    await start()
    return {
      host: '127.0.0.1',
      port,
      folder,
      users,
      get pid() {
        return running?.pid ?? 0
      },
      addUsers,
      home,
      async restart() {
        await running?.stop()
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

function config(folder: string, port: number, maxConnections: number): string {
  return `
mode daemon;
foreground yes;
pidfile ${folder}/imap4d.pid;
max-children ${maxConnections};
logging { syslog no; };
virtdomain { passwd-dir ${folder}/passwd; };
auth { authentication generic:virtdomain; authorization virtdomain; };
mailbox { mail-spool ${folder}/spool; };
server 127.0.0.1:${port} { };
`
}
