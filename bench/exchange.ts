import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { makeScratch } from './ground.ts'
import { NODE, ROOT, measured } from './measured.ts'
import type { BenchOptions } from './options.ts'
import { mustSucceed } from './subject.ts'

export type ExchangeFigures = {
  readonly messages: number
  readonly bytes: number
  readonly seconds: number
  readonly bytesPerSecond: number
  readonly burstBytes: number
  /** Bytes stored, of those that the allowance admits in the time: 1 is as fast as allowed. */
  readonly used: number
  /** Answers "Request is throttled" that it took to learn so. */
  readonly throttled: number
  /** Sign-ins: more than the connections that were wanted means that sessions were lost. */
  readonly logins: number
  readonly cpuSeconds: number
  readonly peakBytes: number
}

const BYTES_PER_SECOND = 1_500_000
const BURST_BYTES = 6_000_000
const MESSAGES = 1200

/** A pass into an Exchange that throttles by a budget, as the real one does: how much of the allowance is used, and at what price. */
export async function measureExchange(
  options: BenchOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<ExchangeFigures | null> {
  await using scratch = await makeScratch()
  await using simulator = startChild()
  const { sourceUrl, destinationUrl, account } = (await simulator.line()) as {
    readonly sourceUrl: string
    readonly destinationUrl: string
    readonly account: { readonly sourceLogin: string; readonly sourcePassword: string; readonly target: string }
  }
  const list = join(scratch.path, 'people.csv')
  await mkdir(scratch.path, { recursive: true })
  await writeFile(list, `source_login,source_password,target\n${[account.sourceLogin, account.sourcePassword, account.target].join(',')}\n`)
  const ends = ['--source', sourceUrl, '--destination', destinationUrl, '--mailboxes', list, '--state', join(scratch.path, 'state')]
  const args = ['copy', ...ends, '--json', '--quiet']
  const cost = mustSucceed(
    'cutover',
    await measured({ command: join(ROOT, 'cutover'), args, patienceSeconds: options.patienceSeconds * 4 }, signal),
  )
  if (cost === null) {
    say('Exchange: took too long')
    return null
  }
  // The start of the process is no time in which anything could have been sent.
  const { seconds } = JSON.parse(cost.stdout) as { readonly seconds: number }
  simulator.ask()
  const { logins, throttled, appends, bytes } = (await simulator.line()) as Readonly<
    Record<'logins' | 'throttled' | 'appends' | 'bytes', number>
  >
  say(`Exchange: ${appends} messages in ${seconds.toFixed(1)} s, ${throttled} times throttled, ${logins} sign-ins`)
  return {
    messages: appends,
    bytes,
    seconds,
    bytesPerSecond: BYTES_PER_SECOND,
    burstBytes: BURST_BYTES,
    used: bytes / (BURST_BYTES + BYTES_PER_SECOND * seconds),
    throttled,
    logins,
    cpuSeconds: cost.cpuSeconds,
    peakBytes: cost.peakBytes,
  }
}

/** The figures as lines of at most 80 columns. */
export function exchangeLines({ messages, bytes, seconds, used, throttled, logins, bytesPerSecond }: ExchangeFigures): readonly string[] {
  return [
    '',
    `Into a simulated Exchange that allows ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`,
    `  ${messages} messages, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s: ${Math.round(used * 100)} % of what was allowed`,
    `  ${throttled} refusals for throttling, ${logins} sign-ins`,
  ]
}

type Child = AsyncDisposable & { line(): Promise<unknown>; ask(): void }

function startChild(): Child {
  const script = join(import.meta.dirname, 'exchange-child.ts')
  const args = ['--disable-warning=ExperimentalWarning', script, String(MESSAGES), String(BYTES_PER_SECOND), String(BURST_BYTES)]
  const child = spawn(NODE, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async line() {
      const next = await lines.next()
      if (next.done === true) throw new Error('The simulator ended.')
      return JSON.parse(next.value) as unknown
    },
    ask: () => void child.stdin.write('\n'),
    [Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
  }
}
