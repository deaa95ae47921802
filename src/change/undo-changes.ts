import type { Failure } from '../model/failure.ts'
import { UNSETTLED } from './change-state.ts'
import { inOrder, type Node } from './in-order.ts'
import type { JournalRow } from './journal-row.ts'
import { Scene, type SceneOptions } from './scene.ts'
import { statement, type ChangeStatement } from './statement.ts'
import { undoOne } from './undo-one.ts'

export type UndoOptions<Call> = SceneOptions<Call> & {
  /** Only these; all where nothing is said. What comes after one of them and is not among them stays. */
  readonly only?: (row: JournalRow<Call>) => boolean
}

export type UndoResult = {
  readonly runId: number
  readonly halted: Failure | null
  readonly statement: ChangeStatement
  /** What stays, as it cannot be taken back. */
  readonly cannot: readonly { readonly key: string; readonly about: string; readonly says: string; readonly why: string }[]
}

/**
 * Takes back what was carried out, newest first, and nothing else: what held before is not touched, and what somebody else has
 * changed since is left, with the reason. Killed or stopped it goes on where it was, as `runChanges` does, and throws as little.
 */
export async function undoChanges<Call>(options: UndoOptions<Call>): Promise<UndoResult> {
  const { journal, only = () => true } = options
  const scene = new Scene(options)
  const rows = toUndo(journal.rows()).filter(only)
  const runId = journal.beginRun('undo')
  journal.takeUp(runId, rows)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const cannot = new Set<number>()
  await inOrder(undoOrder(rows, journal.rows()), async (id, missing) => {
    const row = byId.get(id)
    if (row === undefined || scene.isOver) return false
    if (missing.length > 0) {
      scene.tell(row, { state: 'held-back', why: byId.get(missing[0] ?? 0)?.change.says ?? null })
      return false
    }
    try {
      const end = await undoOne(row, scene)
      if (end === 'cannot') cannot.add(id)
      return end !== 'open'
    } catch (error) {
      scene.breakOff(error)
      return false
    }
  })
  scene.throwBroken()
  journal.endRun(runId)
  return {
    runId,
    halted: scene.halted,
    statement: statement(journal.rows(runId)),
    cannot: rows
      .filter(({ id }) => cannot.has(id))
      .map(({ change: { key, about, says, undo } }) => ({ key, about, says, why: 'cannot' in undo ? undo.cannot : '' })),
  }
}

/** What an undo would take up, newest first, to be shown before. */
export function toUndo<Call>(rows: readonly JournalRow<Call>[]): readonly JournalRow<Call>[] {
  return rows
    .filter(({ state, acted }) => state === 'done' || state === 'undoing' || UNSETTLED.includes(state) || (state === 'failed' && acted))
    .toSorted((a, b) => placeOf(b) - placeOf(a))
}

/**
 * Each after all newer ones that came after it when it was done, that are about the same, or that are the same change again. As an
 * older one only ever waits for newer ones there is no circle.
 */
export function undoOrder<Call>(rows: readonly JournalRow<Call>[], all: readonly JournalRow<Call>[]): readonly Node[] {
  const afterOf = new Map(all.map(({ change }) => [change.key, change.after]))
  const waits = new Map(rows.map(({ id }) => [id, new Set<number>()]))
  const newest = rows.toSorted((a, b) => placeOf(b) - placeOf(a))
  const byKey = Map.groupBy(rows, ({ change }) => change.key)
  for (const row of newest)
    for (const key of ancestors(row.change.after, afterOf))
      for (const older of byKey.get(key) ?? []) if (placeOf(older) < placeOf(row)) waits.get(older.id)?.add(row.id)
  for (const subject of [byKey, Map.groupBy(newest, ({ change }) => change.about)])
    for (const group of subject.values()) {
      const chain = group.toSorted((a, b) => placeOf(b) - placeOf(a))
      for (const [at, row] of chain.entries()) {
        const newer = chain[at - 1]
        if (newer !== undefined) waits.get(row.id)?.add(newer.id)
      }
    }
  return newest.map(({ id }) => ({ id, after: [...(waits.get(id) ?? [])] }))
}

/** All that something comes after, over however many others. */
function ancestors(after: readonly string[], afterOf: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>()
  const queue = [...after]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (found.has(key)) continue
    found.add(key)
    queue.push(...(afterOf.get(key) ?? []))
  }
  return found
}

function placeOf<Call>({ place }: JournalRow<Call>): number {
  return place ?? 0
}
