/** Says what must be at the destination once the books are closed, and throws with all that is not so. */
import assert from 'node:assert/strict'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Content, Folder, Message } from '../../src/simulator/mail-store.ts'
import { keyOf, type Instance, type Owner } from './owner.ts'
import type { Left, Person } from './person.ts'

export type Account = {
  readonly owner: Owner
  readonly person: Person
  /** Flags that the destination can hold. */
  readonly held: (flags: readonly string[]) => readonly string[]
  readonly trashName: string
  /** The ledger was lost at some time, so that it cannot know copies of what was deleted before. */
  readonly forgetful: boolean
}

type Copy = { readonly folder: Folder; readonly message: Message; readonly left: Left | undefined }

export function assertSettled(account: Account, ledger: Ledger, mailboxId: number): void {
  const wrong: string[] = []
  const { owner, person } = account
  const destinations = destinationNames(ledger, mailboxId)
  const copies = Map.groupBy(copiesOf(account), ({ message }) => keyOf(message.content.bytes()))
  const byKey = Map.groupBy(owner.instances.values(), (instance) => instance.key)
  const present = Map.groupBy(owner.present(), ({ instance }) => instance.key)
  for (const [key, found] of copies)
    if (!byKey.has(key)) wrong.push(`${key} at the destination is no message of the source (${found.length})`)
  for (const [key, instances] of byKey) {
    const where = (present.get(key) ?? []).map(({ instance, folder, message }) => {
      const name = destinations.get(folder.name)
      if (name === undefined) wrong.push(`${folder.name} is mapped to nothing`)
      return { instance, folder: name ?? '', flags: account.held(message.flags), marked: message.flags.includes('\\Deleted') }
    })
    const here = copies.get(key) ?? []
    const removed = [...person.touched].filter(([content, left]) => left === null && keyOf(content.bytes()) === key).length
    const untouched = here.filter((copy) => copy.left === undefined)
    const touched = removed > 0 || untouched.length < here.length || person.everTouched.has(key)
    for (const problem of problemsOf(account, instances, where, here, untouched, removed, touched)) wrong.push(`${key}: ${problem}`)
  }
  for (const [content, left] of [...person.touched, ...person.own]) wrong.push(...notAsLeft(account, content, left))
  wrong.push(...notClosed(owner, ledger, mailboxId))
  if (!account.forgetful) wrong.push(...unknownCopies(account, ledger, mailboxId))
  assert.equal(wrong.length, 0, wrong.join('\n'))
}

/**
 * To be called after each pass. A copy that the person moved, and did nothing else to, to where the source has the message too cannot
 * always be told from one that we moved: it may follow the source again.
 */
export function noteAgreement({ owner, person }: Account, ledger: Ledger, mailboxId: number): void {
  const destinations = destinationNames(ledger, mailboxId)
  const there = new Set(owner.present().map(({ instance, folder }) => `${instance.key}/${destinations.get(folder.name)}`))
  for (const [content, left] of person.touched) {
    const folder = person.store.folders().find((one) => one.id === left?.folderId)
    if (left?.flags.includes('\\Draft') === false && there.has(`${keyOf(content.bytes())}/${folder?.name}`)) person.agree(content)
  }
}

type Where = { readonly instance: Instance; readonly folder: string; readonly flags: readonly string[]; readonly marked: boolean }

function problemsOf(
  account: Account,
  instances: readonly Instance[],
  where: readonly Where[],
  here: readonly Copy[],
  untouched: readonly Copy[],
  removed: number,
  touched: boolean,
): readonly string[] {
  const wrong: string[] = []
  const seen = instances.filter((one) => one.wasSeen).length
  const everMarked = instances.some((one) => one.everMarked)
  const places = here.map(placeOf).join(', ')
  const wanted = seen - removed
  const [least, most] = boundsOf(instances, everMarked, touched, where.length, wanted)
  if (here.length < least || here.length > most) wrong.push(`${wanted} copies, not ${here.length} (${places})`)
  for (const copy of here) {
    const [one] = instances
    if (one === undefined) continue
    if (one.kind !== 'long' && one.kind !== 'odd' && !copy.message.content.bytes().equals(one.bytes)) wrong.push('other bytes')
    if (copy.message.internalDate.getTime() !== one.at) wrong.push(`received ${copy.message.internalDate.toISOString()}`)
    if (copy.left === undefined && copy.message.flaggedOnlyByAppend && where.length === instances.length)
      wrong.push('its star came by APPEND only')
  }
  // Without a ledger nobody can tell which of some twins had which flags.
  if (touched || (account.forgetful && instances.length > 1)) return wrong
  const free = new Set(untouched)
  for (const one of where.filter(({ marked, instance }) => !marked || (instance.wasSeen && !instance.everMarked))) {
    const fits = [...free].filter((copy) => copy.folder.name === one.folder)
    const exact = fits.find((copy) => String([...copy.message.flags].sort()) === String([...one.flags].sort()))
    if (exact !== undefined) free.delete(exact)
    else if (fits[0] !== undefined)
      wrong.push(`in ${one.folder} with [${fits.map((copy) => copy.message.flags.join(' ')).join('], [')}], not [${one.flags.join(' ')}]`)
    else wrong.push(`not in ${one.folder}, but ${places === '' ? 'nowhere' : `in ${places}`}`)
  }
  const [only, another] = instances
  const inTrash = (copy: Copy): boolean => copy.folder.name === account.trashName
  if (another === undefined && only?.mustBeTrash === true && !everMarked && !here.every(inTrash))
    wrong.push(`deleted at the source, yet in ${places}`)
  return wrong
}

/** How many copies there may be. */
function boundsOf(
  instances: readonly Instance[],
  everMarked: boolean,
  touched: boolean,
  present: number,
  wanted: number,
): readonly [least: number, most: number] {
  // What was marked as deleted may have been left out, then gone to the trash, then been brought anew.
  if (everMarked) return [0, 2 * instances.length]
  // What moved while a pass ran may have been seen in both places: the copy that is too many is in the trash by now.
  if (instances.some((one) => one.blurred)) return [touched ? 0 : present, 2 * instances.length]
  if (instances.length === 1) return [wanted, wanted]
  // A twin removed in one place and added in another is not to be told from one that moved; nor, when a person moves the copy of
  // one at the same time, whose copy that was.
  return [touched ? 0 : present, wanted]
}

function placeOf(copy: Copy): string {
  return `${copy.folder.name} [${copy.message.flags.join(' ')}]${copy.left === undefined ? '' : ' (touched)'}`
}

function copiesOf({ person }: Account): readonly Copy[] {
  return person.store
    .folders()
    .flatMap((folder) => folder.messages.map((message) => ({ folder, message, left: person.touched.get(message.content) })))
    .filter(({ message }) => !person.own.has(message.content))
}

function destinationNames(ledger: Ledger, mailboxId: number): ReadonlyMap<string, string> {
  const living = ledger.folders(mailboxId).filter((folder) => folder.goneAt === null)
  return new Map(living.map((folder) => [folder.sourcePath.join('/'), (folder.destinationPath ?? []).join('/')]))
}

function notAsLeft({ person }: Account, content: Content, left: Left): readonly string[] {
  const key = keyOf(content.bytes())
  const found = person.store
    .folders()
    .flatMap((folder) => folder.messages.filter((one) => one.content === content).map((message) => ({ folder, message })))
  if (left === null) return found.length === 0 ? [] : [`${key} was deleted by the person and is back`]
  const [one, another] = found
  if (one === undefined) return [`${key} was left by the person and is gone`]
  if (another !== undefined) return [`${key} was left by the person and is there twice`]
  const wrong: string[] = []
  if (one.folder.id !== left.folderId) wrong.push(`${key} was left by the person in another folder than ${one.folder.name}`)
  if (String(one.message.flags) !== String(left.flags))
    wrong.push(`${key} was left by the person with [${left.flags.join(' ')}], not [${one.message.flags.join(' ')}]`)
  return wrong
}

function notClosed(owner: Owner, ledger: Ledger, mailboxId: number): readonly string[] {
  const { found, copied, skipped, failed, unexplained } = ledger.statement({ mailboxId })
  const wrong: string[] = []
  if (unexplained !== 0) wrong.push(`${unexplained} unexplained`)
  if (found !== copied + skipped + failed) wrong.push(`${found} found is not ${copied} + ${skipped} + ${failed}`)
  if (failed !== 0) wrong.push(`${failed} failed`)
  const there = owner.present().length
  if (found !== there) wrong.push(`${found} found of ${there}`)
  return wrong
}

/** Copies of ours that no row of the ledger points to: a verification would call them extra. */
function unknownCopies(account: Account, ledger: Ledger, mailboxId: number): readonly string[] {
  const known = new Set(
    ledger
      .folders(mailboxId)
      .flatMap((folder) => [...ledger.byDestination(folder.id, 1, 2 ** 32)])
      .map((entry) => `${entry.destinationUidValidity} ${entry.destinationUid}`),
  )
  return (
    copiesOf(account)
      .filter(({ left, message }) => left === undefined && !account.person.everTouched.has(keyOf(message.content.bytes())))
      // Where a server completes a message without a name and tells no UID, nothing can find it again.
      .filter(({ message }) => !keyOf(message.content.bytes()).startsWith('nameless'))
      .filter(({ folder, message }) => !known.has(`${folder.uidValidity} ${message.uid}`))
      .map(({ folder, message }) => `${keyOf(message.content.bytes())} in ${folder.name}: the ledger does not know this copy`)
  )
}
