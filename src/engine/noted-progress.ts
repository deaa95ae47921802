import type { Clock } from '../lib/clock.ts'
import type { PassPhase, PassWatch } from './pass-env.ts'

/** How often others may read how far a pass is; a note is one small row. */
const EVERY_MS = 3000

/** How far a pass is, as it stands in the ledger while it runs. */
export type PassProgress = {
  readonly phase: PassPhase
  /** Messages and bytes to be copied, as far as was known. */
  readonly expected: number
  readonly expectedBytes: number
  readonly done: number
  readonly doneBytes: number
  /** When copying began, and when the last of them was copied: what a rate is of. */
  readonly since: number | null
  readonly lastAt: number | null
  /** Until when the server makes us wait; null: it does not. */
  readonly waitingUntil: number | null
  readonly throttledMs: number
  /** Over all rounds of the pass, without labels: what was carried, and how long that took. */
  readonly carried: number
  readonly carriedBytes: number
  readonly copyingMs: number
}

/** Passes on what a watch is told, and has it noted for other processes, at most every few seconds. */
export function notedProgress(
  watch: PassWatch,
  clock: Clock,
  throttledMs: () => number,
  note: (progress: PassProgress) => void,
): { readonly watch: PassWatch; readonly now: () => PassProgress } {
  let phase: PassPhase = 'connect'
  let [expected, expectedBytes, done, doneBytes] = [0, 0, 0, 0]
  let since: number | null = null
  let lastAt: number | null = null
  let waitingUntil: number | null = null
  let [carried, carriedBytes, copiedMs] = [0, 0, 0]
  let notedAt = clock.now()
  const ofThisRound = (): number => (phase === 'labels' || since === null || lastAt === null ? 0 : Math.max(0, lastAt - since))
  const now = (): PassProgress => ({
    phase,
    expected,
    expectedBytes,
    done,
    doneBytes,
    since,
    lastAt,
    waitingUntil,
    throttledMs: throttledMs(),
    carried,
    carriedBytes,
    copyingMs: copiedMs + ofThisRound(),
  })
  const noted = (always: boolean): void => {
    const at = clock.now()
    if (!always && Math.abs(at - notedAt) < EVERY_MS) return
    notedAt = at
    note(now())
  }
  return {
    now,
    watch: {
      phase(name, folder) {
        if (name === 'labels' && phase !== 'labels') {
          copiedMs += ofThisRound()
          lastAt = null
        }
        phase = name
        watch.phase(name, folder)
        noted(false)
      },
      expect(messages, bytes) {
        // A final pass goes over the mailbox several times.
        copiedMs += ofThisRound()
        lastAt = null
        expected = messages
        expectedBytes = bytes
        done = 0
        doneBytes = 0
        since = clock.now()
        watch.expect(messages, bytes)
        noted(false)
      },
      done(messages, bytes) {
        lastAt = clock.now()
        done += messages
        doneBytes += bytes
        if (phase !== 'labels') {
          carried += messages
          carriedBytes += bytes
        }
        watch.done(messages, bytes)
        noted(false)
      },
      waiting(untilMs) {
        waitingUntil = untilMs
        watch.waiting(untilMs)
        noted(true)
      },
      note: (text) => watch.note(text),
    },
  }
}
