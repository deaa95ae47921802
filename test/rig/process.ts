/** Runs the real command line as a child process: the pinned Node on src/main.ts, as the launcher does. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const NODE = join(ROOT, 'node_modules', '.bin', 'node')
const LAUNCHER = readFileSync(join(ROOT, 'cutover'), 'utf8')
/** The flags that the launcher gives to Node, and what it sets for the memory, taken from it. */
const NODE_FLAGS = (/\/node"((?: --\S+)*) "\$root\/src\/main\.ts"/.exec(LAUNCHER)?.[1] ?? '').split(' ').filter((flag) => flag !== '')
const ARENAS = /MALLOC_ARENA_MAX:-(\d+)/.exec(LAUNCHER)?.[1]

export type RunOptions = {
  readonly cwd?: string
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly stdin?: string
  /** SIGKILL as soon as a whole line of either output matches. */
  readonly killAt?: RegExp
  /** SIGINT, as by Ctrl-C, as soon as a whole line of either output matches. */
  readonly interruptAt?: RegExp
  /** The run is killed and fails after this time. Default 60 s. */
  readonly patienceMs?: number
  /** Another script than src/main.ts. */
  readonly script?: string
}

export type Finished = {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Standard output as one JSON value; throws with everything printed when it is not. */
  json(): unknown
}

export type Running = AsyncDisposable & {
  readonly pid: number
  readonly finished: Promise<Finished>
  /** Resolves with the first whole line, already printed or to come, that matches; rejects when the process ends without it. */
  line(pattern: RegExp): Promise<string>
  /** SIGKILL: nothing of the process runs after it. */
  kill(): void
  /** SIGINT, as by Ctrl-C. */
  interrupt(): void
}

/** Runs `cutover ARGS` to its end. */
export async function runCutover(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  await using running = startCutover(args, options)
  return await running.finished
}

/** Starts `cutover ARGS`; disposing kills it. */
export function startCutover(args: readonly string[], options: RunOptions = {}): Running {
  const env: NodeJS.ProcessEnv = { MALLOC_ARENA_MAX: ARENAS, ...process.env, ...options.env }
  // The test runner's own channel must not reach a child, or it reports in the runner's place.
  delete env['NODE_TEST_CONTEXT']
  const script = options.script ?? join(ROOT, 'src', 'main.ts')
  const child = spawn(NODE, [...NODE_FLAGS, script, ...args], { cwd: options.cwd ?? ROOT, env })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.stdin ?? '')

  const lines: string[] = []
  const watchers = new Set<(line: string) => void>()
  const onLine = (line: string) => {
    lines.push(line)
    for (const watcher of watchers) watcher(line)
  }
  const stdout = collect(child.stdout, onLine)
  const stderr = collect(child.stderr, onLine)
  watchers.add((line) => {
    if (options.killAt?.test(line) === true) child.kill('SIGKILL')
    if (options.interruptAt?.test(line) === true) child.kill('SIGINT')
  })
  const finished = finish(child, stdout, stderr, options.patienceMs ?? 60_000, args)
  finished.catch(() => undefined)

  return {
    pid: child.pid ?? 0,
    finished,
    async line(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const watcher = (line: string) => (pattern.test(line) ? resolve(line) : undefined)
      watchers.add(watcher)
      lines.forEach(watcher)
      const gone = () => reject(new Error(`cutover ended without a line like ${pattern}:\n${stdout()}\n${stderr()}`))
      finished.then(gone, reject)
      try {
        return await promise
      } finally {
        watchers.delete(watcher)
      }
    },
    kill: () => child.kill('SIGKILL'),
    interrupt: () => child.kill('SIGINT'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await finished.catch(() => undefined)
    },
  }
}

/** Gathers a stream's text, tells every whole line as it comes, and returns a function that gives all so far. */
function collect(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => string {
  let text = ''
  let lineStart = 0
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text += chunk
    for (let end = text.indexOf('\n', lineStart); end >= 0; end = text.indexOf('\n', lineStart)) {
      onLine(text.slice(lineStart, end))
      lineStart = end + 1
    }
  })
  return () => text
}

async function finish(
  child: ChildProcessWithoutNullStreams,
  stdout: () => string,
  stderr: () => string,
  patienceMs: number,
  args: readonly string[],
): Promise<Finished> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly [number | null, NodeJS.Signals | null]>()
  const printed = () => `\n${stdout()}\n${stderr()}`
  const timer = setTimeout(() => {
    child.kill('SIGKILL')
    reject(new Error(`cutover ${args.join(' ')} did not end in ${patienceMs} ms:${printed()}`))
  }, patienceMs)
  child.once('error', reject)
  child.once('close', (code, signal) => resolve([code, signal]))
  try {
    const [code, signal] = await promise
    return { code, signal, stdout: stdout(), stderr: stderr(), json: () => parse(stdout(), printed()) }
  } finally {
    clearTimeout(timer)
  }
}

function parse(text: string, printed: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`Standard output is not one JSON value:${printed}`, { cause })
  }
}
