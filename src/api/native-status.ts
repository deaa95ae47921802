import type { Context } from '../lib/context.ts'
import { openLedger } from '../ledger/ledger.ts'
import type { ForeignMailbox, ForeignSkipped } from '../ledger/foreign-rows.ts'
import { Failure } from '../model/failure.ts'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import { PATIENCE_HOURS } from '../native/limits.ts'
import { explained } from '../native/native-errors.ts'
import { batchesIn, statisticsOf, usersIn, type NativeUser } from '../native/reads.ts'
import { batchStanding, isAtRest, userStanding, type Standing } from '../native/states.ts'
import { MICROSOFT, nativeRows, type NativeBook } from './native-books.ts'
import { cloudOf } from './native.ts'
import { exchangeUrl } from './native-list.ts'
import { destinationKey } from './mailboxes.ts'
import type { NativeBatchesInput, NativeMailbox, NativeStatusInput, NativeStatusResult } from './native-input.ts'
import type { TenantDoor, World } from './world.ts'

const HOUR_MS = 3_600_000
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 5 * 60_000
/** Statistics of a mailbox that moves are asked for no more often: at two calls a second a thousand mailboxes take minutes. */
const STILL_MS = HOUR_MS

/** What Microsoft says of its batches, filed in the ledger as its word. With `follow` until nothing more happens by itself. */
export async function nativeStatus(world: World, input: NativeStatusInput): Promise<NativeStatusResult> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const { door, books } = await known(world, input, ctx)
  let before = ''
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const result = await look(world, door.admin, input.stateDir, books(), ctx)
    if (!input.follow || [...result.mailboxes, ...result.batches].every(isAtRest)) return result
    const now = JSON.stringify([result.batches, result.mailboxes])
    if (now !== before) pauseMs = FIRST_PAUSE_MS
    before = now
    input.onLook(result)
    try {
      await ctx.clock.sleep(pauseMs, ctx.signal)
    } catch {
      return { ...result, stopped: true }
    }
  }
}

/** The batches that this state directory has in this tenant. Throws `bad-input` for names that it does not know. */
export async function known(
  world: World,
  input: NativeBatchesInput,
  ctx: Context,
): Promise<{ readonly door: TenantDoor; readonly names: readonly string[]; readonly books: () => readonly NativeBook[] }> {
  const to = exchangeUrl(input.destination)
  const tenant = destinationKey(to, '').trim()
  const wanted = input.batches.map((name) => name.toLowerCase())
  const books = (): readonly NativeBook[] => {
    const here = nativeRows(input.stateDir).filter(({ destination }) => destination.startsWith(`${tenant} `))
    return wanted.length === 0 ? here : here.filter(({ batch }) => wanted.includes(batch.toLowerCase()))
  }
  const names = [...new Set(books().map(({ batch }) => batch))]
  const strange = input.batches.filter((name) => !names.some((one) => one.toLowerCase() === name.toLowerCase()))
  if (strange.length > 0)
    throw new Failure('bad-input', `No batch that was made with --state ${input.stateDir} is called ${strange.join(', ')}.`)
  if (names.length === 0)
    throw new Failure(
      'bad-input',
      `No mailbox of --state ${input.stateDir} is in a batch of Microsoft: \`cutover native start\` makes one.`,
    )
  const door = await world.tenant(input.identity, cloudOf(to, input), to.simulator, ctx)
  return { door, names, books }
}

type Looked = { readonly row: ForeignMailbox; readonly skipped: readonly ForeignSkipped[] | null; readonly shown: NativeMailbox }

/** One look at all batches and the mailboxes in them. */
export async function look(
  world: World,
  admin: ExchangeAdmin,
  stateDir: string,
  books: readonly NativeBook[],
  ctx: Context,
): Promise<NativeStatusResult> {
  const names = [...new Set(books.map(({ batch }) => batch))]
  const batches = (await batchesIn(admin)).filter(({ name }) => names.some((one) => one.toLowerCase() === name.toLowerCase()))
  const users = new Map((await usersIn(admin, names)).map((user) => [user.address.toLowerCase(), user]))
  const looked: Looked[] = []
  for (const book of books) {
    ctx.signal.throwIfAborted()
    const isThere = batches.some(({ name }) => name.toLowerCase() === book.batch.toLowerCase())
    looked.push(await lookAt(admin, book, users.get(book.target.toLowerCase()) ?? null, isThere, ctx.clock.now()))
  }
  return {
    batches: names.map((name) => {
      const batch = batches.find((one) => one.name.toLowerCase() === name.toLowerCase())
      const standing = batch === undefined ? GONE : batchStanding(batch.status)
      return {
        name,
        status: batch?.status ?? '',
        state: standing.state,
        says: standing.says,
        mailboxes: books.filter((book) => book.batch === name).length,
        lastSyncAt: moment(batch?.lastSyncedAt ?? null),
      }
    }),
    mailboxes: looked.map(({ shown }) => shown),
    filed: file(world, stateDir, looked),
    stopped: false,
  }
}

const GONE: Standing = { state: 'ended', says: 'is not in the tenant: it was removed, or never made', alert: false }
const NOT_LISTED: Standing = { state: 'waiting', says: 'is not among the mailboxes of its batch yet', alert: false }

async function lookAt(admin: ExchangeAdmin, book: NativeBook, user: NativeUser | null, isThere: boolean, now: number): Promise<Looked> {
  const moved = user === null ? false : user.synced !== book.synced || user.skipped !== book.skipped || user.status !== book.status
  const movedAt = moved ? now : book.movedAt
  const still = now - movedAt
  const plain = user === null ? (isThere ? NOT_LISTED : GONE) : userStanding(user.status)
  const isStill = plain.state === 'copying' && still >= STILL_MS
  const asks =
    user !== null && ((user.skipped ?? 0) !== (book.skipped ?? 0) || (plain.state === 'failed' && user.error === null) || isStill)
  const told = asks ? await statisticsOf(admin, user.address) : null
  const error = told?.user.error ?? user?.error ?? null
  const standing = patient(user === null ? plain : userStanding(user.status, [told?.detail, user.error].join(' ')), still)
  const isWrong = standing.state === 'failed' || standing.state === 'behind'
  const why = isWrong ? explained(error) : null
  const says = why === null ? standing.says : `${standing.says}: ${why.says}`
  const row: ForeignMailbox = {
    mailboxId: book.mailboxId,
    lane: MICROSOFT,
    batch: book.batch,
    state: standing.state,
    status: user?.status ?? book.status,
    synced: user?.synced ?? book.synced,
    skipped: user?.skipped ?? book.skipped,
    detail: isWrong ? says : null,
    lastSyncAt: user?.lastSyncAt ?? book.lastSyncAt,
    movedAt,
    readAt: now,
  }
  const { name, target, batch } = book
  const { state, alert } = standing
  const shown = { name, target, batch, state, alert, says, help: why?.help ?? null, status: row.status, synced: row.synced }
  return { row, skipped: told?.skipped ?? null, shown: { ...shown, skipped: row.skipped, lastSyncAt: moment(row.lastSyncAt) } }
}

/** Where nothing moved for hours, that is said. */
function patient(standing: Standing, stillMs: number): Standing {
  if (standing.state !== 'copying' || stillMs < PATIENCE_HOURS * HOUR_MS) return standing
  const hours = Math.floor(stillMs / HOUR_MS)
  return { state: 'stalled', says: `nothing has moved for ${hours} hours: look at its report in the admin center`, alert: true }
}

/** false: another process has the ledger at this moment, and the next look files it. */
function file(world: World, stateDir: string, looked: readonly Looked[]): boolean {
  try {
    using ledger = openLedger(stateDir, { clock: world.clock })
    ledger.atomic(() => {
      for (const { row, skipped } of looked) {
        ledger.foreign.put(row)
        if (skipped !== null) ledger.foreign.putSkipped(row.mailboxId, skipped)
      }
    })
    return true
  } catch (error) {
    if (error instanceof Failure && error.code === 'state-in-use') return false
    throw error
  }
}

function moment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
