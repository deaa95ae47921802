import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { forEachAtOnce } from './at-once.ts'
import { LoginHost } from './login-host.ts'
import { openLogins, type Tried } from './mailboxes.ts'
import type { LoginsInput } from './operations.ts'
import type { LoginEnd, LoginsResult } from './results.ts'
import { troubleOf } from './trouble.ts'
import type { World } from './world.ts'

/** Logins at one end at the same time: servers count connections by address, and Exchange slows down who opens many. */
const AT_ONCE = 4
/** Between two rounds of what may take effect by itself. */
const ROUND_MS = 60_000
/** Until a server has noticed that a connection is gone. */
const SETTLE_MS = 500
/** Until a password is tried again that Exchange said OK to without opening the mailbox. */
const HOLLOW_MS = 5 * 60_000

type Attempt = {
  readonly mailbox: string
  readonly login: string
  readonly tried: Tried
  readonly host: LoginHost
  end: LoginEnd | null
  failure: Failure | null
  tries: number
  dueMs: number
}

/** Tries to open every mailbox at both ends. No password is tried again once it was refused, and nothing is changed anywhere. */
export async function logins(world: World, input: LoginsInput): Promise<LoginsResult> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const mailboxes = await openLogins(world, input, ctx)
  input.onMailboxes(mailboxes.map(({ name }) => name))
  const [sourceHost, destinationHost] = [new LoginHost(), new LoginHost()]
  const attempts = mailboxes.map(({ name, source, destination }) => ({
    name,
    source: attempt(name, source, sourceHost),
    destination: destination === null ? null : attempt(name, destination, destinationHost),
  }))
  const all = attempts.flatMap(({ source, destination }) => (destination === null ? [source] : [source, destination]))
  const until = world.clock.now() + input.waitMinutes * 60_000
  await round(all, input, ctx)
  // It may be only ourselves who crowd the server: one after the other then, and no password was judged so far
  for (const one of all.filter(({ failure }) => failure?.code === 'too-many-connections')) {
    await ctx.clock.sleep(SETTLE_MS, input.signal).catch(() => {})
    await round([one], input, ctx)
  }
  for (let waiting = later(all, until, ctx); waiting.length > 0 && !input.signal.aborted; waiting = later(all, until, ctx)) {
    const dueMs = Math.min(...waiting.map((one) => one.dueMs))
    const waitMs = Math.max(0, dueMs - ctx.clock.now())
    tellWaiting(waiting, input, waitMs)
    await ctx.clock.sleep(waitMs, input.signal).catch(() => {})
    const due = waiting.filter((one) => one.dueMs <= ctx.clock.now())
    for (const one of due) one.host.forgive()
    await round(due, input, ctx)
  }
  return {
    mailboxes: attempts.map(({ name, source, destination }) => ({
      name,
      source: endOf(source),
      destination: destination === null ? null : endOf(destination),
    })),
  }
}

function attempt(mailbox: string, tried: Tried, host: LoginHost): Attempt {
  return { mailbox, login: tried.login, tried, host, end: null, failure: null, tries: 0, dueMs: 0 }
}

async function round(attempts: readonly Attempt[], input: LoginsInput, ctx: Context): Promise<void> {
  const hosts = [...new Set(attempts.map(({ host }) => host))]
  await Promise.all(
    hosts.map((host) => {
      const here = attempts.filter((one) => one.host === host)
      return forEachAtOnce(here, AT_ONCE, input.signal, (one) => tryOnce(one, input, ctx))
    }),
  )
}

async function tryOnce(one: Attempt, input: LoginsInput, ctx: Context): Promise<void> {
  const progress = { mailbox: one.mailbox, folder: null, done: 0, total: 0, bytes: 0, totalBytes: null, waitingUntilMs: null, note: null }
  input.onProgress({ ...progress, phase: 'connect' })
  try {
    one.host.mustBeOpen()
    one.tries++
    const { messages } = await one.tried.look(ctx)
    one.host.answered()
    one.failure = null
    one.end = { login: one.login, works: true, messages, failure: null }
  } catch (error) {
    // What is wrong with the input is wrong for all of them
    if (!(error instanceof Failure) || error.code === 'bad-input') throw error
    one.host.failed(error)
    one.failure = error
    one.end = { login: one.login, works: false, messages: null, failure: troubleOf(error) }
  }
  if (one.tries <= 1) input.onProgress({ ...progress, phase: 'done' })
}

/** What may work by itself in a while, with the time at which it is tried again. */
function later(attempts: readonly Attempt[], until: number, ctx: Context): readonly Attempt[] {
  const now = ctx.clock.now()
  const waiting = attempts.filter((one) => one.failure !== null && (one.failure.next === 'retry' || one.failure.next === 'wait'))
  for (const one of waiting) {
    if (one.dueMs > now) continue
    const roundMs = one.failure?.code === 'mailbox-not-connected' && one.tried.byPassword ? HOLLOW_MS : ROUND_MS
    one.dueMs = now + Math.max(roundMs, one.failure?.retryAfterMs ?? 0)
  }
  return waiting.filter((one) => one.dueMs <= until && !isSpent(one))
}

/** An answer of OK that proved hollow may have been a wrong password (Exchange): it is tried once more, and not again. */
function isSpent({ tried, failure, tries }: Attempt): boolean {
  return failure?.code === 'mailbox-not-connected' && tried.byPassword && tries >= 2
}

function tellWaiting(waiting: readonly Attempt[], input: LoginsInput, afterMs: number): void {
  const [first] = waiting
  if (first === undefined) return
  const others = waiting.length === 1 ? '' : `and ${waiting.length - 1} more `
  const note = `${others}tried again in ${Math.max(1, Math.round(afterMs / 60_000))} min`
  const rest = { folder: null, done: 0, total: 0, bytes: 0, totalBytes: null, waitingUntilMs: null }
  input.onProgress({ ...rest, mailbox: first.mailbox, phase: 'connect', note })
}

function endOf({ end, login }: Attempt): LoginEnd {
  const stopped = new Failure('stopped', 'Stopped before this login was tried.')
  return end ?? { login, works: false, messages: null, failure: troubleOf(stopped) }
}
