import type { Progress, Watch } from '../api/operations.ts'
import { printable } from './printable.ts'
import { count, counted, duration, size } from './units.ts'
import type { Shell } from './world.ts'

const WINDOW_MS = 15_000
const REDRAW_MS = 100
const PLAIN_MS = 10_000

/** Phases that tell how many messages of how many are done. */
const COUNTED: ReadonlySet<Progress['phase']> = new Set(['read', 'copy', 'delta', 'labels', 'verify'])

type Sample = { readonly at: number; readonly messages: number; readonly bytes: number }

/** Runs a long operation with its progress shown, and clears the line at its end. */
export async function watched<T>(shell: Shell, work: (watch: Watch) => Promise<T>): Promise<T> {
  try {
    return await work(progressWatch(shell))
  } finally {
    shell.screen.clear()
  }
}

/**
 * Progress on standard error: on a terminal one redrawn line, otherwise a line every ten seconds, one per finished mailbox
 * and one per wait. The rate is that of the last 15 seconds; the time left is told once every mailbox has been scanned.
 */
function progressWatch(shell: Shell): Watch {
  const { screen, world } = shell
  const silent = shell.flags.quiet === true
  const latest = new Map<string, Progress>()
  /** What each mailbox counts for in the sum: its latest phase that moves messages. */
  const moving = new Map<string, Progress>()
  const waiting = new Map<string, number>()
  let mailboxes = 0
  let samples: Sample[] = []
  let shownAt = Number.NEGATIVE_INFINITY
  let spokenAt = world.clock.now()

  return {
    signal: shell.signal,
    onMailboxes(names) {
      mailboxes = names.length
    },
    onProgress(progress) {
      if (silent) return
      const before = latest.get(progress.mailbox)
      latest.set(progress.mailbox, progress)
      if (COUNTED.has(progress.phase)) moving.set(progress.mailbox, progress)
      else if (progress.phase === 'connect') moving.delete(progress.mailbox)
      const now = world.clock.now()
      sample(now)
      if (screen.live) {
        if (now - shownAt < REDRAW_MS && progress.phase !== 'done') return
        shownAt = now
        screen.redraw(summary(progress, now))
        return
      }
      if (progress.waitingUntilMs !== null && progress.waitingUntilMs > now && (waiting.get(progress.mailbox) ?? 0) < now) {
        waiting.set(progress.mailbox, progress.waitingUntilMs)
        screen.say(`${printable(progress.mailbox)}: ${waitText(progress.waitingUntilMs - now)}`)
      }
      if (progress.note !== null && progress.note !== before?.note) {
        screen.say(`${printable(progress.mailbox)}: ${printable(progress.note)}`)
      }
      if (progress.phase === 'done' && before?.phase !== 'done') screen.say(`${printable(progress.mailbox)}: done`)
      if (now - spokenAt < PLAIN_MS) return
      spokenAt = now
      screen.say(summary(progress, now))
    },
  }

  function sums(): { messages: number; total: number; bytes: number; totalBytes: number | null } {
    let [messages, total, bytes] = [0, 0, 0]
    let totalBytes: number | null = 0
    for (const each of moving.values()) {
      messages += each.done
      total += each.total
      bytes += each.bytes
      totalBytes = totalBytes === null || each.totalBytes === null ? null : totalBytes + each.totalBytes
    }
    return { messages, total, bytes, totalBytes }
  }

  function sample(now: number): void {
    const { messages, bytes } = sums()
    const last = samples.at(-1)
    // A new phase counts from zero again.
    if (last !== undefined && (bytes < last.bytes || messages < last.messages)) samples = []
    if (last === undefined || now - last.at >= REDRAW_MS) samples.push({ at: now, messages, bytes })
    while (samples.length > 2 && now - (samples[0]?.at ?? now) > WINDOW_MS) samples.shift()
  }

  function summary(progress: Progress, now: number): string {
    const { messages, total, bytes, totalBytes } = sums()
    const done = [...latest.values()].filter((each) => each.phase === 'done').length
    const parts: string[] = []
    if (mailboxes > 1) parts.push(`${count(done)}/${count(mailboxes)} mailboxes`)
    if (total > 0) parts.push(`${count(messages)} of ${counted(total, 'message')} (${Math.floor((100 * messages) / total)}%)`)
    const first = samples[0]
    const seconds = first === undefined ? 0 : (now - first.at) / 1000
    if (first !== undefined && seconds >= 1) {
      const bytesPerSecond = (bytes - first.bytes) / seconds
      const perSecond = (messages - first.messages) / seconds
      if (bytesPerSecond > 0) parts.push(`${size(bytesPerSecond)}/s`)
      else if (perSecond >= 1) parts.push(`${count(perSecond)}/s`)
      const left =
        totalBytes !== null && bytesPerSecond > 0
          ? (totalBytes - bytes) / bytesPerSecond
          : perSecond > 0
            ? (total - messages) / perSecond
            : null
      if (left !== null && left > 0 && moving.size >= mailboxes) parts.push(`${duration(Math.max(1, Math.round(left)))} left`)
    }
    const { waitingUntilMs, folder, note } = progress
    const where = [progress.phase, progress.mailbox, ...(folder === null ? [] : [folder])].map(printable).join(' ')
    const wait = waitingUntilMs !== null && waitingUntilMs > now ? `, ${waitText(waitingUntilMs - now)}` : ''
    return `${[...parts, where].join(', ')}${wait}${note === null ? '' : ` (${printable(note)})`}`
  }
}

function waitText(ms: number): string {
  return `waiting ${duration(Math.ceil(ms / 1000))}, the server asked us to slow down`
}
