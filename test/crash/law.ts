import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GmailStore } from '../../src/simulator/gmail-store.ts'
import { startLife, type DeathKind, type Life } from './life.ts'
import { assertSame, booksOf, pictureOf } from './picture.ts'
import { openStage, type Play, type StageKind } from './stage.ts'
import { editMailbox, fillMailbox, relabelMailbox } from './story.ts'

/** Copies, lets the owner work, and copies again. */
async function live(play: Play, life: Life): Promise<readonly string[]> {
  fillMailbox(play.from)
  await life.pass()
  editMailbox(play.from)
  if (play.from instanceof GmailStore) relabelMailbox(play.from)
  await life.pass({ allowDeletions: true })
  return endOf(play, life)
}

function endOf(play: Play, life: Life): readonly string[] {
  return [...pictureOf(play.to), ...life.look((ledger, id) => booksOf(ledger, id, play.to))]
}

/** Lives lived side by side: most of one is waiting for the disk. */
const AT_ONCE = 3

/** Registers the tests of the law for one kind of destination. */
export function crashLaw(kind: StageKind): void {
  test('a life without trouble copies everything, and running again makes no APPEND and changes nothing', async () => {
    await using stage = await openStage(kind)
    const play = stage.play()
    using life = startLife(play)
    const end = await live(play, life)
    assert.ok(!end.some((line) => line.includes('-> nothing')), end.join('\n'))
    const before = play.appends()
    const { tally } = await life.pass()
    assert.equal(play.appends(), before)
    assert.deepEqual(tally, { appends: 0, bytes: 0, flagsChanged: 0, moved: 0, deleted: 0, leftAlone: 0, labelled: 0, flagsSeen: 0 })
    assertSame(endOf(play, life), end)
  })

  test('killed at any step and resumed, it ends the same', { timeout: 300_000 }, async () => {
    await using stage = await openStage(kind)
    const whole = stage.play()
    using first = startLife(whole)
    const end = await live(whole, first)
    const steps = [...first.steps.entries()]
    const broken: string[] = []
    const worker = async (): Promise<void> => {
      await using own = await openStage(kind)
      for (let next = steps.shift(); next !== undefined; next = steps.shift()) {
        const [at, name] = next
        const death: DeathKind = at % 2 === 0 ? 'client' : 'both'
        try {
          await dieOnce(own.play(), at + 1, death, end)
        } catch (error) {
          broken.push(`killed at step ${at + 1}, "${name}" (${death}): ${error instanceof Error ? error.message : String(error)}`)
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    assert.equal(broken.length, 0, broken.join('\n\n'))
  })
}

async function dieOnce(play: Play, at: number, death: DeathKind, end: readonly string[]): Promise<void> {
  using life = startLife(play, at, death)
  const ended = await live(play, life)
  assert.ok(life.died, 'it was to die')
  assertSame(ended, end)
  const before = play.to.folders().flatMap((folder) => folder.messages).length
  const { tally } = await life.pass()
  assert.equal(tally.appends, 0, 'and then running again makes no APPEND')
  assert.equal(play.to.folders().flatMap((folder) => folder.messages).length, before)
  assertSame(endOf(play, life), end)
}
