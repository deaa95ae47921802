import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../lib/context.ts'
import type { Finding } from '../model/change.ts'
import { Failure } from '../model/failure.ts'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import type { FileContent } from '../microsoft/cmdlet.ts'
import { checkName, groupedBatches, listOf, type Batch } from '../native/csv.ts'
import { nativeHands } from '../native/hands.ts'
import { NATIVE_LIMITS } from '../native/limits.ts'
import type { NativeChange } from '../native/native-call.ts'
import { explained } from '../native/native-errors.ts'
import { batchChange, endpointFor, restartChange, type Server } from '../native/plan.ts'
import { batchesIn, endpointsIn } from '../native/reads.ts'
import { listName, nativeScript } from '../native/script.ts'
import { batchStanding } from '../native/states.ts'
import { writeWhole } from '../report/write-whole.ts'
import { enrol, nativeRows } from './native-books.ts'
import type {
  NativeCheckInput,
  NativeCheckResult,
  NativeRunResult,
  NativeScriptInput,
  NativeScriptResult,
  NativeStartInput,
} from './native-input.ts'
import { exchangeUrl, lookedUp, nativeList, type NativeList } from './native-list.ts'
import { runNative } from './native-run.ts'
import type { TenantDoor, World } from './world.ts'

/** Whether Microsoft's own batches can take these mailboxes. Changes nothing, and asks the old server nothing. */
export async function nativeCheck(world: World, input: NativeCheckInput): Promise<NativeCheckResult> {
  const list = await nativeList(input, false)
  const to = input.destination === null ? null : exchangeUrl(input.destination)
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const door = to === null ? null : await world.tenant(input.identity, cloudOf(to, input), to.simulator, ctx)
  const targets = list.mailboxes.map(({ target }) => target)
  const tenant = door === null ? null : await lookedUp(door.admin, targets)
  const ours = tenant === null ? tenant : { ...tenant, batchOf: withoutOurs(tenant.batchOf, input.stateDir) }
  const findings = list.findings(ours, to?.simulator !== null && to !== null, input.excludeFolders)
  return {
    fits: !findings.some(({ severity }) => severity === 'blocker'),
    mailboxes: targets.length,
    askedTenant: tenant !== null,
    findings,
    limits: NATIVE_LIMITS,
  }
}

/**
 * Makes the endpoint and the batches, and starts them, once a person approved. Mailboxes that a blocker is about are left out. Run
 * again it goes on: mailboxes that are at it are left alone, and batches that stopped or failed are started again.
 */
export async function nativeStart(world: World, input: NativeStartInput): Promise<NativeRunResult> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  checkName(input.name)
  const startAfter = momentOf(input.startAfter)
  const list = await nativeList(input, true)
  const to = exchangeUrl(input.destination)
  const door = await world.tenant(input.identity, cloudOf(to, input), to.simulator, ctx)
  const tenant = await lookedUp(
    door.admin,
    list.mailboxes.map(({ target }) => target),
  )
  const batchOf = withoutOurs(tenant.batchOf, input.stateDir)
  const findings = list.findings({ ...tenant, batchOf }, to.simulator !== null, input.excludeFolders)
  const { taken, leftOut, hopeless } = sorted(list, findings, tenant.batchOf)
  const none = { approved: true, findings, leftOut, batches: [], changes: [], halted: null }
  if (hopeless) return none
  const settings = { excludeFolders: input.excludeFolders, notify: input.notify, startAfter }
  const known = await batchesIn(door.admin)
  const batches = batchesFor(input.name, taken, list)
  refuseTaken(batches, known)
  const changes: NativeChange[] = againChanges(known, list, input.stateDir, ctx)
  if (batches.length > 0) {
    const wanted = { ...list.server, name: input.endpoint, maxMigrations: input.maxMigrations, maxIncremental: input.maxIncremental }
    const endpoint = endpointFor(wanted, await endpointsIn(door.admin))
    if (endpoint.change !== null) await refuseUnreachable(door.admin, list.server)
    changes.push(
      ...(endpoint.change === null ? [] : [endpoint.change]),
      ...batches.map((batch) => batchChange(batch, endpoint.name, settings)),
    )
  }
  if (changes.length === 0) return none
  const approved = await input.approve({ says: changes.map(({ says }) => says), findings })
  if (!approved) return { ...none, approved: false }
  enrol(world, input.stateDir, to, list.mailboxes, batches)
  const ran = await runNative(changes, handsFor(door, batches), door.tenantId, input, ctx)
  return { ...none, batches: batches.map(({ name }) => name), ...ran }
}

/** The same as a script for a person to run. Asks nobody; the lists are read from files, where a person puts the passwords in. */
export async function nativeAsScript(world: World, input: NativeScriptInput): Promise<NativeScriptResult> {
  checkName(input.name)
  const list = await nativeList(input, false)
  const to = exchangeUrl(input.destination)
  const findings = list.findings(null, to.simulator !== null, input.excludeFolders)
  const { taken } = sorted(list, findings, new Map())
  if (taken.length === 0) return { script: '', findings, lists: [] }
  const batches = batchesFor(input.name, taken, list)
  const wanted = { ...list.server, name: input.endpoint, maxMigrations: input.maxMigrations, maxIncremental: input.maxIncremental }
  const endpoint = endpointFor(wanted, [])
  const settings = { excludeFolders: input.excludeFolders, notify: input.notify, startAfter: momentOf(input.startAfter) }
  const changes = [
    ...(endpoint.change === null ? [] : [endpoint.change]),
    ...batches.map((one) => batchChange(one, endpoint.name, settings)),
  ]
  const { listDir } = input
  if (listDir !== null) {
    await mkdir(listDir, { recursive: true, mode: 0o700 })
    for (const batch of batches) await writeWhole(join(listDir, listName(batch.name)), [Buffer.from(listOf(batch, false)).toString('utf8')])
  }
  enrol(world, input.stateDir, to, list.mailboxes, batches)
  return {
    script: nativeScript(changes, cloudOf(to, input)),
    findings,
    lists: batches.map(({ name, rows }) => ({ batch: name, file: listName(name), rows: rows.length, written: listDir !== null })),
  }
}

/** One batch for each word in the column `batch` of the list. */
function batchesFor(name: string, taken: NativeList['mailboxes'], list: NativeList): readonly Batch[] {
  const groups = Map.groupBy(taken, ({ batch }) => batch ?? '')
  return groupedBatches(
    name,
    [...groups].map(([group, mailboxes]) => ({ group, rows: mailboxes.map(list.rowOf) })),
  )
}

type Sorted = {
  readonly taken: NativeList['mailboxes']
  readonly leftOut: readonly string[]
  /** A blocker is about the server: there is nothing that could be done. */
  readonly hopeless: boolean
}

function sorted(list: NativeList, findings: readonly Finding[], batchOf: ReadonlyMap<string, string>): Sorted {
  const blocked = new Set(findings.flatMap(({ severity, about }) => (severity === 'blocker' ? [about.toLowerCase()] : [])))
  const isTaken = ({ target }: { readonly target: string }): boolean =>
    !blocked.has(target.toLowerCase()) && !batchOf.has(target.toLowerCase())
  const taken = list.mailboxes.filter(isTaken)
  const targets = new Set(list.mailboxes.map(({ target }) => target.toLowerCase()))
  return {
    taken,
    leftOut: list.mailboxes.filter((one) => !isTaken(one)).map(({ target }) => target),
    hopeless: [...blocked].some((about) => !targets.has(about)),
  }
}

/** Mailboxes of this state directory may be in the batch that we know them in. */
function withoutOurs(batchOf: ReadonlyMap<string, string>, stateDir: string): ReadonlyMap<string, string> {
  const ours = new Map(nativeRows(stateDir).map(({ target, batch }) => [target.toLowerCase(), batch.toLowerCase()]))
  return new Map([...batchOf].filter(([target, batch]) => ours.get(target) !== batch.toLowerCase()))
}

/** Batches of ours, of these mailboxes, that came to rest without success. */
function againChanges(
  known: Awaited<ReturnType<typeof batchesIn>>,
  list: NativeList,
  stateDir: string,
  { clock }: Context,
): NativeChange[] {
  const targets = new Set(list.mailboxes.map(({ target }) => target.toLowerCase()))
  const ours = nativeRows(stateDir).filter(({ target }) => targets.has(target.toLowerCase()))
  const names = new Set(ours.map(({ batch }) => batch.toLowerCase()))
  const again = known.filter(({ name, status }) => {
    const { state } = batchStanding(status)
    return names.has(name.toLowerCase()) && (state === 'stopped' || state === 'failed' || status.toLowerCase() === 'created')
  })
  return again.map(({ name }) => restartChange(name, new Date(clock.now()).toISOString()))
}

function refuseTaken(batches: readonly Batch[], known: readonly { readonly name: string }[]): void {
  const names = new Set(known.map(({ name }) => name.toLowerCase()))
  const taken = batches.find(({ name }) => names.has(name.toLowerCase()))
  if (taken !== undefined)
    throw new Failure('object-exists', `There is a migration batch "${taken.name}" already. Choose another name with --name.`)
}

async function refuseUnreachable(admin: ExchangeAdmin, { host, port, security }: Server): Promise<void> {
  const parameters = { IMAP: true, RemoteServer: host, Port: port, Security: security }
  const [row] = (await admin.invoke('Test-MigrationServerAvailability', parameters)).rows
  if (row === undefined || String(row['Result']).toLowerCase() === 'success') return
  const text = [row['Message'], row['ErrorDetail']].find((one) => typeof one === 'string' && one !== '')
  const meaning = explained(typeof text === 'string' ? text : null)
  throw new Failure('request-refused', `Microsoft could not use ${host}:${port}. ${meaning?.says ?? ''} ${meaning?.help ?? ''}`.trim(), {
    notDone: true,
    ...(typeof text === 'string' ? { serverText: text } : {}),
  })
}

function handsFor(door: TenantDoor, batches: readonly Batch[]) {
  const lists = batches.map((batch): [string, FileContent] => {
    return [batch.name, { kind: 'file', name: listName(batch.name), bytes: listOf(batch, true) }]
  })
  const passwords = batches.flatMap(({ rows }) => rows.map(({ password }) => password?.reveal() ?? ''))
  return nativeHands(door.admin, new Map(lists), [...new Set(passwords)])
}

function momentOf(text: string | null): string | null {
  if (text === null) return null
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new Failure('bad-input', `"${text}" is no moment: right is for example 2026-12-01T20:00:00Z.`)
  return new Date(ms).toISOString().slice(0, 19)
}

export function cloudOf(
  to: { readonly cloud: NativeStartInput['cloud'] },
  input: Pick<NativeStartInput, 'cloud'>,
): NativeStartInput['cloud'] {
  return to.cloud === 'global' ? input.cloud : to.cloud
}
