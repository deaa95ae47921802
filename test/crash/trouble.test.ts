import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Fault } from '../../src/simulator/faults.ts'
import { letter } from './mail.ts'
import { startLife, type Life } from './life.ts'
import { assertSame, booksOf, pictureOf } from './picture.ts'
import { openStage, type Play, type StageKind } from './stage.ts'
import { editMailbox, fillMailbox } from './story.ts'

const KINDS = ['exchange', 'dovecot'] as const satisfies readonly StageKind[]

function endOf(play: Play, life: Life): readonly string[] {
  return [...pictureOf(play.to), ...life.look((ledger, id) => booksOf(ledger, id, play.to))]
}

/** What a life without trouble ends in. */
async function calm(play: Play): Promise<readonly string[]> {
  using life = startLife(play)
  fillMailbox(play.from)
  await life.pass()
  return endOf(play, life)
}

const TROUBLES: readonly (readonly [string, 'source' | 'destination', Fault])[] = [
  ['every third reply to an APPEND is lost after the message was stored', 'destination', { dropsAfterCommitEvery: 3 }],
  ['the connection breaks in the middle of every fifth message on its way in', 'destination', { dropsMidLiteralEvery: 5 }],
  ['receipts name no UID', 'destination', { noAppendUid: true }],
  ['the destination is unavailable at every thirtieth command', 'destination', { unavailableEvery: 30 }],
  ['the destination throttles every fourth APPEND', 'destination', { throttle: { every: 4, ms: 5 } }],
  ['the destination throttles and hangs up', 'destination', { throttle: { every: 5, ms: 5, form: 'BAD', disconnect: true } }],
  ['the destination hangs up after four messages', 'destination', { dropsAfterMessages: 4 }],
  ['the destination accepts the login and is not connected at first', 'destination', { notConnectedLogins: 2 }],
  ['the source hangs up after four messages', 'source', { dropsAfterMessages: 4 }],
  ['the source breaks once in the middle of a message', 'source', { cutAfterBytesOut: 150_000, once: true }],
  ['the source is unavailable at every thirtieth command', 'source', { unavailableEvery: 30 }],
]

for (const kind of KINDS) {
  describe(`trouble on the way to ${kind}`, { timeout: 240_000 }, () => {
    for (const [what, side, fault] of TROUBLES) {
      test(`${what}: everything arrives once, and the books are those of a calm life`, async () => {
        await using stage = await openStage(kind)
        const end = await calm(stage.play())
        const play = stage.play()
        using life = startLife(play)
        fillMailbox(play.from)
        play.suffers(side, fault)
        await life.pass()
        assertSame(endOf(play, life), end)
        play.suffers(side, {})
        assert.equal((await life.pass()).tally.appends, 0)
        assertSame(endOf(play, life), end)
      })
    }

    test('the ledger is lost between two passes: what stands at the destination is adopted, nothing is doubled', async () => {
      await using stage = await openStage(kind)
      const play = stage.play()
      using life = startLife(play)
      fillMailbox(play.from)
      await life.pass()
      const before = pictureOf(play.to)
      life.forget()
      const { tally, statement } = await life.pass()
      // What was repaired looks different at both ends: with the ledger its name was lost.
      assert.ok(tally.appends <= 2, `${tally.appends} sent again`)
      assert.equal(statement.found, statement.copied + statement.skipped + statement.failed)
      assert.deepEqual(
        before.filter((line) => !pictureOf(play.to).includes(line)),
        [],
      )
    })

    test('UIDVALIDITY changes at the source between two passes: messages are recognised, nothing is doubled', async () => {
      await using stage = await openStage(kind)
      const play = stage.play()
      using life = startLife(play)
      fillMailbox(play.from)
      await life.pass()
      const before = pictureOf(play.to)
      for (const folder of play.from.folders()) play.from.moveUidValidity(folder.name)
      const { tally } = await life.pass()
      assert.equal(tally.appends, 0)
      assertSame(pictureOf(play.to), before)
      assert.ok(life.look((ledger, id) => booksOf(ledger, id, play.to)).every((line) => !line.includes('-> nothing')))
    })

    test('both servers restart again and again while a day of edits is carried: it ends the same', async () => {
      await using stage = await openStage(kind)
      const quiet = stage.play()
      using calmLife = startLife(quiet)
      fillMailbox(quiet.from)
      await calmLife.pass()
      editMailbox(quiet.from)
      await calmLife.pass({ allowDeletions: true })
      const end = endOf(quiet, calmLife)
      const { steps } = calmLife
      for (let at = 0; at < steps.length; at += 7) {
        await using own = await openStage(kind)
        const play = own.play()
        using life = startLife(play, null, 'both', (step) => {
          if (step > at && step <= at + 2) for (const side of ['source', 'destination'] as const) play.restart(side)
        })
        fillMailbox(play.from)
        await life.pass()
        editMailbox(play.from)
        await life.pass({ allowDeletions: true })
        assertSame(endOf(play, life), end)
      }
    })
  })
}

test('a second process at the same state directory is turned away before it does anything, and the first is not disturbed', async () => {
  await using stage = await openStage('exchange')
  const play = stage.play()
  using life = startLife(play)
  fillMailbox(play.from)
  const running = life.pass()
  assert.throws(() => life.look(() => {}), { code: 'state-in-use' })
  const { statement } = await running
  assert.equal(statement.unexplained, 0)
})

test('a message that the source lists and does not hand out is failed with its reason, and comes over once it is handed out', async () => {
  await using stage = await openStage('dovecot')
  const play = stage.play()
  using life = startLife(play)
  fillMailbox(play.from)
  play.from.addMessage('INBOX', letter({ id: 'hidden' }))
  play.suffers('source', { hidesUids: [10] })
  const { statement } = await life.pass()
  assert.equal(statement.failed, 1)
  assert.equal(statement.found, statement.copied + statement.skipped + statement.failed)
  play.suffers('source', {})
  const again = await life.pass()
  assert.equal(again.tally.appends, 1)
  assert.equal(again.statement.failed, 0)
})

test('a message that breaks the connection whenever it is sent is given up with its reason, and all others arrive', async () => {
  await using stage = await openStage('dovecot')
  const play = stage.play()
  using life = startLife(play)
  fillMailbox(play.from)
  play.from.addMessage('INBOX', letter({ id: 'poison' }))
  play.suffers('destination', { dropsOnText: 'poison@' })
  const { statement } = await life.pass()
  assert.equal(statement.failed, 1)
  assert.equal(statement.found, statement.copied + statement.skipped + statement.failed)
  const ids = pictureOf(play.to).join('\n')
  assert.ok(!ids.includes('poison'))
  for (const id of ['in-1', 'in-goes', 'p-large', 's-1', 'a-2']) assert.match(ids, new RegExp(`/ ${id} `))
  assert.equal(pictureOf(play.to).filter((line) => line.includes('/ in-1 ')).length, 1)
})
