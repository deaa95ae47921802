import type { Context } from '../lib/context.ts'
import type { Carrier, Letter, Outcome } from './carrier.ts'
import { compose, type Desk } from './compose.ts'
import type { Journal, NewDelivery } from './journal.ts'
import type { Delivery, Standing } from './standing.ts'

export type Sent = { readonly standing: Standing; readonly delivery: Delivery; readonly outcome: Outcome }

export type Post = {
  readonly desk: Desk
  readonly journal: Journal
  readonly carrier: Carrier
  readonly perMinute: number
  readonly ctx: Context
  /** How often what was put off is tried again before we leave; the next run goes on. */
  readonly retries: number
  readonly onOutcome?: (sent: Sent, done: number, of: number) => void
  readonly onWait?: (ms: number, waiting: number) => void
}

/** The first wait is what hosts that greylist mostly want. */
const BACKOFF_MS = [60_000, 300_000, 900_000]
const IN_A_ROW = 5

/**
 * Sends what these still owe, each written down before it goes. Ends early, without an error, when the signal is aborted, and where one
 * after the other is put off. Throws a `Failure` where nobody would get anything: then nothing is left half done.
 */
export async function deliver(standings: readonly Standing[], post: Post): Promise<readonly Sent[]> {
  const { ctx, retries } = post
  const all = standings.flatMap((standing) => standing.deliveries.map((delivery) => ({ standing, delivery })))
  const done: Sent[] = []
  const pace = pacer(post)
  let left = all
  for (let round = 0; left.length > 0 && round <= retries && !ctx.signal.aborted; round++) {
    if (round > 0) {
      const wait = BACKOFF_MS[Math.min(round, BACKOFF_MS.length) - 1] ?? 60_000
      post.onWait?.(wait, left.length)
      if (!(await slept(ctx, wait))) break
    }
    const later: typeof left = []
    let inARow = 0
    for (const [at, one] of left.entries()) {
      if (ctx.signal.aborted) break
      if (inARow >= IN_A_ROW) {
        later.push(...left.slice(at))
        break
      }
      const outcome = await sendOne(one.standing, one.delivery, post, pace)
      if (outcome === null) continue
      inARow = outcome.kind === 'later' ? inARow + 1 : 0
      if (outcome.kind === 'later') later.push(one)
      const sent = { ...one, outcome }
      if (outcome.kind !== 'later' || round === retries) done.push(sent)
      post.onOutcome?.(sent, all.length - later.length - (left.length - at - 1), all.length)
    }
    left = later
  }
  return done
}

/** null: somebody else sent it meanwhile, or the signal came. */
async function sendOne(standing: Standing, delivery: Delivery, post: Post, pace: () => Promise<boolean>): Promise<Outcome | null> {
  const { journal, desk } = post
  const { moment, to, version } = standing
  // Before it is written down: what is wrong with a template leaves no trace.
  const letter: Letter = await compose(desk, moment, to, version, delivery.way)
  if (!(await pace())) return null
  const told = moment === 'credentials' || to.role === 'customer' ? null : (to.anchors.cutover ?? 0)
  const row: NewDelivery = { moment, person: to.person, version, ...delivery, messageId: letter.messageId, told }
  if (!journal.begin(row)) return null
  try {
    const outcome = await post.carrier.send(letter, delivery.address)
    journal.end(row, outcome)
    return outcome
  } catch (error) {
    const isCertain = error instanceof Error && 'notDone' in error && error.notDone === true
    journal.end(row, { kind: isCertain ? 'later' : 'doubt', says: error instanceof Error ? error.message : String(error) })
    throw error
  }
}

/** Lets one message through at a time, at most so many a minute; false: the signal came first. */
function pacer({ ctx, perMinute }: Post): () => Promise<boolean> {
  let next = 0
  return async () => {
    const wait = next - ctx.clock.now()
    if (wait > 0 && !(await slept(ctx, wait))) return false
    next = Math.max(ctx.clock.now(), next) + 60_000 / perMinute
    return true
  }
}

async function slept({ clock, signal }: Context, ms: number): Promise<boolean> {
  try {
    await clock.sleep(ms, signal)
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}
