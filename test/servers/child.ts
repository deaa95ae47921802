/** Server processes of tests: each leads a process group of its own and dies with the test, however the test ends. */
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
  /** Asks the process to end and waits; after `patienceMs` its whole group is killed. */
  stop(patienceMs?: number): Promise<void>
  /** SIGKILL to the whole group, as at a power cut; resolves when the process is gone. */
  kill(): Promise<void>
}

/** Starts `command` in the foreground. On Linux the kernel ends it should the test itself be killed. */
export function startProcess(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): ServerProcess {
  const guard = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'TERM', command] : [command]
  const [program = command, ...before] = guard
  const child: ChildProcess = spawn(program, [...before, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: env ?? process.env,
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
  const killGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The group is gone already.
    }
  }
  process.once('exit', killGroup)

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
      killGroup()
      await ended
      while (child.pid !== undefined && groupMembers(child.pid).length > 0) await delay(2)
      process.removeListener('exit', killGroup)
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

/** The processes of a group that are alive, for tests that nothing stays behind; Linux only. */
export function groupMembers(group: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const [state, , itsGroup] = statOf(name)
      return itsGroup === String(group) && state !== 'Z'
    })
    .map(Number)
}

/** State, parent, group and so on of proc(5) `stat`, after the name, which may hold blanks. */
function statOf(pid: string): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
