import { openLedger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import { addIssueWord, issueWords, rememberIssues, seenIssues } from '../project/issue-records.ts'
import { foundIssues, inOrder, settledIssues, type Issue, type IssueWord, type LeftOut } from '../project/issues.ts'
import { addEvent } from '../project/store-records.ts'
import type { StoredProject } from '../project/store.ts'
import type { Wish } from './control.ts'
import { copy } from './copy.ts'
import { COPY_DEFAULTS } from './defaults.ts'
import { definedAddresses } from './defined-addresses.ts'
import { explain, type ExplainInput, type Explanation } from './explain.ts'
import { messageIssues } from './notify-issues.ts'
import type { Watch } from './operations.ts'
import { openProject, type ProjectAddress } from './project-scene.ts'
import type { CopyResult } from './results.ts'
import { holdTransfer, releaseTransfer, type Whom } from './transfer.ts'
import { transferStatus, type Moving, type TransferStatus } from './transfer-status.ts'
import type { World } from './world.ts'

export type { Issue }

/** A project of a store, or the state directory of copies without one. */
export type ControlPlace = ProjectAddress | { readonly stateDir: string }

export type HoldWord = { readonly whom: Whom; readonly wish: Wish['wish']; readonly by: string; readonly reason: string }

export type IssueSaid = Omit<IssueWord, 'at' | 'dueAt'> & { readonly dueAt: number | null }

/** What people say while a transfer runs, and what they are told. None of it opens a socket. */
export type ControlOperations = {
  /** Where the ledger of a project is, and its limits; and the time zone in which it is told. */
  where(place: ProjectAddress): Promise<{ readonly stateDir: string; readonly timeZone: string }>
  /** Per mailbox: books, pace, lag, time left, throttled time, who holds it back. */
  transfer(place: ControlPlace): Promise<TransferStatus>
  /** From now on these are not copied; a pass that runs ends after what is in flight. */
  hold(place: ControlPlace, word: HoldWord): Promise<TransferStatus>
  /** They go on with the next pass. */
  release(place: ControlPlace, word: { readonly whom: Whom; readonly by: string }): Promise<TransferStatus>
  /** A pass now over these, everybody where nobody is named, that tries again what was refused before. */
  retry(place: ProjectAddress, only: readonly string[], watch: Watch & { readonly show: (message: string) => void }): Promise<CopyResult>
  /** Everything that needs a person: looked for now, and remembered. */
  issues(place: ProjectAddress): Promise<readonly Issue[]>
  /** Writes a person's word about an issue down. Throws `bad-input` where there is no such issue. */
  issueSay(place: ProjectAddress, said: IssueSaid): Promise<readonly Issue[]>
  /** The whole story of a mailbox, a folder or a message. */
  explain(place: ControlPlace, about: Omit<ExplainInput, 'stateDir' | 'now'>): Promise<readonly Explanation[]>
}

export function controlOperations(world: World): ControlOperations {
  const now = (): number => world.clock.now()
  const at = async (place: ControlPlace): Promise<{ readonly stateDir: string; readonly known: readonly Moving[] | null }> => {
    if ('stateDir' in place) return { stateDir: place.stateDir, known: null }
    const { store, open } = await openProject(world, place, { readOnly: true })
    using _ = store
    return { stateDir: open.project.stateDir, known: open.plan.mailboxes }
  }
  const status = async (place: ControlPlace): Promise<TransferStatus> => {
    const { stateDir, known } = await at(place)
    return transferStatus({ stateDir, mailboxes: known, now: now() })
  }
  const noted = async (place: ControlPlace, kind: string, who: string, says: string): Promise<void> => {
    if ('stateDir' in place) return
    const { store, open } = await openProject(world, place, { readOnly: false })
    using _ = store
    addEvent(open.project, { kind, who, says })
  }
  return {
    where: async (place) => {
      const { store, open } = await openProject(world, place, { readOnly: true })
      using _ = store
      return { stateDir: open.project.stateDir, timeZone: open.plan.timeZone }
    },
    transfer: status,
    async hold(place, { whom, wish, by, reason }) {
      await holdTransfer({ ...(await at(place)), whom, by, reason, now: now() }, wish)
      await noted(
        place,
        'transfer-held',
        by,
        `${wish === 'pause' ? 'Paused' : 'Stopped'}: ${whomSays(whom)}${reason === '' ? '' : ` (${reason})`}`,
      )
      return status(place)
    },
    async release(place, { whom, by }) {
      await releaseTransfer({ ...(await at(place)), whom })
      await noted(place, 'transfer-released', by, `Goes on: ${whomSays(whom)}`)
      return status(place)
    },
    async retry(place, only, watch) {
      const { store, open } = await openProject(world, place, { readOnly: true })
      store.close()
      const { definitionFile, stateDir } = open.project
      const given = { source: null, mailboxes: null, access: false, identity: false }
      const { env } = place
      const {
        source,
        mailboxesFile,
        fileName,
        only: chosen,
        ...ends
      } = await definedAddresses({ definitionFile, env, show: watch.show, given })
      if (source === null || mailboxesFile === null)
        throw new Failure('bad-input', `${fileName} does not say where the old mailboxes are: source: url, and who moves.`)
      const addresses = { ...ends, source, mailboxesFile, stateDir, env, only: only.length > 0 ? only : chosen }
      return copy(world, { ...addresses, ...watch, ...COPY_DEFAULTS, retryFailed: true })
    },
    issues: (place) => looked(world, place, () => {}),
    issueSay: (place, said) =>
      looked(world, place, (project, found) => {
        if (said.name.trim() === '') throw new Failure('bad-input', 'Say who says so with --name: it is kept for the report.')
        if (said.word === 'accepted' && (said.note ?? '').trim() === '')
          throw new Failure('bad-input', 'Say why it is accepted with --note: it is kept for the report.')
        if (!found.some(({ id }) => id === said.issue))
          throw new Failure('bad-input', `There is no issue "${said.issue}": \`cutover issues\` tells them.`)
        addIssueWord(project, said)
        const note = said.note === null ? '' : ` (${said.note})`
        addEvent(project, { kind: 'issue-said', who: said.name, says: `Issue ${said.issue}: ${said.word}${note}` })
      }),
    async explain(place, about) {
      const { stateDir } = await at(place)
      return explain({ ...about, stateDir, now: now() })
    },
  }
}

function whomSays({ mailboxes, batches }: Whom): string {
  const all = [...batches.map((name) => `batch ${name}`), ...mailboxes]
  return all.length === 0 ? 'everybody' : all.join(', ')
}

/** Looks what is there now, has something said of it, and tells all of them. */
async function looked(
  world: World,
  place: ProjectAddress,
  say: (project: StoredProject, known: readonly { readonly id: string }[]) => void,
): Promise<readonly Issue[]> {
  const { store, open, state } = await openProject(world, place, { readOnly: false })
  using _ = store
  const { project } = open
  const found = [...foundIssues(state, leftOutIn(project.stateDir)), ...(await messageIssues(open, state, place.env))]
  rememberIssues(project, found)
  say(project, seenIssues(project))
  return inOrder(settledIssues(seenIssues(project), new Set(found.map(({ id }) => id)), issueWords(project)))
}

/** Messages that were left out, by mailbox and reason; none before the first copy. */
export function leftOutIn(stateDir: string): readonly LeftOut[] {
  try {
    using ledger = openLedger(stateDir, { readOnly: true })
    return ledger
      .mailboxes()
      .flatMap(({ id, name }) => ledger.reasons({ mailboxId: id }).map(({ state, code, count }) => ({ mailbox: name, state, code, count })))
  } catch (error) {
    if (error instanceof Failure && error.code === 'bad-input') return []
    throw error
  }
}
