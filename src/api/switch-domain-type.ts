import type { JournalRow } from '../change/journal-row.ts'
import { openJournal } from '../change/open-journal.ts'
import { runChanges } from '../change/run-changes.ts'
import type { SceneOptions } from '../change/scene.ts'
import { undoChanges } from '../change/undo-changes.ts'
import type { Context } from '../lib/context.ts'
import { textIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import type { TenantCall } from '../tenant/call.ts'
import { tenantHands } from '../tenant/hands.ts'
import { settingChange } from '../tenant/settings.ts'
import { closedKey } from './closed-domains.ts'
import { journalOptions } from './tenant-open.ts'
import type { TenantDoor } from './world.ts'

export type ClosingDomain = {
  readonly domain: string
  readonly door: Pick<TenantDoor, 'admin' | 'graph' | 'tenantId'>
  /** What is waited for passes in its time. */
  readonly ctx: Context
  readonly stateDir: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Beyond this it is told, and tried again later. */
const WAIT_MS = 10 * 60_000

/**
 * Makes the domain refuse unknown recipients, as a change in the journal of the tenant. Where it does so already nothing is done, and
 * nothing will be taken back. Killed at any instant, it goes on where it was. Throws what went wrong.
 */
export async function closeDomain(one: ClosingDomain): Promise<void> {
  const { domain, door } = one
  const { rows } = await door.admin.invoke('Get-AcceptedDomain', { Identity: domain })
  const change = settingChange({
    key: closedKey(domain),
    kind: 'domain',
    about: domain,
    title: `the accepted domain ${domain}`,
    noun: 'AcceptedDomain',
    identity: domain,
    different: [{ name: 'DomainType', wanted: { to: 'Authoritative', as: 'text' }, was: textIn(rows[0]?.['DomainType']) }],
  })
  await inJournal(one, async (scene) => {
    const { halted } = await runChanges([change], scene)
    const row = rowsOf(scene, domain).at(-1)
    if (row?.state === 'done' || row?.state === 'already') return
    throw halted ?? failureOf(row, `${domain} is not closed yet.`)
  })
}

/** Takes back what `closeDomain` did; what somebody else has changed since is left. Throws what went wrong. */
export async function openDomain(one: ClosingDomain): Promise<void> {
  const { domain } = one
  await inJournal(one, async (scene) => {
    const { halted } = await undoChanges({ ...scene, only: ({ change }) => change.key === closedKey(domain) })
    const row = rowsOf(scene, domain).find(({ state }) => !OVER.has(state))
    if (row !== undefined) throw halted ?? failureOf(row, `${domain} is not opened again yet.`)
  })
}

/** Nothing, or no longer anything, of it is ours. */
const OVER: ReadonlySet<string> = new Set(['planned', 'already', 'dropped', 'undone', 'left'])

async function inJournal(
  { door, ctx, stateDir, env }: ClosingDomain,
  body: (scene: SceneOptions<TenantCall>) => Promise<void>,
): Promise<void> {
  using journal = openJournal<TenantCall>(journalOptions(ctx.clock, stateDir, env, door.tenantId))
  await body({ journal, hands: tenantHands(door, () => ctx.clock.now()), ctx, waitMs: WAIT_MS })
}

function rowsOf({ journal }: SceneOptions<TenantCall>, domain: string): readonly JournalRow<TenantCall>[] {
  return journal.rows().filter(({ change }) => change.key === closedKey(domain))
}

function failureOf(row: JournalRow<TenantCall> | undefined, says: string): Failure {
  return new Failure(row?.failure?.code ?? 'not-visible-yet', row?.failure?.text ?? says)
}
