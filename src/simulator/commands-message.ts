import { textOf, textsOf, type Command } from './command.ts'
import { acceptFlags } from './commands-append.ts'
import { folderName } from './commands-folder.ts'
import type { Message } from './mail-store.ts'
import { formatSet, parseSet, positionsOf, type HandlerTable, type Selected, type Session } from './session.ts'

/** Commands that change messages in the open folder: flags, copies, moves, removal. */
export const MESSAGE_COMMANDS: HandlerTable = {
  STORE: { needs: 'folder', run: storeFlags },
  'UID STORE': { needs: 'folder', run: storeFlags },
  COPY: { needs: 'folder', run: transfer },
  'UID COPY': { needs: 'folder', run: transfer },
  MOVE: { needs: 'folder', run: transfer },
  'UID MOVE': { needs: 'folder', run: transfer },
  EXPUNGE: { needs: 'folder', run: expunge },
  'UID EXPUNGE': { needs: 'folder', run: expunge },
}

type Targets = { readonly selected: Selected; readonly messages: readonly (readonly [number, Message])[] }

/** The messages that a command names, with their sequence numbers. */
function targets(session: Session, command: Command): Targets | null {
  const { selected } = session
  const set = textOf(command.arguments[0])
  if (selected === null || set === null) return null
  const positions = positionsOf(selected, set, command.verb.startsWith('UID '))
  if (positions === null) return null
  const messages: [number, Message][] = []
  for (const i of positions) {
    const message = selected.view[i]
    if (message !== undefined && !message.gone) messages.push([i + 1, message])
  }
  return { selected, messages }
}

function storeFlags(session: Session, command: Command): void {
  const found = targets(session, command)
  const [, ...rest] = command.arguments
  const [modifier] = rest
  const conditional = modifier?.kind === 'list' && textOf(modifier.items[0])?.toUpperCase() === 'UNCHANGEDSINCE'
  const unchangedSince = conditional ? Number(textOf(modifier.items[1])) : Infinity
  const [what, ...values] = conditional ? rest.slice(1) : rest
  const match = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(textOf(what) ?? '')
  if (found === null || match === null) return session.refuse(command, 'syntax')
  if (found.selected.readOnly) return session.refuse(command, 'read-only')
  const flags = acceptFlags(session, values.flatMap(textsOf))
  if (flags === null) return session.refuse(command, 'bad-keyword')
  const byUid = command.verb.startsWith('UID ')
  const modified: number[] = []
  const { folder } = found.selected
  for (const [position, message] of found.messages) {
    if (message.modseq > unchangedSince) {
      modified.push(byUid ? message.uid : position)
      continue
    }
    const next =
      match[1] === '+'
        ? [...message.flags, ...flags.filter((flag) => !message.flags.includes(flag))]
        : match[1] === '-'
          ? message.flags.filter((flag) => !flags.includes(flag))
          : flags
    session.store.setFlags(folder.name, message.uid, next)
    if (match[2] === undefined) session.untagged(session.fetched(position, message, session.flagItems(message)))
    else if (session.enabled.has('CONDSTORE')) session.untagged(session.fetched(position, message, `MODSEQ (${message.modseq})`))
  }
  // What this command did itself is told; the counters move past it.
  found.selected.seenFlags = folder.flagCount
  session.ok(command, modified.length > 0 ? `MODIFIED ${formatSet(modified)}` : '')
}

function transfer(session: Session, command: Command): void {
  const found = targets(session, command)
  const moves = command.verb.endsWith('MOVE')
  const target = command.arguments[1]
  const name = folderName(session, target)
  if (found === null || name === null) return session.refuse(command, 'syntax')
  if (moves && found.selected.readOnly) return session.refuse(command, 'read-only')
  const folder = session.store.folder(name)
  if (folder?.selectable !== true) return session.refuse(command, 'no-folder-append', textOf(target) ?? '')
  const from = found.selected.folder.name
  const sources = found.messages.map(([, message]) => message.uid)
  const copies = sources.map((uid) => session.store.copyMessage(from, uid, folder.name).uid)
  const receipt =
    copies.length === 0 || session.fault.noAppendUid === true
      ? ''
      : `COPYUID ${folder.uidValidity} ${formatSet(sources)} ${formatSet(copies)}`
  if (moves) {
    if (receipt !== '') session.untagged(`OK [${receipt}] Moved`)
    session.store.removeMessages(from, sources)
    session.tellChanges(true)
  }
  session.ok(command, moves ? '' : receipt)
}

function expunge(session: Session, command: Command): void {
  const { selected } = session
  if (selected === null) return session.refuse(command, 'wrong-state')
  if (selected.readOnly) return session.refuse(command, 'read-only')
  const set = command.verb === 'UID EXPUNGE' ? textOf(command.arguments[0]) : '1:*'
  const ranges = set === null ? null : parseSet(set, selected.view.at(-1)?.uid ?? 0)
  if (ranges === null) return session.refuse(command, 'syntax')
  const going = selected.view.filter(
    (message) =>
      !message.gone && message.flags.includes('\\Deleted') && ranges.some(([from, to]) => from <= message.uid && message.uid <= to),
  )
  session.store.removeMessages(
    selected.folder.name,
    going.map((message) => message.uid),
  )
  session.tellChanges(true)
  session.ok(command)
}
