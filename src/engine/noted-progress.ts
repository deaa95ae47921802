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
}

/** Passes on what a watch is told, and has it noted for other processes, at most every few seconds. */
export function notedProgress(
  watch: PassWatch,
  clock: Clock,
  throttledMs: () => number,
  note: (progress: PassProgress) => void,
): { readonly watch: PassWatch; now(): PassProgress } {
  let phase: PassPhase = 'connect'
  let [expected, expectedBytes, done, doneBytes] = [0, 0, 0, 0]
  let since: number | null = null
  let lastAt: number | null = null
  let waitingUntil: number | null = null
  let notedAt = clock.now()
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
        phase = name
        watch.phase(name, folder)
        noted(false)
      },
      expect(messages, bytes) {
        // A final pass goes over the mailbox several times.
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
