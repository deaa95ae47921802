import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MailboxEntry, PassEntry } from '../ledger/mailbox-rows.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import { addStatements, type Statement } from '../model/message.ts'
import { heldBy, readControl, type Wish } from './control.ts'

/** A mailbox that is to move, as the list or the plan of a project names it. */
export type Moving = { readonly name: string; readonly target: string; readonly batch: string | null }

export type TransferInput = {
  readonly stateDir: string
  /** null: those that the ledger knows. */
  readonly mailboxes: readonly Moving[] | null
  readonly now: number
}

/** Where the transfer of a mailbox stands. Times in milliseconds; instants since 1970. */
export type MailboxTransfer = Statement & {
  readonly name: string
  readonly target: string
  readonly batch: string | null
  /** `broken`: its last pass ended with a failure, or was killed. */
  readonly state: 'new' | 'running' | 'paused' | 'stopped' | 'broken' | 'done'
  readonly held: Pick<Wish, 'wish' | 'scope' | 'by' | 'reason'> | null
  readonly verified: number
  /** How old what may be missing is at most: since the last whole pass began. null: there was none. */
  readonly lagMs: number | null
  readonly lastPass: { readonly kind: string; readonly beganAt: number; readonly endedAt: number | null } | null
  /** Of the pass that runs, else of the last one that copied anything; null: none did. */
  readonly messagesPerSecond: number | null
  readonly bytesPerSecond: number | null
  /** Until the running pass has copied what it found; null: nobody knows. */
  readonly leftMs: number | null
  /** Over all passes. */
  readonly throttledMs: number
  /** Until when the server makes the running pass wait; null: it does not. */
  readonly waitingUntil: number | null
  readonly failure: string | null
}

export type TransferStatus = Statement & { readonly mailboxes: readonly MailboxTransfer[]; readonly wishes: readonly Wish[] }

/** What the ledger and the wishes of people say, also while a copy runs. Opens no socket. */
export function transferStatus({ stateDir, mailboxes, now }: TransferInput): TransferStatus {
  const wishes = readControl(stateDir)
  if (!existsSync(join(stateDir, 'ledger.sqlite'))) {
    const fresh = (mailboxes ?? []).map((one) => withWish(one, null, wishes, now, null))
    return { ...addStatements(fresh), mailboxes: fresh, wishes }
  }
  using ledger = openLedger(stateDir, { readOnly: true })
  const known = ledger.mailboxes()
  const targetOf = (entry: MailboxEntry): string => entry.destination.split(' ').at(-1) ?? ''
  const all: readonly Moving[] = mailboxes ?? known.map((entry) => ({ name: entry.name, target: targetOf(entry), batch: null }))
  const rows = all.map((one) => {
    const entry = known.find((each) => targetOf(each) === one.target.toLowerCase()) ?? null
    return withWish(one, entry, wishes, now, ledger)
  })
  return { ...addStatements(rows), mailboxes: rows, wishes }
}

const NOTHING: Statement = { found: 0, copied: 0, skipped: 0, failed: 0, unexplained: 0, bytes: 0 }

function withWish(one: Moving, entry: MailboxEntry | null, wishes: readonly Wish[], now: number, ledger: Ledger | null): MailboxTransfer {
  const passes = entry === null || ledger === null ? [] : ledger.passes(entry.id).filter(({ kind }) => kind !== 'verify')
  const last = passes.at(-1) ?? null
  const wish = heldBy(wishes, one)
  const isRunning = last !== null && last.endedAt === null && (entry?.leasedUntil ?? 0) > now
  const whole = passes.findLast(({ endedAt, failureCode }) => endedAt !== null && failureCode === null)
  const pace = paceOf(passes, isRunning ? last : null)
  return {
    name: one.name,
    target: one.target,
    batch: one.batch,
    ...(entry === null || ledger === null ? NOTHING : ledger.statement({ mailboxId: entry.id })),
    state: stateOf(last, isRunning, wish),
    held: wish === null ? null : { wish: wish.wish, scope: wish.scope, by: wish.by, reason: wish.reason },
    verified: entry === null || ledger === null ? 0 : ledger.verifiedCount({ mailboxId: entry.id }),
    lagMs: whole === undefined ? null : Math.max(0, now - whole.beganAt),
    lastPass: last === null ? null : { kind: last.kind, beganAt: last.beganAt, endedAt: last.endedAt },
    ...pace,
    throttledMs: passes.reduce((sum, pass) => sum + figure(pass.figures, 'throttledMs'), 0),
    waitingUntil: isRunning ? figureOrNull(last?.figures, 'waitingUntil') : null,
    failure: last?.failureCode === null || last === null ? null : (last.failureDetail ?? last.failureCode),
  }
}

function stateOf(last: PassEntry | null, isRunning: boolean, wish: Wish | null): MailboxTransfer['state'] {
  if (isRunning) return 'running'
  if (wish !== null) return wish.wish === 'pause' ? 'paused' : 'stopped'
  if (last === null) return 'new'
  return last.endedAt === null || last.failureCode !== null ? 'broken' : 'done'
}

type Pace = Pick<MailboxTransfer, 'messagesPerSecond' | 'bytesPerSecond' | 'leftMs'>

function paceOf(passes: readonly PassEntry[], running: PassEntry | null): Pace {
  const told = running === null ? null : running.figures
  if (told !== null) {
    const [since, lastAt] = [figureOrNull(told, 'since'), figureOrNull(told, 'lastAt')]
    const seconds = since === null || lastAt === null ? 0 : (lastAt - since) / 1000
    if (seconds > 0) {
      const [messages, bytes] = [figure(told, 'done') / seconds, figure(told, 'doneBytes') / seconds]
      const left = Math.max(0, figure(told, 'expectedBytes') - figure(told, 'doneBytes'))
      return { messagesPerSecond: messages, bytesPerSecond: bytes, leftMs: bytes > 0 ? (left / bytes) * 1000 : null }
    }
  }
  const copied = passes.findLast(({ figures }) => figure(figures, 'carried') > 0 && figure(figures, 'copyingMs') > 0)
  if (copied === undefined) return { messagesPerSecond: null, bytesPerSecond: null, leftMs: null }
  const seconds = figure(copied.figures, 'copyingMs') / 1000
  return {
    messagesPerSecond: figure(copied.figures, 'carried') / seconds,
    bytesPerSecond: figure(copied.figures, 'carriedBytes') / seconds,
    leftMs: null,
  }
}

function figure(of: unknown, key: string): number {
  return figureOrNull(of, key) ?? 0
}

function figureOrNull(of: unknown, key: string): number | null {
  const value: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, key) : null
  return typeof value === 'number' ? value : null
}
