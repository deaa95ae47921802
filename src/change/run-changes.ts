import type { Failure } from '../model/failure.ts'
import type { Change } from '../model/change.ts'
import { carryOut } from './carry-out.ts'
import { inOrder, type Node } from './in-order.ts'
import { sameDeed, type JournalRow } from './journal-row.ts'
import { PACE } from './patience.ts'
import { Scene, type SceneOptions } from './scene.ts'
import { statement, type ChangeStatement } from './statement.ts'

export type RunResult = {
  readonly runId: number
  /** What ended all of it before its time (a permission that is missing, a stop); null: it came to its end. */
  readonly halted: Failure | null
  readonly statement: ChangeStatement
}

/** What was made in the last hour may not be known everywhere. */
const LATE_MS = 3_600_000

/**
 * Carries out the changes of a plan: in the order that they ask for, side by side otherwise. What takes its time is waited for
 * beside the rest. What an earlier run began goes on where it was left. Killed at any instant, or told to stop, the next run does
 * nothing twice. It throws only what the journal throws: what went wrong with a change is in the journal and in the statement.
 */
export async function runChanges<Call>(changes: readonly Change<Call>[], options: SceneOptions<Call>): Promise<RunResult> {
  refuseDoubles(changes)
  const { journal } = options
  const scene = new Scene(options)
  const runId = journal.beginRun('apply')
  const doneAt = doneBefore(journal.rows(), changes)
  const planned = journal.enter(runId, changes)
  const adopted = journal.adopt(runId)
  const rows = new Map([...adopted, ...planned].map((row) => [row.id, row]))
  const byKey = new Map(planned.map((row) => [row.change.key, row.id]))
  const nodes: readonly Node[] = [
    ...adopted.map(({ id }) => ({ id, after: [] })),
    ...planned.map(({ id, change }) => ({ id, after: change.after.flatMap((key) => byKey.get(key) ?? []) })),
  ]
  const afterOf = new Map(nodes.map(({ id, after }) => [id, after]))
  const bystanders = new Set(adopted.map(({ id }) => id))
  const isLate = (id: number): boolean => (afterOf.get(id) ?? []).some((one) => isRecent(journal.row(one), scene.now()))

  await inOrder(nodes, async (id, missing) => {
    const row = rows.get(id)
    if (row === undefined || scene.isOver) return false
    if (missing.length > 0) {
      scene.tell(row, { state: 'held-back', why: firstOf(missing, rows) })
      return false
    }
    try {
      return await carryOut(row, scene, {
        isLate: () => isLate(id),
        onlyLook: bystanders.has(id),
        doneAtMs: doneAt.get(row.change.key) ?? null,
      })
    } catch (error) {
      scene.breakOff(error)
      return false
    }
  })
  scene.throwBroken()
  journal.endRun(runId)
  return { runId, halted: scene.halted, statement: statement(journal.rows(runId)) }
}

/** When the very same changes were done before, by key. */
function doneBefore<Call>(rows: readonly JournalRow<Call>[], changes: readonly Change<Call>[]): ReadonlyMap<string, number> {
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const done = rows.filter((row) => {
    const change = row.state === 'done' ? byKey.get(row.change.key) : undefined
    return change !== undefined && sameDeed(change, row.change)
  })
  return new Map(done.map((row) => [row.change.key, row.changedAtMs]))
}

/** Those changes of a fresh plan that were done so short a time ago that a copy which lags may have hidden it from the plan. */
export function lagging<Call>(changes: readonly Change<Call>[], rows: readonly JournalRow<Call>[], now: number): readonly Change<Call>[] {
  const doneAt = doneBefore(rows, changes)
  return changes.filter(({ key, takes }) => now - (doneAt.get(key) ?? -Infinity) < PACE[takes].settleMs)
}

function isRecent<Call>({ state, changedAtMs }: JournalRow<Call>, now: number): boolean {
  return state === 'done' && now - changedAtMs < LATE_MS
}

function firstOf<Call>(missing: readonly number[], rows: ReadonlyMap<number, JournalRow<Call>>): string | null {
  const [first = 0] = missing
  return rows.get(first)?.change.says ?? null
}

function refuseDoubles<Call>(changes: readonly Change<Call>[]): void {
  const seen = new Set<string>()
  for (const { key } of changes) {
    if (seen.has(key)) throw new Error(`two changes have the key ${key}`)
    seen.add(key)
  }
}
