/** A plain copier on ImapFlow: `imapflow-child.ts STATE-FILE PORT LOGIN PASSWORD PORT LOGIN PASSWORD`, source first. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { ImapFlow } from 'imapflow'

/** What was copied, by source UID: the UID of the copy, and the flags it was given. */
type Known = Record<string, { uid: number; flags: string }>

const [stateFile = '', ...ends] = process.argv.slice(2)
const state: Record<string, Known> = existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as Record<string, Known>) : {}
const source = await open(ends.slice(0, 3))
const destination = await open(ends.slice(3, 6))

const there = new Set((await destination.list()).map((folder) => folder.path))
for (const folder of await source.list()) {
  if (!there.has(folder.path)) await destination.mailboxCreate(folder.path)
  await copyFolder(folder.path)
}
writeFileSync(stateFile, JSON.stringify(state))
await Promise.all([source.logout(), destination.logout()])

async function copyFolder(path: string): Promise<void> {
  const known = (state[path] ??= {})
  const lock = await source.getMailboxLock(path, { readOnly: true })
  try {
    const rows = new Map<number, readonly string[]>()
    const exists = source.mailbox === false ? 0 : source.mailbox.exists
    if (exists > 0) for await (const row of source.fetch('1:*', { uid: true, flags: true })) rows.set(row.uid, plain(row.flags))
    const fresh = [...rows.keys()].filter((uid) => known[uid] === undefined)
    for (const uid of fresh) {
      const message = await source.fetchOne(String(uid), { source: true, internalDate: true }, { uid: true })
      if (message === false || message.source === undefined) continue
      const flags = rows.get(uid) ?? []
      const receipt = await destination.append(path, message.source, [...flags], message.internalDate)
      known[uid] = { uid: receipt === false ? 0 : (receipt.uid ?? 0), flags: flags.join(' ') }
    }
    const changed = [...rows].filter(([uid, flags]) => known[uid] !== undefined && known[uid].flags !== flags.join(' '))
    const gone = Object.keys(known).filter((uid) => !rows.has(Number(uid)))
    if (changed.length + gone.length > 0) await carryChanges(path, known, changed, gone)
  } finally {
    lock.release()
  }
}

async function carryChanges(
  path: string,
  known: Known,
  changed: readonly (readonly [number, readonly string[]])[],
  gone: readonly string[],
): Promise<void> {
  const lock = await destination.getMailboxLock(path)
  try {
    for (const [uid, flags] of changed) {
      const copy = known[uid]
      if (copy === undefined) continue
      await destination.messageFlagsSet(String(copy.uid), [...flags], { uid: true })
      copy.flags = flags.join(' ')
    }
    for (const uid of gone) {
      await destination.messageFlagsAdd(String(known[uid]?.uid ?? 0), ['\\Deleted'], { uid: true })
      delete known[uid]
    }
  } finally {
    lock.release()
  }
}

async function open([port = '', user = '', pass = '']: readonly string[]): Promise<ImapFlow> {
  const options = { host: '127.0.0.1', port: Number(port), secure: false, doSTARTTLS: false, auth: { user, pass }, logger: false } as const
  const client = new ImapFlow(options)
  await client.connect()
  return client
}

function plain(flags: ReadonlySet<string> | undefined): readonly string[] {
  return [...(flags ?? [])].filter((flag) => flag !== '\\Recent').sort()
}
