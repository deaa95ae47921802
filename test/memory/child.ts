/** Runs one operation in a process of its own and prints what it took: the peak of its memory is nobody else's. */
import { readFileSync } from 'node:fs'
import { COPY_DEFAULTS, VERIFY_DEFAULTS } from '../../src/api/defaults.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import type { CopyInput, VerifyInput } from '../../src/api/operations.ts'
import { realWorld } from '../../src/app.ts'

type Task = {
  readonly what: 'copy' | 'verify'
  readonly source: string
  readonly destination: string
  readonly mailboxesFile: string
  readonly stateDir: string
}

const task = JSON.parse(process.argv[2] ?? '{}') as Task
const operations = operationsIn(realWorld())
const common = {
  source: task.source,
  destination: task.destination,
  mailboxesFile: task.mailboxesFile,
  stateDir: task.stateDir,
  caFile: null,
  only: [],
  identity: null,
  cloud: 'global' as const,
  env: {},
  signal: new AbortController().signal,
  onMailboxes: () => {},
  onProgress: () => {},
}
const copying: CopyInput = {
  ...common,
  ...COPY_DEFAULTS,
}
const verifying: VerifyInput = { ...common, ...VERIFY_DEFAULTS, level: 'fingerprints' }
const began = performance.now()
const { found, copied, unexplained } = task.what === 'copy' ? await operations.copy(copying) : await operations.verify(verifying)
const seconds = (performance.now() - began) / 1000
/** VmHWM: the maxrss of getrusage would also count what the parent had when it forked us. */
const peakKb = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
console.log(JSON.stringify({ found, copied, unexplained, seconds, peakBytes: peakKb * 1024 }))
