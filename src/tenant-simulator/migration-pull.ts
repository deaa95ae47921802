import { parseDateTime } from '../simulator/date-time.ts'
import { exchangeOnline } from '../simulator/exchange-online.ts'
import type { MailStore } from '../simulator/mail-store.ts'
import { decodeName } from '../simulator/modified-utf7.ts'
import { PullConnection, PullError, type PullResponse, type PullServer } from './pull-connection.ts'
import type { Props } from './props.ts'
import { iso } from './exchange-objects.ts'

export type PullJob = {
  readonly server: PullServer
  readonly login: string
  readonly password: string
  /** The folder that is the mailbox; '' for all that the login sees. */
  readonly root: string
  readonly excluded: readonly string[]
  readonly store: MailStore
  readonly maxMessageBytes: number
  /** What earlier pulls brought, or skipped for good. */
  readonly seen: Set<string>
}

export type Pulled = { readonly synced: number; readonly skipped: readonly Props[]; readonly error: string | null }

type Listed = { readonly wire: string; readonly name: string; readonly separator: string; readonly attributes: string }

/** Folders that go into a default folder of the mailbox, by attribute or by name. */
const SPECIAL: readonly (readonly [string, RegExp])[] = [
  ['\\Sent', /^(?:sent|sent items|sent messages)$/i],
  ['\\Drafts', /^drafts$/i],
  ['\\Trash', /^(?:trash|deleted items|deleted messages)$/i],
  ['\\Junk', /^(?:junk|spam|junk e-?mail)$/i],
]
const KEPT_FLAGS = new Set(['\\seen', '\\answered', '\\flagged', '\\draft'])
const ITEMS_AT_ONCE = 50
const EXCHANGE = exchangeOnline()

/** Copies what is new at the source into the mailbox, as Microsoft's servers do: folder by folder, the newest messages first. */
export async function pull(job: PullJob, signal: AbortSignal): Promise<Pulled> {
  const skipped: Props[] = []
  let synced = 0
  let connection: PullConnection | null = null
  try {
    connection = await PullConnection.open(job.server, job.login, job.password, signal)
    const listed = (await connection.ask('LIST "" "*"')).flatMap(listedIn)
    for (const folder of listed) {
      const path = pathOf(folder, job)
      if (path === null || /\\(?:Noselect|NonExistent)/i.test(folder.attributes)) continue
      const target = targetFolder(job.store, path, listed, folder)
      synced += await pullFolder(connection, job, folder, target, skipped)
    }
    return { synced, skipped, error: null }
  } catch (error) {
    const text = error instanceof PullError ? error.message : `The connection to the server '${job.server.host}' could not be completed.`
    return { synced, skipped, error: text }
  } finally {
    connection?.end()
  }
}

async function pullFolder(connection: PullConnection, job: PullJob, folder: Listed, target: string, skipped: Props[]): Promise<number> {
  const opened = await connection.ask(`EXAMINE ${quoted(folder.wire)}`)
  const validity = /UIDVALIDITY (\d+)/.exec(opened.map(({ text }) => text).join('\n'))?.[1] ?? ''
  const [found] = await connection.ask('UID SEARCH ALL').then((all) => all.filter(({ text }) => text.startsWith('* SEARCH')))
  const keyOf = (uid: string): string => `${folder.wire}\0${validity}\0${uid}`
  const uids = (found?.text.split(' ').slice(2) ?? []).filter((uid) => /^\d+$/.test(uid) && !job.seen.has(keyOf(uid)))
  uids.reverse()
  let synced = 0
  for (let at = 0; at < uids.length; at += ITEMS_AT_ONCE) {
    const items = await connection.ask(`UID FETCH ${uids.slice(at, at + ITEMS_AT_ONCE).join(',')} (UID FLAGS INTERNALDATE BODY.PEEK[])`)
    for (const item of items) {
      const uid = /\bUID (\d+)/.exec(item.text)?.[1]
      const bytes = item.literals[0]
      if (uid === undefined || bytes === undefined) continue
      const date = parseDateTime(/INTERNALDATE "([^"]+)"/.exec(item.text)?.[1] ?? '') ?? new Date(0)
      job.seen.add(keyOf(uid))
      const why = bytes.length > job.maxMessageBytes ? 'LargeItem' : EXCHANGE.objection(bytes) === null ? null : 'CorruptItem'
      if (why === null) {
        const flags = (/FLAGS \(([^)]*)\)/.exec(item.text)?.[1] ?? '').split(' ').filter((flag) => KEPT_FLAGS.has(flag.toLowerCase()))
        job.store.addMessage(target, bytes, { flags, internalDate: date })
        synced += 1
      } else skipped.push(skippedItem(why, bytes, date, folder.name))
    }
  }
  return synced
}

function skippedItem(Kind: string, bytes: Buffer, date: Date, FolderName: string): Props {
  const header = bytes.subarray(0, 8192).toString('latin1')
  const field = (name: string): string => new RegExp(`^${name}: ([^\\r\\n]*)`, 'im').exec(header)?.[1] ?? ''
  return {
    Kind,
    FolderName,
    Subject: field('Subject'),
    Sender: field('From'),
    DateReceived: iso(date.getTime()),
    MessageSize: bytes.length,
    ScoringClassifications: Kind,
  }
}

/** The levels of a folder below the root; null for one that is not copied. */
function pathOf({ name, separator }: Listed, { root, excluded }: PullJob): readonly string[] | null {
  const below = root.split('/').filter((level) => level !== '')
  const path = separator === '' ? [name] : name.split(separator)
  if (below.some((level, at) => path[at]?.toLowerCase() !== level.toLowerCase())) return null
  const rest = path.slice(below.length)
  // A slash in a name cannot be told from a level.
  if (rest.length === 0 || rest.some((level) => level.includes('/'))) return null
  const joined = rest.join('/').toLowerCase()
  const isExcluded = excluded
    .map((one) => one.toLowerCase().replace(/\/\*$/, ''))
    .some((one) => joined === one || joined.startsWith(`${one}/`))
  return isExcluded ? null : rest
}

/** Where the mail of a folder goes, made if it is not there: default folders under their names in the mailbox, others as they are. */
function targetFolder(store: MailStore, path: readonly string[], listed: readonly Listed[], folder: Listed): string {
  const [first = '', ...rest] = path
  const top = listed.find(({ name, separator }) => name === folder.name.split(separator === '' ? '\0' : separator)[0]) ?? folder
  const special = SPECIAL.find(
    ([attribute, names]) => top.attributes.toLowerCase().includes(attribute.toLowerCase()) || names.test(first),
  )?.[0]
  const known = special === undefined ? undefined : store.folders().find(({ specialUse }) => specialUse === special)?.name
  return store.createFolder([known ?? first, ...rest].join('/')).name
}

function listedIn({ text, literals }: PullResponse): Listed[] {
  const match = /^\* LIST \(([^)]*)\) (?:"((?:\\.|[^"])*)"|NIL) (.*)$/i.exec(text)
  if (match === null) return []
  const [, attributes = '', separator = '', told = ''] = match
  const unquoted = /^"(.*)"$/.exec(told)?.[1]?.replaceAll(/\\(.)/g, '$1')
  const wire = told === '\0' ? (literals[0]?.toString('latin1') ?? '') : (unquoted ?? told)
  return [{ wire, name: decodeName(wire), separator: separator.replace(/^\\/, ''), attributes }]
}

function quoted(name: string): string {
  return `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}
