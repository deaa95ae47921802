import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { cameByItself, type Entry } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import type { MailboxEntry } from '../ledger/mailbox-rows.ts'
import { REPAIRS } from '../message/plan.ts'
import { FAILURES } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import { heldBy, readControl } from './control.ts'
import { mailboxesIn } from './status.ts'

export type ExplainInput = {
  readonly stateDir: string
  /** A mailbox by name, login or target; null with `emlFile`: all are looked through. */
  readonly mailbox: string | null
  /** A folder of it at the source, its levels joined by `/`. */
  readonly folder: string | null
  readonly uid: number | null
  /** The message itself, as a file: found by its bytes. */
  readonly emlFile: string | null
  readonly now: number
}

/** RFC 9051 §2.3.1.1: UIDs have 32 bits. */
const LARGEST_UID = 2 ** 32 - 1

/** The story of one thing, as the ledger has it. */
export type Explanation = {
  readonly about: 'mailbox' | 'folder' | 'message'
  readonly title: string
  /** One sentence: how it stands. */
  readonly says: string
  /** What a person should do; null: nothing. */
  readonly todo: string | null
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  /** Oldest first; instants in milliseconds since 1970. */
  readonly story: readonly { readonly at: number; readonly says: string }[]
}

/** Tells all there is to tell. Opens no socket. Throws `bad-input` where the ledger knows no such thing. */
export async function explain(input: ExplainInput): Promise<readonly Explanation[]> {
  const sha256 = input.emlFile === null ? null : await hashOf(input.emlFile)
  using ledger = openLedger(input.stateDir, { readOnly: true })
  const mailboxes = mailboxesIn(ledger, input.mailbox === null ? [] : [input.mailbox])
  if (sha256 !== null) return byBytes(ledger, mailboxes, sha256, input.emlFile ?? '')
  const [mailbox] = mailboxes
  if (mailbox === undefined || input.mailbox === null) throw new Failure('bad-input', 'Say which mailbox, or give the message with --eml.')
  if (input.folder === null) return [mailboxStory(ledger, mailbox, input)]
  const folder = folderOf(ledger, mailbox, input.folder)
  if (input.uid === null) return [folderStory(ledger, mailbox, folder)]
  const entry = ledger.lookup(folder.id, input.uid)
  if (entry === null)
    throw new Failure('bad-input', `${pathOf(folder)} of ${mailbox.name} has no message with the UID ${input.uid}, as far as was seen.`)
  return [messageStory(ledger, mailbox, folder, entry)]
}

async function hashOf(file: string): Promise<Buffer> {
  const hash = createHash('sha256')
  try {
    for await (const part of createReadStream(file)) hash.update(part as Buffer)
  } catch (cause) {
    throw new Failure('bad-input', `${file} cannot be read.`, { cause })
  }
  return hash.digest()
}

function byBytes(ledger: Ledger, mailboxes: readonly MailboxEntry[], sha256: Buffer, file: string): readonly Explanation[] {
  const found = mailboxes.flatMap((mailbox) =>
    ledger
      .folders(mailbox.id)
      .flatMap((folder) => sameBytes(ledger, folder, sha256).map((entry) => messageStory(ledger, mailbox, folder, entry))),
  )
  if (found.length > 0) return found
  throw new Failure('bad-input', `No message that was read has the very bytes of ${file}: a program that saves a message may change them.`)
}

/** There is no index by content: nothing but this question needs one. */
function sameBytes(ledger: Ledger, { id }: FolderEntry, sha256: Buffer): readonly Entry[] {
  const found: Entry[] = []
  for (const entry of ledger.entries(id, 1, LARGEST_UID)) if (entry.sha256?.equals(sha256) === true) found.push(entry)
  return found
}

function folderOf(ledger: Ledger, mailbox: MailboxEntry, name: string): FolderEntry {
  const folders = ledger.folders(mailbox.id)
  const same = (one: FolderEntry): boolean => pathOf(one).toLowerCase() === name.toLowerCase()
  const found = folders.find((one) => pathOf(one) === name) ?? folders.find(same)
  if (found !== undefined) return found
  const all = folders.slice(0, 12).map(pathOf).join(', ')
  throw new Failure('bad-input', `${mailbox.name} has no folder "${name}". It has ${all}${folders.length > 12 ? ' and others' : ''}.`)
}

function mailboxStory(ledger: Ledger, mailbox: MailboxEntry, { stateDir }: ExplainInput): Explanation {
  const { found, copied, skipped, failed, unexplained } = ledger.statement({ mailboxId: mailbox.id })
  const target = lastWord(mailbox.destination)
  const wish = heldBy(readControl(stateDir), { name: mailbox.name, target, batch: null })
  const code = mailbox.lastFailureCode
  const passes = ledger.passes(mailbox.id)
  const folders = ledger.folders(mailbox.id)
  const reasons = ledger.reasons({ mailboxId: mailbox.id })
  const late = ledger.late
    .counts(0)
    .filter(({ mailboxId }) => mailboxId === mailbox.id)
    .reduce((sum, { messages }) => sum + messages, 0)
  const troubled = folders.filter((folder) => folder.failureCode !== null && folder.goneAt === null)
  return {
    about: 'mailbox',
    title: mailbox.name,
    says:
      wish !== null
        ? `It is held back by ${wish.by}${wish.reason === '' ? '' : `: ${wish.reason}`}.`
        : code !== null
          ? `The last pass ended with: ${mailbox.lastFailureDetail ?? FAILURES[code].help}`
          : passes.length === 0
            ? 'Nothing was copied yet.'
            : unexplained !== 0
              ? `${unexplained} messages are not accounted for yet.`
              : `All ${found} messages are accounted for.`,
    todo: code === null ? null : FAILURES[code].help,
    facts: [
      { label: 'from', value: lastWord(mailbox.source) },
      { label: 'to', value: target },
      {
        label: 'books',
        value: `${found} found = ${copied} copied + ${skipped} skipped + ${failed} failed${unexplained === 0 ? '' : ` + ${unexplained} unexplained`}`,
      },
      { label: 'verified', value: String(ledger.verifiedCount({ mailboxId: mailbox.id })) },
      { label: 'folders', value: String(folders.filter(({ goneAt }) => goneAt === null).length) },
      ...(late === 0 ? [] : [{ label: 'late mail', value: String(late) }]),
      ...reasons.map(({ state, code, count }) => ({ label: state, value: `${count} × ${code}` })),
      ...troubled.map((folder) => ({ label: `folder ${pathOf(folder)}`, value: folder.failureDetail ?? folder.failureCode ?? '' })),
    ],
    story: passes.flatMap(({ kind, beganAt, endedAt, failureCode, failureDetail, figures }) => [
      { at: beganAt, says: `A pass (${kind}) began` },
      ...(endedAt === null
        ? []
        : [{ at: endedAt, says: `It ended${failureCode === null ? didSays(figures) : `: ${failureDetail ?? failureCode}`}` }]),
    ]),
  }
}

function didSays(figures: unknown): string {
  const at = (key: string): number => {
    const value: unknown = typeof figures === 'object' && figures !== null ? Reflect.get(figures, key) : 0
    return typeof value === 'number' ? value : 0
  }
  const did = [
    [at('appends'), 'messages written'],
    [at('flagsChanged'), 'flags changed'],
    [at('moved'), 'moved'],
    [at('deleted'), 'deleted'],
    [Math.round(at('throttledMs') / 1000), 's throttled'],
  ] as const
  const said = did.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
  return said.length === 0 ? ', with nothing to do' : `: ${said.join(', ')}`
}

function folderStory(ledger: Ledger, mailbox: MailboxEntry, folder: FolderEntry): Explanation {
  const { found, copied, skipped, failed, unexplained } = ledger.statement({ folderId: folder.id })
  const target = folder.destinationPath
  return {
    about: 'folder',
    title: `${mailbox.name}: ${pathOf(folder)}`,
    says:
      folder.goneAt !== null
        ? 'The old server does not have it any more.'
        : folder.failureCode !== null
          ? `It could not be carried: ${folder.failureDetail ?? folder.failureCode}`
          : unexplained === 0
            ? `All ${found} messages are accounted for.`
            : `${unexplained} messages are not accounted for yet.`,
    todo: folder.failureCode === null ? null : FAILURES[folder.failureCode].help,
    facts: [
      { label: 'new name', value: target === null ? 'none yet' : target.join('/') },
      {
        label: 'books',
        value: `${found} found = ${copied} copied + ${skipped} skipped + ${failed} failed${unexplained === 0 ? '' : ` + ${unexplained} unexplained`}`,
      },
      { label: 'complete', value: folder.complete ? 'yes' : 'not yet' },
      ...ledger.reasons({ folderId: folder.id }).map(({ state, code, count }) => ({ label: state, value: `${count} × ${code}` })),
    ],
    story: folder.goneAt === null ? [] : [{ at: folder.goneAt, says: 'The old server did not list it any more' }],
  }
}

function messageStory(ledger: Ledger, mailbox: MailboxEntry, folder: FolderEntry, entry: Entry): Explanation {
  const place = entry.destinationName ?? folder.destinationPath?.join('/') ?? null
  const known = entry.code !== null && Object.hasOwn(FAILURES, entry.code) ? FAILURES[entry.code as keyof typeof FAILURES] : null
  const note = entry.state === 'failed' || entry.state === 'skipped' ? noteOf(ledger, folder, entry) : null
  return {
    about: 'message',
    title: `${mailbox.name}: ${pathOf(folder)}, UID ${entry.uid === 0 ? 'unknown' : entry.uid}`,
    says: stateSays(entry, place),
    todo: known === null ? null : known.help,
    facts: [
      ...(note?.subject === null || note?.subject === undefined ? [] : [{ label: 'subject', value: note.subject }]),
      ...(note?.from === null || note?.from === undefined ? [] : [{ label: 'from', value: note.from }]),
      { label: 'received', value: entry.internalDate === '' ? 'the server told no date' : entry.internalDate },
      { label: 'size', value: `${entry.sizeBytes} bytes` },
      { label: 'flags', value: entry.flags === '' ? 'none' : entry.flags },
      ...(place === null
        ? []
        : [{ label: 'at the new side', value: `${place}${entry.destinationUid === null ? '' : `, UID ${entry.destinationUid}`}` }]),
      ...(entry.sha256 === null ? [] : [{ label: 'SHA-256', value: entry.sha256.toString('hex') }]),
      ...entry.repairs.map((name) => ({
        label: 'repaired',
        value: Object.hasOwn(REPAIRS, name) ? REPAIRS[name as keyof typeof REPAIRS] : name,
      })),
      ...(entry.sentSha256 === null
        ? []
        : [{ label: 'sent as', value: `${entry.sentBytes ?? '?'} bytes, SHA-256 ${entry.sentSha256.toString('hex')}` }]),
      ...(entry.attempts > 1 ? [{ label: 'attempts', value: String(entry.attempts) }] : []),
      ...(entry.detail === null ? [] : [{ label: 'the server said', value: entry.detail }]),
    ],
    story: [
      ...(entry.sentAt === null
        ? []
        : [{ at: entry.sentAt, says: cameByItself(entry) ? 'It was looked for at the new side' : 'It was sent to the new side' }]),
      ...(entry.settledAt === null ? [] : [{ at: entry.settledAt, says: settledSays(entry) }]),
    ].toSorted((a, b) => a.at - b.at),
  }
}

function noteOf(
  ledger: Ledger,
  folder: FolderEntry,
  entry: Entry,
): { readonly subject: string | null; readonly from: string | null } | null {
  for (const row of ledger.errors({ folderId: folder.id })) if (row.entryId === entry.id) return row
  return null
}

function stateSays(entry: Entry, place: string | null): string {
  const there = place === null ? 'the new side' : place
  const where =
    entry.vanishedIn === null
      ? ''
      : ' It is no longer in this folder of the old side; what becomes of the copy is decided in the next pass.'
  const why = entry.code ?? 'no reason'
  const says: Readonly<Record<Entry['state'], string>> = {
    sending: 'It is under way, or a run was broken off before its receipt: the next run looks first whether it arrived.',
    copied: cameByItself(entry)
      ? `It stands in ${there}: it came there by itself, and says the same.${where}`
      : `It stands in ${there}; the new side has confirmed it.${where}`,
    verified: `It stands in ${there}, and was compared with the old side.${where}`,
    skipped: `It was left out on purpose (${why}).`,
    failed: `It could not be copied (${why}).`,
    gone: 'It is no longer at the old side, and was taken out of the books.',
  }
  return says[entry.state]
}

function settledSays({ state }: Entry): string {
  if (state === 'failed') return 'It was given up'
  if (state === 'skipped') return 'It was left out'
  return state === 'gone' ? 'It was gone at the old side' : 'The new side had it'
}

function pathOf({ sourcePath }: FolderEntry): string {
  return sourcePath.join('/')
}

function lastWord(key: string): string {
  return key.split(' ').at(-1) ?? key
}
