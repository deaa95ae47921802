/** Whatever the owner of a mailbox of Gmail does between two passes: each message stands once at the destination, where its labels say. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { GmailStore } from '../../src/simulator/gmail-store.ts'
import type { MailStore, Message } from '../../src/simulator/mail-store.ts'
import { Random } from '../../src/simulator/random.ts'
import { first, simulatedMigration } from './migration.ts'

const LABELS = ['\\Inbox', '\\Inbox', '\\Sent', '\\Important', 'Work', 'Work/Deep', 'Family', 'Zoo'] as const
type Flags = readonly string[]
const FLAGS: readonly [Flags, ...Flags[]] = [[], ['\\Seen'], ['\\Seen', '\\Flagged'], ['\\Seen', '\\Answered']]

/** The rule once more, in other words than the product's: deepest, longest, first; then Sent, inbox, archive. */
function folderOf(labels: readonly string[]): string {
  const own = labels.filter((label) => !label.startsWith('\\'))
  const depth = (label: string): number => label.split('/').length
  own.sort((a, b) => depth(b) - depth(a) || b.length - a.length || a.localeCompare(b))
  return own[0] ?? (labels.includes('\\Sent') ? 'Sent Items' : labels.includes('\\Inbox') ? 'INBOX' : 'Archive')
}

function idOf({ content }: Message): string {
  return /^Message-ID: <(\d+)@/.exec(content.bytes().toString('latin1'))?.[1] ?? '?'
}

const line = (folder: string, message: Message): string => `${idOf(message)} ${folder} ${[...message.flags].sort().join(' ')}`

function expected(from: GmailStore): readonly string[] {
  const all = (name: string): readonly Message[] => from.folder(name)?.messages ?? []
  return [
    ...all(from.all).map((message) => line(folderOf(from.labels(message.uid)), message)),
    ...all(from.trash).map((message) => line('Deleted Items', message)),
    ...all(from.spam).map((message) => line('Junk Email', message)),
  ].sort()
}

class Owner {
  readonly #from: GmailStore
  readonly #random: Random
  #delivered = 0
  #renamed = 0
  readonly gone = new Set<string>()
  readonly said: string[] = []

  constructor(from: GmailStore, seed: number) {
    this.#from = from
    this.#random = new Random(seed, 31)
  }

  deliver(): void {
    const id = ++this.#delivered
    const bytes = Buffer.from(`Message-ID: <${id}@old.example.test>\r\nSubject: ${id}\r\n\r\nLetter ${id}.\r\n`)
    const labels = this.#labels()
    this.#from.deliver(bytes, { labels, flags: this.#random.pick(FLAGS), internalDate: new Date(1.6e12 + id * 60_000) })
    this.said.push(`delivered ${id} ${labels.join(' ')}`)
  }

  work(): void {
    const from = this.#from
    const random = this.#random
    const folder = random.pick([from.all, from.all, from.all, from.trash, from.spam])
    const messages = from.folder(folder)?.messages ?? []
    const message = messages[random.int(Math.max(1, messages.length))]
    const what = random.int(12)
    if (what < 2 || message === undefined) return this.deliver()
    const id = idOf(message)
    if (folder === from.all && what < 7) {
      const change = { add: this.#labels(), remove: this.#labels() }
      from.relabel(message.uid, change)
      this.said.push(`relabelled ${id} +${change.add.join('+')} -${change.remove.join('-')}`)
    } else if (what < 9) {
      const flags = random.pick(FLAGS)
      from.setFlags(folder, message.uid, flags)
      this.said.push(`flagged ${id} ${flags.join(' ')}`)
    } else if (folder === from.all) {
      const to = random.pick([from.trash, from.spam])
      from.moveMessage(folder, message.uid, to)
      this.said.push(`moved ${id} to ${to}`)
    } else if (what < 11) {
      from.moveMessage(folder, message.uid, 'INBOX')
      this.said.push(`restored ${id}`)
    } else {
      from.removeMessage(folder, message.uid)
      this.gone.add(id)
      this.said.push(`removed ${id} for good`)
    }
  }

  /** What does not happen every day. */
  rearrange(): void {
    const from = this.#from
    const label = this.#random.pick(['Work', 'Family', 'Zoo'])
    const what = this.#random.int(5)
    this.said.push(`rearranged ${label} ${what}`)
    if (what === 0) from.moveUidValidity(from.all)
    if (from.folder(label) === undefined) return
    if (what === 1) from.renameFolder(label, `${label} ${++this.#renamed}`)
    else if (what === 2) from.deleteFolder(label)
    else if (what === 3) from.hide(label)
    else if (what === 4) from.show(label)
  }

  #labels(): readonly string[] {
    return Array.from({ length: this.#random.int(3) }, () => this.#random.pick(LABELS))
  }
}

function found(to: MailStore, gone: ReadonlySet<string>): readonly string[] {
  const all = to.folders().flatMap((folder) => folder.messages.map((message) => ({ folder: folder.name, message })))
  // What was deleted for good may lie in Deleted Items, or where it was last.
  return all
    .filter(({ message }) => !gone.has(idOf(message)))
    .map(({ folder, message }) => line(folder, message))
    .sort()
}

for (let seed = 1; seed <= 4; seed++) {
  test(`random days in a mailbox of Gmail, ${seed}`, async () => {
    await using world = await simulatedMigration({ source: 'gmail', mailboxes: 1, messages: 0, language: 'en' })
    const { sim, move } = world
    const { sourceLogin, target } = first(sim.accounts)
    const [from, to] = [sim.sourceStore(sourceLogin), sim.exchangeStore(target)]
    assert.ok(from instanceof GmailStore)
    const owner = new Owner(from, seed)
    for (let i = 0; i < 25; i++) owner.deliver()
    for (let day = 0; day < 6; day++) {
      const done = await move.copy({ allowDeletions: true })
      assert.equal(first(done.mailboxes).failure, null)
      assert.deepEqual(found(to, owner.gone), expected(from), `on day ${day}, after\n${owner.said.join('\n')}`)
      assert.equal(done.unexplained, 0)
      owner.said.length = 0
      for (let i = 0; i < 8; i++) owner.work()
      owner.rearrange()
    }
    const { missing, different } = (await move.copy({ allowDeletions: true }), await move.verify())
    assert.deepEqual([missing, different], [0, 0])
    const before = sim.appends
    await move.copy({ allowDeletions: true })
    assert.equal(sim.appends, before)
  })
}
