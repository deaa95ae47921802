import type { ChangeProgress } from '../api/tenant-results.ts'
import { printable, wrapped } from './printable.ts'
import { count, duration } from './units.ts'
import type { Shell } from './world.ts'

const REDRAW_MS = 100
const PLAIN_MS = 30_000

export type ChangeWatch = {
  readonly onProgress: (progress: ChangeProgress) => void
  /** How far reading the tenant is. */
  readonly onRead: (answered: number, asked: number) => void
  /** What is done besides. */
  say(text: string): void
  /** Makes room for a question. */
  pause(): void
  end(): void
}

/** How far the changes are, on standard error: a redrawn line on a terminal, else a line every half a minute and for each that fails. */
export function changeWatch(shell: Shell): ChangeWatch {
  const { screen, world, flags } = shell
  const silent = flags.quiet === true
  const latest = new Map<string, ChangeProgress>()
  let [shownAt, spokenAt] = [Number.NEGATIVE_INFINITY, world.clock.now()]
  const summary = (progress: ChangeProgress): string => {
    const states = [...latest.values()]
    const number = (...wanted: readonly ChangeProgress['state'][]): number => states.filter(({ state }) => wanted.includes(state)).length
    const waiting = number('waiting')
    const parts = [`${count(number('done', 'already', 'undone', 'left'))} of ${count(latest.size)}`]
    if (waiting > 0) parts.push(`${count(waiting)} waiting${waitText(states, world.clock.now())}`)
    if (number('failed') > 0) parts.push(`${count(number('failed'))} failed`)
    return `${parts.join(', ')}: ${printable(progress.says)}`
  }
  const lines = (text: string): void => {
    for (const line of wrapped(text, shell.columns)) screen.say(line)
  }
  return {
    onProgress(progress) {
      latest.set(progress.key, progress)
      if (silent) return
      const now = world.clock.now()
      if (progress.state === 'failed' && progress.why !== null) lines(`${printable(progress.says)}: ${printable(progress.why)}`)
      if (screen.live) {
        if (now - shownAt < REDRAW_MS) return
        shownAt = now
        screen.redraw(summary(progress))
      } else if (now - spokenAt >= PLAIN_MS) {
        spokenAt = now
        lines(summary(progress))
      }
    },
    onRead(answered, asked) {
      const now = world.clock.now()
      if (silent || now - shownAt < REDRAW_MS) return
      const text = `Reading the tenant: ${count(answered)} of ${count(asked)} questions answered`
      if (screen.live) {
        shownAt = now
        screen.redraw(text)
      } else if (now - spokenAt >= PLAIN_MS) {
        spokenAt = now
        screen.say(text)
      }
    },
    say(text) {
      if (silent) return
      if (screen.live) screen.redraw(text)
    },
    pause: () => screen.clear(),
    end: () => screen.clear(),
  }
}

/** How long the oldest has been waited for, over all runs. */
function waitText(states: readonly ChangeProgress[], now: number): string {
  const since = states.flatMap(({ state, waitingSinceMs }) => (state === 'waiting' && waitingSinceMs !== null ? [waitingSinceMs] : []))
  return since.length === 0 ? '' : ` (up to ${duration((now - Math.min(...since)) / 1000)})`
}
