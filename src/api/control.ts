import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import { Failure } from '../model/failure.ts'
import { translated, writeWhole } from '../report/write-whole.ts'

const NAME = 'control.json'

/** Who is not to be copied for now, and who said so. `all`: everybody; a name of a batch, or of a mailbox as the list calls it. */
const WISH = z.strictObject({
  scope: z.enum(['all', 'batch', 'mailbox']),
  name: z.string(),
  /** `pause`: waits until somebody resumes it. `stop`: taken out until somebody starts it. */
  wish: z.enum(['pause', 'stop']),
  by: z.string(),
  reason: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
})
const FILE = z.strictObject({ wishes: z.array(WISH) })

export type Wish = Readonly<z.infer<typeof WISH>>

/** What a person wants of the transfer of a state directory; none where nobody said anything. Throws `bad-input` where the file was edited into something else. */
export function readControl(stateDir: string): readonly Wish[] {
  const path = join(stateDir, NAME)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw new Failure('bad-input', `${path} cannot be read.`, { cause: error })
  }
  try {
    return FILE.parse(JSON.parse(text)).wishes
  } catch (cause) {
    throw new Failure('bad-input', `${path} cannot be understood: take it away, or say again who is paused.`, { cause })
  }
}

/** Writes the wishes whole or not at all. A running copy follows within seconds. */
export async function writeControl(stateDir: string, wishes: readonly Wish[]): Promise<void> {
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw translated(error, stateDir)
  }
  await writeWhole(join(stateDir, NAME), `${JSON.stringify({ wishes }, null, 2)}\n`, 0o600)
}

/** Why this mailbox is not copied now; null: it is. The narrowest word counts: its own, then its batch's, then everybody's. */
export function heldBy(
  wishes: readonly Wish[],
  mailbox: { readonly name: string; readonly target: string; readonly batch: string | null },
): Wish | null {
  const named = (scope: Wish['scope'], names: readonly (string | null)[]): Wish | null =>
    wishes.find((one) => one.scope === scope && names.some((name) => name !== null && name.toLowerCase() === one.name.toLowerCase())) ??
    null
  return (
    named('mailbox', [mailbox.name, mailbox.target]) ??
    named('batch', [mailbox.batch]) ??
    wishes.find(({ scope }) => scope === 'all') ??
    null
  )
}

export function heldFailure(wish: Wish): Failure {
  const what = wish.wish === 'pause' ? 'Paused' : 'Stopped'
  const who = wish.scope === 'mailbox' ? '' : wish.scope === 'batch' ? ` with the batch ${wish.name}` : ' with all others'
  const why = wish.reason === '' ? '' : `: ${wish.reason}`
  return new Failure('held', `${what}${who} by ${wish.by}${why}.`)
}

const LOOK_MS = 1000

/** Follows the wishes while a copy runs. What is in flight comes to its end. Keeps no process alive. */
export class LiveControl implements Disposable {
  readonly #stateDir: string
  readonly #held = new Map<AbortController, Parameters<typeof heldBy>[1]>()
  readonly #timer: NodeJS.Timeout
  readonly #clock: Clock
  #lookedAt: number
  #wishes: readonly Wish[]

  /** Throws `bad-input` where the wishes cannot be understood: nothing is copied against somebody's word. */
  constructor(stateDir: string, clock: Clock) {
    this.#stateDir = stateDir
    this.#clock = clock
    this.#lookedAt = clock.now()
    this.#wishes = readControl(stateDir)
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref()
  }

  wishOf(mailbox: Parameters<typeof heldBy>[1]): Wish | null {
    return heldBy(this.#wishes, mailbox)
  }

  /** Aborted with `Failure('held')` as soon as somebody holds the mailbox; `done` ends the watching. */
  watch(mailbox: Parameters<typeof heldBy>[1]): { readonly signal: AbortSignal; done(): void } {
    const stop = new AbortController()
    this.#held.set(stop, mailbox)
    return { signal: stop.signal, done: () => void this.#held.delete(stop) }
  }

  /** Something happened: a moment to look, if the last one was long enough ago. */
  glance(): void {
    if (Math.abs(this.#clock.now() - this.#lookedAt) >= LOOK_MS) this.#look()
  }

  #look(): void {
    this.#lookedAt = this.#clock.now()
    try {
      this.#wishes = readControl(this.#stateDir)
    } catch {
      // Half edited by hand: what was said before holds until it can be read again.
      return
    }
    for (const [stop, mailbox] of this.#held) {
      const wish = heldBy(this.#wishes, mailbox)
      if (wish !== null && !stop.signal.aborted) stop.abort(heldFailure(wish))
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
