import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export const ROOT = join(import.meta.dirname, '..')
export const NODE = join(ROOT, 'node_modules', '.bin', 'node')

/** What one run of a process cost. */
export type Cost = {
  readonly seconds: number
  /** Processor time, user and system together. */
  readonly cpuSeconds: number
  /** Highest resident memory. */
  readonly peakBytes: number
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export type Command = {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly patienceSeconds: number
}

/** The shell tells the pid, waits, and tells what its child used: exactly what `wait4` says, for any program. */
const SHELL = '"$@" <&- & echo $! >&3; wait $!; code=$?; times >&3; exit $code'
const POLL_MS = 10

/** Runs a command to its end; null when it needed longer than the patience (it is killed then). Throws when `signal` is aborted. */
export async function measured({ command, args, env, patienceSeconds }: Command, signal: AbortSignal): Promise<Cost | null> {
  signal.throwIfAborted()
  const began = performance.now()
  const child = spawn('/bin/sh', ['-c', SHELL, 'sh', command, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const told = { text: '' }
  // stdio[3] is a pipe, as asked for above.
  ;(child.stdio[3] as Readable).setEncoding('utf8').on('data', (chunk: string) => (told.text += chunk))
  const stdout = gather(child.stdout)
  const stderr = gather(child.stderr)
  let peakBytes = 0
  const poll = setInterval(() => (peakBytes = Math.max(peakBytes, highWater(told.text.split('\n', 1)[0] ?? ''))), POLL_MS)
  const state = { late: false }
  const timer = setTimeout(() => {
    state.late = true
    killGroup(child)
  }, patienceSeconds * 1000)
  const stop = (): void => killGroup(child)
  signal.addEventListener('abort', stop, { once: true })
  process.once('exit', stop)
  try {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    child.once('error', reject)
    let seconds = 0
    child.once('exit', () => (seconds = (performance.now() - began) / 1000))
    child.once('close', (code) => resolve(code ?? 1))
    const code = await promise
    signal.throwIfAborted()
    if (state.late) return null
    return { seconds, cpuSeconds: childrenCpu(told.text), peakBytes, code, stdout: stdout.text, stderr: stderr.text }
  } finally {
    clearInterval(poll)
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    process.removeListener('exit', stop)
  }
}

function gather(stream: Readable | null): { text: string } {
  const all = { text: '' }
  stream?.setEncoding('utf8').on('data', (chunk: string) => (all.text += chunk))
  return all
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended by itself in between.
  }
}

/** The high-water mark of a living process (proc(5), VmHWM); 0 when it is gone. */
function highWater(pid: string): number {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
    return Number(match?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** The last line of `times`: user and system time of what the shell waited for. */
function childrenCpu(text: string): number {
  const last = text.trim().split('\n').at(-1) ?? ''
  let seconds = 0
  for (const [, minutes, rest] of last.matchAll(/(\d+)m([\d.]+)s/g)) seconds += Number(minutes) * 60 + Number(rest)
  return seconds
}

/** Processor seconds that a process has used so far. */
export function cpuOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
