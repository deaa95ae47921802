import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Hands } from '../change/hands.ts'
import type { Journal } from '../change/journal.ts'
import { openJournal } from '../change/open-journal.ts'
import { runChanges } from '../change/run-changes.ts'
import { undoChanges } from '../change/undo-changes.ts'
import { settled } from '../lib/hand-clock.fixture.ts'
import { Failure } from '../model/failure.ts'
import type { WantedTenant } from '../model/wanted-tenant.ts'
import { snapshot } from '../tenant-simulator/snapshot.ts'
import type { TenantCall } from './call.ts'
import { tenantHands } from './hands.ts'
import { NOTHING_WANTED, wantedMailbox } from './mail-flow/mail-flow.fixture.ts'
import { wantedGroup } from './mailboxes/mailbox.fixture.ts'
import { planTenant } from './plan-all.ts'
import { simulatedTenant, type SimulatedTenant } from './tenant.fixture.ts'

const MB = 1024 ** 2
const person = (name: string, at: number): WantedTenant['mailboxes'][number] =>
  wantedMailbox(`${name}@example.test`, {
    displayName: name,
    licences: ['ENTERPRISEPACK'],
    usageLocation: 'DE',
    language: at % 2 === 0 ? 'de-DE' : null,
    timeZone: at % 2 === 0 ? 'W. Europe Standard Time' : null,
    aliases: [`${name}.second@example.test`],
    protocols: { pop: false },
    fullAccess: at === 0 ? ['ben@example.test'] : [],
    sendAs: at === 1 ? ['anna@example.test'] : [],
  })
const NAMES = ['anna', 'ben', 'carla', 'dirk']
const WANTED: WantedTenant = {
  ...NOTHING_WANTED,
  mailboxes: [
    ...NAMES.map(person),
    wantedMailbox('info@example.test', { kind: 'shared', displayName: 'Info', fullAccess: ['anna@example.test'] }),
  ],
  groups: [wantedGroup('team@example.test', 'Team', { members: NAMES.map((name) => `${name}@example.test`) })],
  contacts: [{ where: 'cutover.yaml line 3', address: 'out@elsewhere.example', name: 'Out' }],
  migration: { ...NOTHING_WANTED.migration, app: { displayName: 'mover' }, sizes: { receiveBytes: 150 * MB, sendBytes: 150 * MB } },
}

class Killed extends Error {}

/** Runs against a tenant until a moment at which the process would be dead: nothing more is written or sent then. */
class Mortal implements Disposable {
  // A journal in memory: a sync there costs nothing.
  readonly directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cutover-killed-'))
  readonly #tenant: SimulatedTenant
  #left = Infinity
  #lost: readonly number[] = []
  #sent = 0

  constructor(tenant: SimulatedTenant) {
    this.#tenant = tenant
  }

  #moment(): void {
    if (--this.#left <= 0) throw new Killed()
  }

  get hands(): Hands<TenantCall> {
    const real = tenantHands(this.#tenant.clients, () => this.#tenant.clients.ctx.clock.now())
    return {
      ...real,
      send: async (call, fill) => {
        this.#moment()
        const output = await real.send(call, fill)
        this.#moment()
        if (this.#lost.includes(++this.#sent)) throw new Failure('connection-lost', 'The reply was lost.')
        return output
      },
      read: async (call) => {
        this.#moment()
        return await real.read(call)
      },
    }
  }

  /** null: it died. */
  async live<T>(moments: number, lost: readonly number[], work: (journal: Journal<TenantCall>) => Promise<T>): Promise<T | null> {
    const { clock } = this.#tenant.clients.ctx
    const now = (): number => {
      this.#moment()
      return clock.now()
    }
    ;[this.#left, this.#lost, this.#sent] = [moments, lost, 0]
    try {
      using journal = openJournal<TenantCall>({ directory: this.directory, system: 'tenant', sealKey: null, now })
      return await work(journal)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      return null
    } finally {
      await settled()
      this.#left = Infinity
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true })
  }
}

const DAY_MS = 86_400_000
const moments = fc.array(fc.integer({ min: 60, max: 500 }), { minLength: 1, maxLength: 4 })

test('a tenant that is prepared by a process killed again and again is as wanted in the end, and after an undo as it was', async () => {
  await fc.assert(
    fc.asyncProperty(moments, moments, fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }), async (kills, undoKills, lost) => {
      await using tenant = await simulatedTenant()
      using process = new Mortal(tenant)
      const { hands } = process
      const { ctx } = tenant.clients
      const first = snapshot(tenant.simulator.world)
      const plan = () => planTenant(tenant.clients, tenant.simulator.clientId, WANTED, [])
      for (const n of [...kills, Infinity]) {
        const { changes, findings } = await plan()
        assert.deepEqual(
          findings.filter(({ severity }) => severity === 'blocker'),
          [],
        )
        const done = await process.live(n, lost, (journal) => runChanges(changes, { journal, hands, ctx, waitMs: DAY_MS }))
        if (n === Infinity) assert.deepEqual(done?.statement.open, [])
      }
      assert.deepEqual((await plan()).changes, [])
      const passwords = await process.live(Infinity, [], async (journal) => Promise.resolve(journal.handOut(() => {})))
      assert.deepEqual(
        passwords?.map(({ about }) => about).toSorted(),
        NAMES.map((name) => `${name}@example.test`),
      )
      for (const n of [...undoKills, Infinity]) {
        const undone = await process.live(n, lost, (journal) => undoChanges({ journal, hands, ctx, waitMs: DAY_MS }))
        if (n === Infinity) assert.deepEqual(undone?.statement.open, [])
      }
      tenant.simulator.advance(DAY_MS)
      assert.deepEqual(snapshot(tenant.simulator.world), first)
    }),
    { numRuns: 4 },
  )
})
