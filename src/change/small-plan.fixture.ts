import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../lib/log.ts'
import type { Context } from '../lib/context.ts'
import type { Change } from '../model/change.ts'
import type { Journal } from './journal.ts'
import { openJournal } from './open-journal.ts'
import { IdleClock, SmallSystem, type SmallCall } from './small-system.fixture.ts'

export type SmallChange = Change<SmallCall>

export function small(key: string, more: Partial<SmallChange>): SmallChange {
  return {
    key,
    kind: 'small',
    about: key,
    says: `Do ${key}`,
    after: [],
    look: { call: { do: 'look', name: key } },
    expect: { is: 'there', id: 'id' },
    calls: [{ do: 'make', name: key, values: {} }],
    undo: [{ do: 'remove', id: { $: 'made.id' } }],
    takes: 'seconds',
    ...more,
  }
}

/** One change of each kind, some after others, on what `smallWorld` holds. */
export const SMALL_PLAN: readonly SmallChange[] = [
  small('legacy', {
    expect: { is: 'gone' },
    calls: [{ do: 'remove', id: { $: 'before.id' } }],
    undo: [{ do: 'make', name: 'legacy', values: { size: { $: 'before.size' } } }],
  }),
  small('settings', {
    look: { call: { do: 'look', name: 'org' } },
    expect: { is: 'set', values: { size: { to: '36MB', as: 'size' }, mode: { to: 'on', as: 'text' } } },
    calls: [
      { do: 'set', name: 'org', values: { size: '36 MB (37,748,736 bytes)' } },
      { do: 'set', name: 'org', values: { mode: 'on' } },
    ],
    undo: [
      { do: 'set', name: 'org', values: { size: { $: 'before.size' } } },
      { do: 'set', name: 'org', values: { mode: { $: 'before.mode' } } },
    ],
  }),
  small('mailbox size', {
    after: ['mailbox anna'],
    look: { call: { do: 'look', name: 'mailbox anna' } },
    expect: { is: 'set', values: { size: { to: '150MB', as: 'size' } } },
    calls: [{ do: 'set', name: 'mailbox anna', values: { size: '150MB' } }],
    undo: [{ do: 'set', name: 'mailbox anna', values: { size: { $: 'before.size' } } }],
  }),
  small('mailbox anna', { after: ['anna'], calls: [], undo: [], takes: 'minutes' }),
  small('anna', {
    calls: [{ do: 'make', name: 'anna', values: { password: { $: 'secret.password' } } }],
    secrets: ['password'],
  }),
  small('members', {
    after: ['group', 'anna'],
    look: { call: { do: 'look', name: 'group' } },
    expect: { is: 'holds', property: 'members', entries: ['anna', 'ben'] },
    calls: [{ do: 'add', name: 'group', list: 'members', entries: { $: 'added' } }],
    undo: [{ do: 'take', name: 'group', list: 'members', entries: { $: 'added' } }],
  }),
  small('group', { calls: [{ do: 'make', name: 'group', values: { members: ['ben'] } }] }),
  small('owners', {
    look: { call: { do: 'look', name: 'org' } },
    expect: { is: 'lacks', property: 'owners', entries: ['carl', 'dora'] },
    calls: [{ do: 'take', name: 'org', list: 'owners', entries: { $: 'removed' } }],
    undo: [{ do: 'add', name: 'org', list: 'owners', entries: { $: 'removed' } }],
  }),
  small('there', {}),
]

export type SmallWorld = Disposable & {
  readonly clock: IdleClock
  readonly system: SmallSystem
  readonly ctx: Context
  open(onWrite?: () => void): Journal<SmallCall>
}

/** A small system and a state directory. `onWrite` is asked before each write of the journal. */
export function smallWorld(lagMs = 3000): SmallWorld {
  // Many journals are written here, and a sync in memory costs nothing.
  const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cutover-change-'))
  const clock = new IdleClock()
  const system = new SmallSystem(clock, lagMs)
  system.put('org', { size: '25 MB (26,214,400 bytes)', mode: 'off', owners: ['carl', 'emil'] })
  system.put('legacy', { size: '1KB' })
  system.put('there', {})
  system.provisioned.set('anna', { name: 'mailbox anna', afterMs: 9 * 60_000, values: { size: '35MB' } })
  clock.pass(60_000)
  return {
    clock,
    system,
    ctx: { clock, log: silentLog, signal: new AbortController().signal },
    open: (onWrite = () => {}) =>
      openJournal<SmallCall>({
        directory: join(directory, 'tenant'),
        system: 'small',
        sealKey: null,
        now: () => {
          onWrite()
          return clock.now()
        },
      }),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  }
}
