import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startLife, type DeathKind, type Life } from './life.ts'
import { assertSame, booksOf, pictureOf } from './picture.ts'
import { openStage, type Play, type StageKind } from './stage.ts'
import { editMailbox, fillMailbox } from './story.ts'

/** Copies, lets the owner work, and copies again. */
async function live(play: Play, life: Life): Promise<readonly string[]> {
  fillMailbox(play.from)
  await life.pass()
  editMailbox(play.from)
  await life.pass({ allowDeletions: true })
  return endOf(play, life)
}

function endOf(play: Play, life: Life): readonly string[] {
  return [...pictureOf(play.to), ...life.look((ledger, id) => booksOf(ledger, id, play.to))]
}

for (const kind of ['exchange', 'dovecot'] as const satisfies readonly StageKind[]) {
  describe(`the crash law, copying to ${kind}`, () => {
    test('a life without trouble copies everything, and running again makes no APPEND and changes nothing', async () => {
      await using stage = await openStage(kind)
      const play = stage.play()
      using life = startLife(play)
      const end = await live(play, life)
      assert.ok(!end.some((line) => line.includes('-> nothing')), end.join('\n'))
      const before = play.appends()
      const { tally } = await life.pass()
      assert.equal(play.appends(), before)
      assert.deepEqual(tally, { appends: 0, bytes: 0, flagsChanged: 0, moved: 0, deleted: 0, leftAlone: 0 })
      assertSame(endOf(play, life), end)
    })

    test('killed at any step and resumed, it ends the same', async () => {
      await using stage = await openStage(kind)
      const whole = stage.play()
      using first = startLife(whole)
      const end = await live(whole, first)
      const broken: string[] = []
      for (let at = 1; at <= first.steps.length; at++) {
        const death: DeathKind = at % 2 === 0 ? 'client' : 'both'
        const play = stage.play()
        using life = startLife(play, at, death)
        const where = `killed at step ${at} of ${first.steps.length}, "${first.steps[at - 1] ?? ''}" (${death})`
        try {
          const ended = await live(play, life)
          assert.ok(life.died, 'it was to die')
          assertSame(ended, end)
          const before = play.appends()
          await life.pass()
          assert.equal(play.appends(), before, 'and then running again makes no APPEND')
          assertSame(endOf(play, life), end)
        } catch (error) {
          broken.push(`${where}: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
      assert.equal(broken.length, 0, broken.join('\n\n'))
    })
  })
}
