/** What a life ended in, in a form that two lives can be compared by: nothing of it depends on the order in which messages travelled. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { addStatements } from '../../src/model/message.ts'
import type { Message, MailStore } from '../../src/simulator/mail-store.ts'

/** Every message of a mailbox: where it is, its bytes, date and flags, and on Exchange whether its star is seen everywhere. */
export function pictureOf(store: MailStore): readonly string[] {
  return store
    .folders()
    .flatMap((folder) => [`${folder.name}/`, ...folder.messages.map((message) => `${folder.name}/ ${wordsOf(message)}`)])
    .sort()
}

function wordsOf(message: Message): string {
  const hash = createHash('sha256').update(message.content.bytes()).digest('hex').slice(0, 12)
  const id = /^message-id: *<([^@>]*)/im.exec(message.content.bytes().toString('latin1', 0, 4000))?.[1] ?? 'nameless'
  const star = message.flaggedOnlyByAppend ? ' (star by APPEND only)' : ''
  return `${id} ${hash} ${message.content.sizeBytes} ${message.internalDate.toISOString()} [${[...message.flags].sort().join(' ')}]${star}`
}

/** The books: every entry with its state, and in which destination folder its copy is. Throws where the books do not close or point nowhere. */
export function booksOf(ledger: Ledger, mailboxId: number, to: MailStore): readonly string[] {
  const lines: string[] = []
  const claimed = new Map<string, number>()
  const folders = ledger.folders(mailboxId)
  for (const folder of folders) {
    for (const entry of ledger.entries(folder.id, 0, 2 ** 32)) {
      if (entry.state === 'gone') continue
      const state = `${folder.sourceName} ${entry.uid} ${entry.state} ${entry.flags} ${entry.repairs.join('+')} ${entry.code ?? ''}`
      const isThere = entry.state === 'copied' || entry.state === 'verified'
      lines.push(isThere ? `${state} ${copyOf(to, entry.destinationName ?? folder.destinationName ?? '', entry, claimed)}` : state)
    }
    const { found, copied, skipped, failed, unexplained } = ledger.statement({ folderId: folder.id })
    assert.equal(unexplained, 0, `${folder.sourceName} has an unexplained remainder`)
    assert.equal(found, copied + skipped + failed, `the books of ${folder.sourceName} do not close`)
    lines.push(`${folder.sourceName}: ${found} = ${copied} + ${skipped} + ${failed}${folder.goneAt === null ? '' : ' (gone)'}`)
  }
  const sum = addStatements(folders.map((folder) => ledger.statement({ folderId: folder.id })))
  assert.deepEqual(ledger.statement({ mailboxId }), sum)
  return lines.sort()
}

type Copy = { readonly destinationUid: number | null; readonly destinationUidValidity: string | null; readonly id: number }

/** The destination's message that an entry points to, by content: no two entries may point to the same one. */
function copyOf(to: MailStore, rawName: string, entry: Copy, claimed: Map<string, number>): string {
  const folder = to.folders().find((one) => String(one.uidValidity) === entry.destinationUidValidity)
  const message = folder?.messages.find((one) => one.uid === entry.destinationUid)
  if (folder === undefined || message === undefined) return `-> nothing (${rawName} ${entry.destinationUid})`
  const key = `${folder.name} ${message.uid}`
  assert.equal(claimed.get(key), undefined, `two entries claim ${key}`)
  claimed.set(key, entry.id)
  return `-> ${folder.name} ${wordsOf(message)}`
}

/** Throws with the lines in which two accounts differ, and only those. */
export function assertSame(actual: readonly string[], expected: readonly string[]): void {
  const missing = without(expected, actual).map((line) => `- ${line}`)
  const extra = without(actual, expected).map((line) => `+ ${line}`)
  assert.equal(missing.length + extra.length, 0, [...missing, ...extra].join('\n'))
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others]
  return lines.filter((line) => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}
