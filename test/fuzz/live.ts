/** Lives one history: edits, passes, touches, to the final pass and one more. */
import assert from 'node:assert/strict'
import { startLife } from '../crash/life.ts'
import type { Stage, StageKind } from '../crash/stage.ts'
import { Failure } from '../../src/model/failure.ts'
import { assertSettled, noteAgreement } from './account.ts'
import type { Edit, History } from './history.ts'
import { newOwner } from './owner.ts'
import { newPerson } from './person.ts'

const NOTHING = { appends: 0, bytes: 0, flagsChanged: 0, moved: 0, deleted: 0, leftAlone: 0, labelled: 0, flagsSeen: 0 }

/** Throws when anything at the destination is not as it must be after the final pass, or the pass after it does anything. */
export async function liveThrough(stage: Stage, kind: StageKind, history: History): Promise<void> {
  const play = stage.play()
  const owner = newOwner(play.from)
  const due: { edits: readonly Edit[]; step: number | null } = { edits: [], step: null }
  using life = startLife(play, history.diesAt, history.both ? 'both' : 'client', (step) => {
    if (due.step === null || step < due.step) return
    due.step = null
    for (const edit of due.edits) owner.editInPassing(edit)
  })
  const person = newPerson(play.to)
  const exchange = kind === 'exchange'
  const held = (flags: readonly string[]): readonly string[] =>
    flags.filter((flag) => flag !== '\\Deleted' && (!exchange || flag.startsWith('\\')))
  const trashName = exchange ? 'Gelöschte Elemente' : 'Trash'
  const account = { owner, person, held, trashName, forgetful: history.days.some((day) => day.forget) }
  const passDone = (): void => {
    owner.passDone()
    life.look((ledger, id) => noteAgreement(account, ledger, id))
  }
  for (const [at, { forget, edits, touches, meanwhile, trouble }] of history.days.entries()) {
    // Flags of what moved are carried a round later: that is done before the ledger may be lost.
    const options = { allowDeletions: true, ...(history.days[at + 1]?.forget === true ? ({ kind: 'final' } as const) : {}) }
    if (forget) {
      life.forget()
      await life.pass()
    }
    for (const edit of edits) owner.edit(edit)
    for (const touch of touches) person.touch(touch)
    if (trouble !== null) play.suffers(trouble.side, trouble.fault)
    if (meanwhile !== null) Object.assign(due, { edits: meanwhile.edits, step: life.steps.length + meanwhile.step })
    const atEase = (): void => ['source', 'destination'].forEach((side) => play.suffers(side === 'source' ? 'source' : 'destination', {}))
    try {
      await life.pass(options)
    } catch (error) {
      // An operator starts it again when the servers are well.
      if (trouble === null || !(error instanceof Failure) || error.spoils !== 'endpoint') throw error
      atEase()
      await life.pass(options)
    }
    atEase()
    due.step = null
    passDone()
  }
  await life.pass({ kind: 'final', allowDeletions: true })
  passDone()
  const check = (): void => life.look((ledger, id) => assertSettled(account, ledger, id))
  check()
  const before = play.appends()
  const { tally } = await life.pass({ allowDeletions: true })
  assert.deepEqual({ appends: play.appends() - before, tally }, { appends: 0, tally: NOTHING }, 'a pass after the last one does nothing')
  check()
}
