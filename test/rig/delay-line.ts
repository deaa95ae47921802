import type { Socket } from 'node:net'

export type DelayLine = { stop(): void }

export type DelayLineEnds = {
  /** One way, asked for every chunk. */
  readonly delayMs: () => number
  /** Hands a chunk on; false when the receiver asks to wait for `drained`. */
  readonly deliver: (chunk: Buffer) => boolean
  readonly end: () => void
  /** Calls `resume` when the receiver has room again. */
  readonly drained: (resume: () => void) => void
}

/** How much may be in flight: bandwidth × delay of a fast line, so that the delay itself never limits the rate. */
const IN_FLIGHT_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * Hands on each chunk of `from` a fixed time after it came, in order. Every chunk carries its own due time, so any number of them
 * are under way at once: this adds a round trip and takes no bandwidth away.
 */
export function delayLine(from: Socket, ends: DelayLineEnds): DelayLine {
  const queue: Array<{ readonly dueAt: number; readonly chunk: Buffer | 'end' }> = []
  let queuedBytes = 0
  let timer: NodeJS.Timeout | undefined
  const state = { blocked: false, stopped: false }

  function push(chunk: Buffer | 'end'): void {
    const delay = ends.delayMs()
    queue.push({ dueAt: performance.now() + delay, chunk })
    if (chunk !== 'end') queuedBytes += chunk.length
    if (queuedBytes > IN_FLIGHT_LIMIT_BYTES) from.pause()
    if (queue.length === 1 || delay === 0) flush()
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    while (!state.stopped && !state.blocked) {
      const next = queue[0]
      if (next === undefined) break
      const waitMs = next.dueAt - performance.now()
      if (waitMs > 0.2) {
        timer = setTimeout(flush, waitMs)
        return
      }
      queue.shift()
      if (next.chunk === 'end') {
        ends.end()
        continue
      }
      queuedBytes -= next.chunk.length
      if (!ends.deliver(next.chunk)) wait()
    }
    if (!state.stopped && queuedBytes <= IN_FLIGHT_LIMIT_BYTES && !state.blocked) from.resume()
  }

  function wait(): void {
    state.blocked = true
    // Without a delay the line is no store: the receiver's pace is passed on to the sender.
    if (ends.delayMs() === 0) from.pause()
    ends.drained(() => {
      state.blocked = false
      flush()
    })
  }

  from.on('data', push)
  from.on('end', () => push('end'))
  return {
    stop() {
      state.stopped = true
      clearTimeout(timer)
    },
  }
}
