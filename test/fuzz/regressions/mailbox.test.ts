/** Histories that once ended wrong, shrunk. Each must now end right, whatever the destination is. */
import { describe, test } from 'node:test'
import { openStage, type StageKind } from '../../crash/stage.ts'
import type { Day, Edit, History, Touch } from '../history.ts'
import { liveThrough } from '../live.ts'

const ADD: Edit = { do: 'add', folder: 0, kind: 'plain', flags: 0 }
const NAMELESS: Edit = { do: 'add', folder: 0, kind: 'nameless', flags: 0 }
const TWIN: Edit = { do: 'add', folder: 0, kind: 'twin', flags: 0 }

function day(edits: readonly Edit[], touches: readonly Touch[] = [], forget = false): Day {
  return { forget, edits, touches, meanwhile: null, trouble: null }
}

function history(...days: readonly Day[]): History {
  return { days, diesAt: null, both: false }
}

const ONCE_WRONG: Readonly<Record<string, History>> = {
  'a message moves out of a folder whose UIDVALIDITY changes at the same time': history(
    day([ADD]),
    day([
      { do: 'move', message: 0, folder: 1 },
      { do: 'revalidate', folder: 0 },
    ]),
  ),
  'a message moves that the ledger only knows by adoption': history(
    day([ADD]),
    day([], [], true),
    day([{ do: 'move', message: 0, folder: 1 }]),
  ),
  'a message moves and gets other flags at the same time': history(
    day([ADD]),
    day([
      { do: 'flags', message: 0, flags: 4 },
      { do: 'move', message: 0, folder: 1 },
    ]),
  ),
  'a message that was marked as deleted is so no more when its twin is removed': history(
    day([{ do: 'add', folder: 1, kind: 'plain', flags: 0 }, { do: 'mark', message: 0 }, TWIN]),
    day([
      { do: 'remove', message: 0 },
      { do: 'mark', message: 0 },
    ]),
  ),
  'a message with other flags takes the place of its twin that was marked as deleted': history(
    day([
      { do: 'add', folder: 1, kind: 'plain', flags: 1 },
      { do: 'add', folder: 1, kind: 'twin', flags: 0 },
      { do: 'mark', message: 1 },
      { do: 'copy', message: 0, folder: 0 },
    ]),
    day([
      { do: 'remove', message: 0 },
      { do: 'remove', message: 0 },
      { do: 'mark', message: 0 },
    ]),
  ),
  'the person and the source move a message to the same folder, and the source moves it back': history(
    day([ADD]),
    day([{ do: 'move', message: 0, folder: 2 }], [{ touch: 'move', message: 0, folder: 3 }]),
    day([{ do: 'move', message: 0, folder: 0 }]),
  ),
}

/** Once wrong when the process died at some step. */
const WITH_DEATH: Readonly<Record<string, History>> = {
  'a destination throttles while a message is repaired': history({
    ...day([{ do: 'add', folder: 0, kind: 'odd', flags: 0 }]),
    trouble: { side: 'destination', fault: { throttle: { every: 2, ms: 2 } } },
  }),
  'a message is deleted at the source': history(day([ADD]), day([{ do: 'remove', message: 0 }])),
  'two equal messages that have no name and a third': history(day([NAMELESS, TWIN, NAMELESS])),
}

for (const kind of ['exchange', 'dovecot'] as const satisfies readonly StageKind[]) {
  describe(`copied to ${kind}`, () => {
    for (const [says, one] of Object.entries(ONCE_WRONG)) {
      test(`${says}: nothing is lost or doubled`, async () => {
        await using stage = await openStage(kind)
        await liveThrough(stage, kind, one)
      })
    }
    for (const [says, one] of Object.entries(WITH_DEATH)) {
      test(`${says}, with a death at any step: nothing is lost or doubled`, async () => {
        await using stage = await openStage(kind)
        for (let diesAt = 1; diesAt < 24; diesAt++) await liveThrough(stage, kind, { ...one, diesAt })
      })
    }
  })
}
