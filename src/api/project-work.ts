import { Failure } from '../model/failure.ts'
import { counted } from '../project/blockers.ts'
import type { Work } from '../project/work.ts'
import { applyTenant } from './project-apply.ts'
import { copyMailboxes, verifyMailboxes } from './project-copy.ts'
import { lookConnect, lookDns, lookLogins, lookTenant } from './project-looks.ts'
import type { Scene } from './project-scene.ts'
import { carrySwitch } from './project-switch.ts'
import type { Trouble } from './results.ts'
import { troubleOf } from './trouble.ts'

/** What came of a piece of work. */
export type Outcome = {
  /** A sentence without its full stop. */
  readonly says: string
  readonly failure: Trouble | null
  /** When it is worth while to do it again, in milliseconds since 1970; null: once something is another than now. */
  readonly again: number | null
}

const [MINUTE, QUARTER] = [60_000, 900_000]

/**
 * Carries one piece of work out. What goes wrong outside is an outcome, as the rest of a project need not stand still for it; only a
 * stop, and a definition or store that cannot be read, are thrown.
 */
export async function carryOut(scene: Scene, work: Work): Promise<Outcome> {
  const now = scene.world.clock.now()
  try {
    if (work.do === 'switch') {
      const { says, again, ok } = await carrySwitch(scene, work)
      return { says, failure: null, again: ok ? again : now + QUARTER }
    }
    if (work.do === 'copy' || work.do === 'verify') {
      const { says, broken } = await (work.do === 'copy' ? copyMailboxes(scene, work) : verifyMailboxes(scene, work))
      return { says, failure: null, again: scene.world.clock.now() + (broken ? QUARTER : MINUTE) }
    }
    return { says: await done(scene, work), failure: null, again: scene.world.clock.now() + MINUTE }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped' || scene.signal.aborted) throw error
    return { says: `${work.says}: ${error.message}`, failure: troubleOf(error), again: scene.world.clock.now() + QUARTER }
  }
}

async function done(scene: Scene, work: Exclude<Work, { do: 'switch' | 'copy' | 'verify' }>): Promise<string> {
  switch (work.do) {
    case 'logins':
      return lookLogins(scene)
    case 'connect':
      return lookConnect(scene)
    case 'assess':
      return assess(scene)
    case 'tenant':
      return lookTenant(scene)
    case 'dns':
      return lookDns(scene)
    case 'apply-tenant':
      return applyTenant(scene)
    case 'acceptance':
      break
  }
  const { checkAcceptance } = await import('./project-acceptance.ts')
  return checkAcceptance(scene)
}

async function assess(scene: Scene): Promise<string> {
  const [{ assess: look, USUAL_SAMPLE }, { signal, onMailboxes, onProgress, open, env, show }] = [await import('./assess.ts'), scene]
  const { project } = open
  const { totals, stopped } = await look(scene.world, {
    signal,
    onMailboxes,
    onProgress,
    project: { store: scene.store, name: project.name },
    definitionFile: null,
    source: null,
    mailboxesFile: null,
    stateDir: null,
    only: [],
    env,
    show,
    caFile: null,
    sample: USUAL_SAMPLE,
    also: { dns: true, tenant: true },
    domains: [],
    dns: { servers: [], resolvers: [], dnsOnly: false },
    mailboxesAtOnce: null,
    price: { base: null, perMailbox: null },
    risks: { mailboxBytes: null, deletedBytes: null, vip: [] },
    maxMessageBytes: null,
  })
  if (stopped) signal.throwIfAborted()
  return `${counted(totals.mailboxes, 'mailbox', 'mailboxes')} with ${counted(totals.messages, 'message')} analysed`
}
