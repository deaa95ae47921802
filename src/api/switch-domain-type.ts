import type { JournalRow } from '../change/journal-row.ts'
import { openJournal } from '../change/open-journal.ts'
import { runChanges } from '../change/run-changes.ts'
import type { SceneOptions } from '../change/scene.ts'
import { undoChanges } from '../change/undo-changes.ts'
import { textIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import type { TenantCall } from '../tenant/call.ts'
import { tenantHands } from '../tenant/hands.ts'
import { settingChange } from '../tenant/settings.ts'
import { closedKey } from './closed-domains.ts'
import type { OpenSwitch } from './switch-open.ts'
import { journalOptions, quicker } from './tenant-open.ts'

/** Beyond this it is told, and tried again later. */
const WAIT_MS = 10 * 60_000

/**
 * Makes the domain refuse unknown recipients, as a change in the journal of the tenant. Where it does so already nothing is done, and
 * nothing will be taken back. Killed at any instant, it goes on where it was. Throws what went wrong.
 */
export async function closeDomain(open: OpenSwitch): Promise<void> {
  const { domain } = open.wanted
  const { admin } = await open.door()
  const { rows } = await admin.invoke('Get-AcceptedDomain', { Identity: domain })
  const change = settingChange({
    key: closedKey(domain),
    kind: 'domain',
    about: domain,
    title: `the accepted domain ${domain}`,
    noun: 'AcceptedDomain',
    identity: domain,
    different: [{ name: 'DomainType', wanted: { to: 'Authoritative', as: 'text' }, was: textIn(rows[0]?.['DomainType']) }],
  })
  await inJournal(open, async (scene) => {
    const { halted } = await runChanges([change], scene)
    const row = lastOf(scene, domain)
    if (row?.state === 'done' || row?.state === 'already') return
    throw halted ?? failureOf(row, `${domain} is not closed yet.`)
  })
}

/** Takes back what `closeDomain` did; what somebody else has changed since is left. Throws what went wrong. */
export async function openDomain(open: OpenSwitch): Promise<void> {
  const { domain } = open.wanted
  await inJournal(open, async (scene) => {
    const { halted } = await undoChanges({ ...scene, only: ({ change }) => change.key === closedKey(domain) })
    const row = lastOf(scene, domain)
    if (row === undefined || OVER.has(row.state)) return
    throw halted ?? failureOf(row, `${domain} is not opened again yet.`)
  })
}

/** Nothing, or no longer anything, of it is ours. */
const OVER: ReadonlySet<string> = new Set(['planned', 'already', 'dropped', 'undone', 'left'])

async function inJournal(open: OpenSwitch, body: (scene: SceneOptions<TenantCall>) => Promise<void>): Promise<void> {
  const { world, input, service } = open
  const door = await open.door()
  const clock = service === null ? world.clock : quicker(world.clock, world.simulatedHaste)
  using journal = openJournal<TenantCall>(journalOptions(clock, input.stateDir, input.env, door.tenantId))
  await body({ journal, hands: tenantHands(door, () => clock.now()), ctx: { ...open.ctx, clock }, waitMs: WAIT_MS })
}

function lastOf({ journal }: SceneOptions<TenantCall>, domain: string): JournalRow<TenantCall> | undefined {
  return journal.rows().findLast(({ change }) => change.key === closedKey(domain))
}

function failureOf(row: JournalRow<TenantCall> | undefined, says: string): Failure {
  return new Failure(row?.failure?.code ?? 'not-visible-yet', row?.failure?.text ?? says)
}
