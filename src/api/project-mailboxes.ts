import type { MailboxLine } from '../definition/mailbox-list.ts'
import { FAILURES } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import type { PassEntry } from '../ledger/mailbox-rows.ts'
import type { ProjectPlan } from '../project/plan.ts'
import type { MailboxPass, MailboxState, MailboxVerified } from '../project/state.ts'
import { heldBy, readControl } from './control.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { destinationKey, sourceKey } from './mailboxes.ts'
import type { World } from './world.ts'

type Place = {
  /** null: the definition does not say where the old mailboxes are. */
  readonly source: string | null
  readonly destination: string
  readonly list: readonly MailboxLine[]
  readonly stateDir: string
}

const NOTHING = { found: 0, copied: 0, skipped: 0, failed: 0, unexplained: 0, bytes: 0 }

/** What the ledger knows of each mailbox of the plan. Opens no socket, and may be asked beside a running copy. */
export function mailboxStates(world: World, plan: ProjectPlan, place: Place, staying: ReadonlySet<string>): readonly MailboxState[] {
  const keys = keysOf(place)
  const wishes = readControl(place.stateDir)
  const ledger = ledgerIn(world, place.stateDir)
  try {
    const rows = new Map((ledger?.mailboxes() ?? []).map(({ id, source, destination }) => [`${source}\n${destination}`, id]))
    return plan.mailboxes.map(({ name, target, sourceLogin, batch }) => {
      const id = rows.get(keys.get(target.toLowerCase()) ?? '') ?? null
      const known = ledger === null || id === null ? null : fromLedger(ledger, id)
      const held = heldBy(wishes, { name, target, batch })
      const domain = target.slice(target.lastIndexOf('@') + 1).toLowerCase()
      return {
        name,
        login: sourceLogin,
        target,
        domain,
        batch,
        stays: [batch, target, sourceLogin].some((one) => staying.has(one.toLowerCase())),
        paused: held === null ? null : { name: held.by, reason: held.reason },
        messages: NOTHING,
        copiedAt: null,
        wholeAt: null,
        lastPass: null,
        verified: null,
        proven: 0,
        ...known,
      }
    })
  } finally {
    ledger?.close()
  }
}

/** What the ledger calls each target. */
function keysOf({ source, destination, list }: Place): ReadonlyMap<string, string> {
  if (source === null) return new Map()
  const [from, to] = [parseEndpointUrl(source), parseEndpointUrl(destination)]
  return new Map(list.map((line) => [line.target.toLowerCase(), `${sourceKey(from, line)}\n${destinationKey(to, line.target)}`]))
}

/** null: nothing was ever copied from here. */
export function ledgerIn(world: World, stateDir: string): Ledger | null {
  try {
    return openLedger(stateDir, { readOnly: true, clock: world.clock })
  } catch (error) {
    if (error instanceof Failure && error.code === 'bad-input') return null
    throw error
  }
}

function fromLedger(ledger: Ledger, id: number): Omit<MailboxState, 'name' | 'login' | 'target' | 'domain' | 'batch' | 'stays' | 'paused'> {
  const passes = ledger.passes(id)
  const whole = passes.filter(({ kind, endedAt, failureCode }) => kind !== 'verify' && endedAt !== null && failureCode === null)
  const last = passes.findLast(({ kind }) => kind !== 'verify')
  const { found, copied, skipped, failed, unexplained, bytes } = ledger.statement({ mailboxId: id })
  return {
    messages: { found, copied, skipped, failed, unexplained, bytes },
    copiedAt: whole[0]?.endedAt ?? null,
    wholeAt: whole.at(-1)?.beganAt ?? null,
    lastPass: last === undefined ? null : passOf(last),
    verified: verifiedOf(ledger, id, passes),
    proven: ledger.verifiedCount({ mailboxId: id }),
  }
}

function passOf({ kind, beganAt, endedAt, failureCode, failureDetail }: PassEntry): MailboxPass {
  const { help, next } = failureCode === null ? { help: '', next: '' } : FAILURES[failureCode]
  return { kind, beganAt, endedAt, failure: failureCode === null ? null : { code: failureCode, says: failureDetail ?? help, next } }
}

function verifiedOf(ledger: Ledger, id: number, passes: readonly PassEntry[]): MailboxVerified | null {
  const last = passes.findLast(({ kind, endedAt, failureCode }) => kind === 'verify' && endedAt !== null && failureCode === null)
  if (last === undefined) return null
  const level = levelOf(last.figures)
  const living = new Set(ledger.folders(id).flatMap((folder) => (folder.goneAt === null ? [folder.id] : [])))
  const results = ledger
    .verifications(id)
    .filter((one) => one.level === level && living.has(one.folderId))
    .map(({ result }) => foundIn(result))
  const sum = (figure: string): number => results.reduce((total, one) => total + Number(Reflect.get(one, figure) ?? 0), 0)
  return {
    at: last.beganAt,
    level,
    missing: sum('missing'),
    extra: sum('extra'),
    different: sum('different'),
    unexplained: sum('unexplained'),
  }
}

function levelOf(figures: unknown): MailboxVerified['level'] {
  const level: unknown = typeof figures === 'object' && figures !== null && 'level' in figures ? figures.level : null
  return level === 'counts' || level === 'fingerprints' ? level : 'content'
}

/** What a verification found of a folder, as it is kept. */
function foundIn(result: unknown): object {
  const found: unknown = typeof result === 'object' && result !== null && 'found' in result ? result.found : null
  return typeof found === 'object' && found !== null ? found : {}
}
