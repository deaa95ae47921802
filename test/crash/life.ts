/** Passes that can die at any step and are resumed, as an operator would: with a fresh ledger handle and new connections. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PASS_OPTIONS, type PassOptions } from '../../src/engine/options.ts'
import { Death, runPass, type PassReport } from '../../src/engine/pass.ts'
import { ByteBudget } from '../../src/lib/byte-budget.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Context } from '../../src/lib/context.ts'
import { silentLog } from '../../src/lib/log.ts'
import { RateLimit } from '../../src/lib/rate-limit.ts'
import { openLedger, type Ledger } from '../../src/ledger/ledger.ts'
import type { Play } from './stage.ts'

export type DeathKind =
  /** The process is gone; what it had written still reaches the server, which carries it out. */
  | 'client'
  /** The line broke with it: the server carries out nothing more. */
  | 'both'

export type Life = Disposable & {
  /** Runs a pass, again and again when it dies on the way. */
  pass(options?: Partial<PassOptions>): Promise<PassReport>
  /** Steps gone through so far, over all passes and resumptions. */
  readonly steps: readonly string[]
  readonly died: boolean
  look<T>(at: (ledger: Ledger, mailboxId: number) => T): T
  /** The ledger is lost, as with a disk. */
  forget(): void
}

const IMPATIENT = { firstWaitMs: 1, maxWaitMs: 8, tries: 8, permissionMs: 50, quietMs: 12 }
const IDENTITY = { source: 'imap old anna', destination: 'new anna', name: 'Anna' }
const WATCH = { phase() {}, expect() {}, done() {}, waiting() {}, note() {} }

/** `diesAt` is the number of the step, from 1 and over the whole life, at which it dies once. */
export function startLife(
  play: Play,
  diesAt: number | null = null,
  kind: DeathKind = 'client',
  atStep: (step: number) => void = () => {},
): Life {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-life-'))
  const steps: string[] = []
  let died = false

  async function attempt(options: Partial<PassOptions>): Promise<PassReport> {
    const end = new AbortController()
    const { source } = play
    const ledger = openLedger(folder)
    const ctx: Context = { clock: systemClock, log: silentLog, signal: end.signal }
    const step = (name: string): void => {
      steps.push(name)
      atStep(steps.length)
      if (steps.length !== diesAt) return
      died = true
      // First nothing can be written any more, neither to the disk nor to the network; only then does the call return.
      ledger.close()
      if (kind === 'both') for (const side of ['source', 'destination'] as const) play.restart(side)
      end.abort(new Death(name))
      throw new Death(name)
    }
    try {
      return await runPass({
        name: 'Anna',
        mailboxId: ledger.mailbox(IDENTITY),
        source: { ...source, connect: (wire) => source.connect(mortal(wire, end.signal)) },
        destination: { ...play.destination, connect: (wire) => play.destination.connect(mortal(wire, end.signal)) },
        ledger,
        options: { ...PASS_OPTIONS, patience: IMPATIENT, ...options },
        budget: new ByteBudget(8_000_000),
        rate: new RateLimit(null, systemClock),
        spoolDir: folder,
        owner: 'test',
        ctx,
        watch: WATCH,
        step,
      })
    } finally {
      if (!end.signal.aborted) ledger.close()
    }
  }

  return {
    steps,
    get died() {
      return died
    },
    async pass(options = {}) {
      const before = died
      try {
        return await attempt(options)
      } catch (error) {
        if (died === before) throw error
        return await attempt(options)
      }
    },
    look(at) {
      using ledger = openLedger(folder)
      return at(ledger, ledger.mailbox(IDENTITY))
    },
    forget() {
      for (const name of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm']) rmSync(join(folder, name), { force: true })
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Connections that end with the process. */
function mortal(wire: Context, end: AbortSignal): Context {
  return { ...wire, signal: AbortSignal.any([wire.signal, end]) }
}
