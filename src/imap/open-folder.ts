import { Failure } from '../model/failure.ts'
import type { FolderStatus } from '../model/folder.ts'
import { imapString } from './encoder.ts'
import { modseq } from './list-response.ts'
import type { Session } from './session.ts'

export type OpenedFolder = FolderStatus & {
  readonly permanentFlags: readonly string[]
  /** Throws once another folder was opened on the connection: UIDs mean other messages there. */
  readonly mustBeOpen: () => void
}

export type OpenOptions = {
  /** Another UIDVALIDITY than this one is a failure. */
  readonly uidValidity?: string
}

/**
 * Opens a folder: EXAMINE changes nothing at the server; SELECT is for writing, and for servers whose EXAMINE is unsafe.
 * The folder that was open before is left without CLOSE, which would expunge. Throws a `Failure`. Commands for this folder need not
 * wait for the answer: sent right behind, they hear nothing of the folder before, and fail with this one when it cannot be opened.
 */
export async function openFolder(
  session: Session,
  name: string,
  mode: 'examine' | 'select',
  options: OpenOptions = {},
): Promise<OpenedFolder> {
  let messages = 0
  let uidValidity = '0'
  let uidNext = 0
  let highestModseq: bigint | null = null
  let flags: readonly string[] = []
  let permanentFlags: readonly string[] | null = null
  const verb = mode === 'examine' ? 'EXAMINE' : 'SELECT'
  const condstore = session.has('CONDSTORE') ? ' (CONDSTORE)' : ''
  session.state.opened = null
  const opening = ++session.state.openings
  const mustBeOpen = (): void => {
    if (session.state.openings !== opening) throw new Error(`the folder ${name} was used after another one was opened on its connection`)
  }
  await session.run({
    verb,
    parts: [`${verb} `, imapString(name, session.state.utf8Names), condstore],
    opens: { opening, refuse: () => (uidValidity === (options.uidValidity ?? uidValidity) ? null : madeAnew(name)) },
    onUntagged: (response, isOldest) => {
      if (!isOldest) return
      if (response.kind === 'data') {
        if (response.name === 'EXISTS') messages = Math.max(0, response.number ?? 0)
        else if (response.name === 'FLAGS') flags = flagsIn(response.text)
      } else if (response.kind === 'status') {
        if (response.code === 'UIDVALIDITY') uidValidity = response.codeText
        else if (response.code === 'UIDNEXT') uidNext = Math.max(0, Number(response.codeText) || 0)
        else if (response.code === 'HIGHESTMODSEQ') highestModseq = modseq(response.codeText)
        else if (response.code === 'NOMODSEQ') highestModseq = null
        else if (response.code === 'PERMANENTFLAGS') permanentFlags = flagsIn(response.codeText)
      }
    },
  })
  if (session.state.openings === opening) session.state.opened = { name, messages }
  return { messages, uidValidity, uidNext, highestModseq, sizeBytes: null, permanentFlags: permanentFlags ?? flags, mustBeOpen }
}

function madeAnew(name: string): Failure {
  return new Failure('folder-vanished', `The folder ${name} was made anew (UIDVALIDITY changed).`)
}

/** Leaves the open folder without expunging (RFC 3691); nothing happens where the server cannot, as the next open leaves it anyway. */
export async function leaveFolder(session: Session): Promise<void> {
  if (session.state.opened === null || !session.has('UNSELECT')) return
  session.state.opened = null
  session.state.openings++
  await session.run({ verb: 'UNSELECT', parts: ['UNSELECT'] })
}

function flagsIn(text: string): readonly string[] {
  return text
    .replace(/^\s*\(|\)\s*$/g, '')
    .split(' ')
    .filter((flag) => flag !== '' && flag.toUpperCase() !== 'NIL')
}
