import { keptAssessment } from '../assess/kept-assessment.ts'
import { quietFrom } from '../project/blackout.ts'
import { counted } from '../project/blockers.ts'
import type { VerificationFact } from '../project/facts.ts'
import { addEvent, addFact } from '../project/store-records.ts'
import type { Work } from '../project/work.ts'
import { Failure } from '../model/failure.ts'
import { COPY_DEFAULTS, VERIFY_DEFAULTS } from './defaults.ts'
import { addressesOf, type Scene } from './project-scene.ts'
import type { MailboxOutcome } from './results.ts'

/** `broken`: not all of them came to their end. */
export type Carried = { readonly says: string; readonly broken: boolean }

/** One pass over mailboxes, as the definition's `transfer` says. Ends when hours of quiet begin. */
export async function copyMailboxes(scene: Scene, work: Extract<Work, { do: 'copy' }>): Promise<Carried> {
  const { world, open } = scene
  const { transfer, timeZone } = open.plan
  const { copy } = await import('./copy.ts')
  const addresses = await addressesOf(scene, work.mailboxes)
  const quiet = quietSignal(scene, transfer.blackouts, timeZone)
  const began = world.clock.now()
  const result = await copy(world, {
    ...COPY_DEFAULTS,
    ...addresses,
    signal: quiet.signal,
    onMailboxes: scene.onMailboxes,
    onProgress: quiet.watched,
    deletions: transfer.deletions,
    oldestFirst: transfer.oldestFirst,
    connections: transfer.connections,
    mailboxesAtOnce: transfer.mailboxesAtOnce,
    bytesPerSecond: transfer.bytesPerSecond,
    ...(transfer.bytesPerDay === null ? {} : { bytesPerDay: transfer.bytesPerDay }),
    sizes: sizesIn(open.project.stateDir),
    ...(work.afterSwitch === null ? {} : { afterSwitch: { at: work.afterSwitch, ttlSeconds: 3600, oldHosts: oldHosts(scene) } }),
  })
  scene.signal.throwIfAborted()
  const broken = result.mailboxes.filter(({ failure }) => failure !== null)
  const says = `${result.mailboxes.length - broken.length} of ${mailboxes(result.mailboxes.length)} copied to the end, ${messages(result.appends)} written`
  addEvent(open.project, {
    kind: 'pass-ended',
    says,
    data: { key: work.key, seconds: (world.clock.now() - began) / 1000, appends: result.appends, mailboxes: result.mailboxes.map(outcome) },
  })
  return { says, broken: broken.length > 0 }
}

function outcome({ name, pass, found, copied, skipped, failed, bytes, appends, failure }: MailboxOutcome): object {
  return { name, pass, found, copied, skipped, failed, bytes, appends, failure: failure?.code ?? null }
}

/** Aborted by the run, and once hours of quiet begin: what is in flight then comes to its end. */
function quietSignal(
  { world, signal, onProgress }: Scene,
  blackouts: readonly string[],
  timeZone: string,
): Pick<Scene, 'signal'> & { readonly watched: Scene['onProgress'] } {
  const from = quietFrom(blackouts, timeZone, world.clock.now())
  const quiet = new AbortController()
  return {
    signal: AbortSignal.any([signal, quiet.signal]),
    watched(progress) {
      onProgress(progress)
      if (from !== null && world.clock.now() >= from && !quiet.signal.aborted)
        quiet.abort(new Failure('stopped', 'Hours began in which nothing is copied.'))
    },
  }
}

/** Of the mailboxes, as the analysis found them. */
function sizesIn(stateDir: string): ReadonlyMap<string, number> {
  try {
    return new Map((keptAssessment(stateDir)?.mailboxes ?? []).map(({ name, bytes }) => [name, bytes]))
  } catch (error) {
    // It is only about the order.
    if (error instanceof Failure) return new Map()
    throw error
  }
}

function oldHosts({ open }: Scene): readonly string[] {
  const named = open.definition.sections.source?.old_mx
  return named === undefined ? [] : [named.split('=')[0] ?? '']
}

/** Compares mailboxes with the old side, and copies again what is missing as long as nobody works at the new side. */
export async function verifyMailboxes(scene: Scene, work: Extract<Work, { do: 'verify' }>): Promise<Carried> {
  const { world, open, state } = scene
  const { verify } = await import('./verify.ts')
  const addresses = await addressesOf(scene, work.mailboxes)
  const quiet = quietSignal(scene, open.plan.transfer.blackouts, open.plan.timeZone)
  const at = world.clock.now()
  const result = await verify(world, {
    ...VERIFY_DEFAULTS,
    ...addresses,
    signal: quiet.signal,
    onMailboxes: scene.onMailboxes,
    onProgress: quiet.watched,
    level: work.level,
    repair: work.books === 'verification',
  })
  scene.signal.throwIfAborted()
  // What was not begun has no result of its own: it is gone on with after the hours of quiet.
  const rows = result.mailboxes
    .filter(({ failure }) => failure?.code !== 'stopped')
    .map(({ name, missing, extra, different, unexplained, failure }): VerificationFact['mailboxes'][number] => ({
      name,
      at,
      missing,
      extra,
      different,
      unexplained,
      trouble: failure?.message ?? null,
    }))
  const before = state.facts[work.books]?.data.mailboxes.filter(({ name }) => !rows.some((one) => one.name === name)) ?? []
  addFact(open.project, work.books, { level: work.level, mailboxes: [...before, ...rows] })
  const says = `${mailboxes(rows.length)} compared: ${result.missing} missing, ${result.different} different, ${result.unexplained} unexplained`
  addEvent(open.project, {
    kind: work.books === 'verification' ? 'verified' : 'reconciled',
    says,
    data: { level: work.level, mailboxes: rows },
  })
  return { says, broken: rows.some(({ trouble }) => trouble !== null) }
}

function mailboxes(count: number): string {
  return counted(count, 'mailbox', 'mailboxes')
}

function messages(count: number): string {
  return counted(count, 'message')
}
