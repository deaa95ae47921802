import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copy } from './copy.ts'
import { COPY_DEFAULTS, VERIFY_DEFAULTS } from './defaults.ts'
import { rehearseMail } from './rehearse-mail.ts'
import type { CopyInput } from './operations.ts'
import type { RehearseInput } from './simulation.ts'
import type { CopyResult, RehearsalResult } from './results.ts'
import { writeMailboxList } from './simulate.ts'
import { verify } from './verify.ts'
import type { World } from './world.ts'

type Step = RehearsalResult['steps'][number]

/**
 * The main job on the simulator: copy, edits at the source, delta, a pass with nothing new, verification of every message's
 * content. Touches nothing outside this machine and leaves nothing behind.
 */
export async function rehearse(world: World, input: RehearseInput): Promise<RehearsalResult> {
  const directory = await mkdtemp(join(tmpdir(), 'cutover-rehearsal-'))
  await using simulated = await world.startSimulator({
    mailboxes: input.mailboxes,
    messages: input.messages,
    seed: input.seed,
    personality: 'dovecot',
    faulty: false,
  })
  try {
    const mailboxesFile = join(directory, 'mailboxes.csv')
    await writeMailboxList(mailboxesFile, simulated)
    const addresses = {
      source: simulated.sourceUrl,
      destination: simulated.destinationUrl,
      mailboxesFile,
      stateDir: join(directory, 'state'),
      caFile: null,
      only: [],
      identity: null,
      cloud: 'global' as const,
      env: {},
      signal: input.signal,
      onMailboxes: (names: readonly string[]) => input.onMailboxes(names),
      onProgress: (progress: Parameters<typeof input.onProgress>[0]) => input.onProgress(progress),
    }
    const copying: CopyInput = { ...addresses, ...COPY_DEFAULTS }
    const steps: Step[] = []
    const timed = async <T>(work: () => Promise<T>, tell: (result: T) => Pick<Step, 'says' | 'ok'>): Promise<T> => {
      const began = world.clock.now()
      const result = await work()
      steps.push({ ...tell(result), seconds: (world.clock.now() - began) / 1000 })
      return result
    }
    const initial = await timed(
      () => copy(world, copying),
      (done) => ({
        says: `First pass: ${done.copied} of ${done.found} messages copied from ${done.mailboxes.length} mailboxes`,
        ok: isClosed(done),
      }),
    )
    const edits = simulated.edit()
    steps.push({ says: `Edits at the source: ${edits.length}, such as "${edits[0] ?? 'none'}"`, seconds: 0, ok: edits.length > 0 })
    const delta = await timed(
      () => copy(world, copying),
      (done) => ({ says: `Delta: ${deltaSays(done)}`, ok: isClosed(done) && done.appends > 0 }),
    )
    const before = simulated.appends()
    const idle = await timed(
      () => copy(world, copying),
      (done) => ({
        says: `Once more with nothing new: ${done.appends} messages written`,
        ok: done.appends === 0 && simulated.appends() === before,
      }),
    )
    const verified = await timed(
      () => verify(world, { ...addresses, ...VERIFY_DEFAULTS }),
      (done) => ({
        says: `Verified, the content of ${done.compared ?? 0} messages: ${done.missing} missing, ${done.extra} extra, ${done.different} different`,
        ok: done.missing + done.extra + done.different + done.unexplained === 0,
      }),
    )
    if (input.mail === true) steps.push(...(await rehearseMail(world, input.signal)))
    const { found, copied, skipped, failed, missing, extra, different, unexplained, level } = verified
    const passes = [initial, delta, idle]
    return {
      ...idle,
      mailboxes: idle.mailboxes.map((mailbox, at) => ({
        ...mailbox,
        ...sums(passes.map((pass) => pass.mailboxes[at])),
      })),
      seconds: passes.reduce((sum, pass) => sum + pass.seconds, 0),
      appends: passes.reduce((sum, pass) => sum + pass.appends, 0),
      steps,
      verify: { found, copied, skipped, failed, missing, extra, different, unexplained, level },
      ok: steps.every((step) => step.ok),
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function isClosed(result: CopyResult): boolean {
  return result.unexplained === 0 && result.mailboxes.every((mailbox) => mailbox.failure === null)
}

function deltaSays(result: CopyResult): string {
  const sum = (of: (mailbox: CopyResult['mailboxes'][number]) => number): number =>
    result.mailboxes.reduce((total, one) => total + of(one), 0)
  return `${result.appends} new, ${sum((one) => one.flagsChanged)} flags changed, ${sum((one) => one.moved)} moved, ${sum((one) => one.deleted)} deleted`
}

function sums(
  rows: readonly (CopyResult['mailboxes'][number] | undefined)[],
): Record<'seconds' | 'appends' | 'flagsChanged' | 'moved' | 'deleted', number> {
  const total = { seconds: 0, appends: 0, flagsChanged: 0, moved: 0, deleted: 0 }
  for (const row of rows) {
    total.seconds += row?.seconds ?? 0
    total.appends += row?.appends ?? 0
    total.flagsChanged += row?.flagsChanged ?? 0
    total.moved += row?.moved ?? 0
    total.deleted += row?.deleted ?? 0
  }
  return total
}
