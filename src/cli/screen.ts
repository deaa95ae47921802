import { cut } from './printable.ts'
import type { Screen, Sink } from './world.ts'

/** Standard error as lines; on a terminal the last one can be redrawn. */
export function screen(sink: Sink): Screen {
  const live = sink.isTTY === true
  let drawn = false
  const clear = (): void => {
    if (drawn) sink.write('\r\u001b[K')
    drawn = false
  }
  return {
    live,
    say(line) {
      clear()
      sink.write(`${line}\n`)
    },
    redraw(line) {
      if (!live) return
      drawn = true
      // One column stays free: a full line makes some terminals wrap, and then it cannot be redrawn.
      sink.write(`\r${cut(line, columnsOf(sink) - 1)}\u001b[K`)
    },
    clear,
  }
}

/** Terminals tell their width; for pipes and files it is 80. Wider than 120 is hard to read. */
export function columnsOf(sink: Sink): number {
  const columns = sink.columns ?? 80
  return columns > 0 ? Math.min(120, Math.max(20, columns)) : 80
}
