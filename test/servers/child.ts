/** Server processes of tests: each leads a session of its own, and ends with the test, however the test ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const SETPRIV = '/usr/bin/setpriv'

export type ServerProcess = {
  readonly pid: number
  /** True until the process has ended. */
  readonly alive: () => boolean
  /** What the process printed so far. */
  output(): string
  /** Asks the process to end and waits; after `patienceMs` its whole session is killed. */
  stop(patienceMs?: number): Promise<void>
  /** SIGKILL to the whole session, as at a power cut; resolves when every process is gone. */
  kill(): Promise<void>
}

export type StartOptions = {
  readonly env?: NodeJS.ProcessEnv
  /** What the kernel sends to the process should the test itself be killed (Linux). Default TERM. */
  readonly deathSignal?: 'TERM' | 'KILL'
}

/** Starts `command` in the foreground; it must not daemonise. */
export function startProcess(command: string, args: readonly string[], options: StartOptions = {}): ServerProcess {
  const guard = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', options.deathSignal ?? 'TERM', command] : [command]
  const [program = command, ...before] = guard
  const child: ChildProcess = spawn(program, [...before, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env ?? process.env,
  })
  const printed: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => printed.push(chunk))
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  child.once('error', (error) => {
    printed.push(Buffer.from(error.message))
    resolve()
  })
  child.once('exit', () => resolve())
  const alive = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const killAll = () => {
    if (child.pid === undefined) return
    for (const pid of [child.pid, ...sessionMembers(child.pid)]) {
      try {
        if (pid !== child.pid || alive()) process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself in between.
      }
    }
  }
  process.once('exit', killAll)

  return {
    pid: child.pid ?? 0,
    alive,
    output: () => Buffer.concat(printed).toString(),
    async stop(patienceMs = 5000) {
      if (alive()) child.kill('SIGTERM')
      const late = new AbortController()
      await Promise.race([ended, delay(patienceMs, undefined, { signal: late.signal }).catch(() => undefined)])
      late.abort()
      await this.kill()
    },
    async kill() {
      killAll()
      await ended
      while (child.pid !== undefined && sessionMembers(child.pid).length > 0) {
        killAll()
        await delay(2)
      }
      process.removeListener('exit', killAll)
    },
  }
}

/** Resolves with the first line that a server on 127.0.0.1 sends; tries again until then. False when `alive` turns false or the time is over. */
export async function greeting(port: number, alive: () => boolean, patienceMs = 15_000): Promise<string | false> {
  const until = performance.now() + patienceMs
  while (alive() && performance.now() < until) {
    const line = await firstLine(port)
    if (line !== undefined) return line
    await delay(15)
  }
  return false
}

function firstLine(port: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  let text = ''
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(5000, () => socket.destroy())
  socket.on('error', () => resolve(undefined))
  socket.on('close', () => resolve(undefined))
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    if (!text.includes('\r\n')) return
    resolve(text.slice(0, text.indexOf('\r\n')))
    socket.destroy()
  })
  return promise
}

/** The living processes of a session: a server's helpers may leave its process group, but not its session. */
export function sessionMembers(leader: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const [state, , , session] = statOf(name)
      return session === String(leader) && state !== 'Z'
    })
    .map(Number)
}

/** State, parent, group, session and so on of proc(5) `stat`, after the name, which may hold blanks. */
function statOf(pid: string): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** Whether something on 127.0.0.1 accepts connections at `port`. */
export function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => resolve(false))
  socket.on('connect', () => {
    resolve(true)
    socket.destroy()
  })
  return promise
}
