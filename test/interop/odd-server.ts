/** An IMAP server with a mailbox and oddities: plain answers for everything, and a rule wherever it shall answer in its own way. */
import { type Conversation, scriptedServer, type ScriptedServer } from '../../src/imap/scripted-server.ts'

export type OddMessage = {
  readonly uid: number
  /** Latin-1, CRLF. */
  readonly text: string
  readonly flags?: string
  readonly date?: string
  /** What RFC822.SIZE says. Default: the truth. */
  readonly size?: number
}

export type OddFolder = {
  /** As on the wire. */
  readonly name: string
  /** The row of LIST after "* LIST ". Default: a plain folder with the separator "/". */
  readonly row?: string
  readonly uidValidity?: string
  readonly messages?: readonly OddMessage[]
}

/** A command, and what is known when it comes. */
export type Asked = {
  readonly text: string
  /** Which connection it came on, from 1. */
  readonly connection: number
  readonly folder: OddFolder | null
  readonly client: Conversation
  /** The plain answer. */
  readonly plain: () => readonly string[]
}

/** What a rule says: lines, in which a leading "%" stands for the tag; null: the plain answer; `hang-up`, `silence`. */
export type Odd = (asked: Asked) => readonly string[] | 'hang-up' | 'silence' | null

export type OddOptions = {
  /** After the login; the plain answers are those of a server without extensions. */
  readonly capabilities?: string
  readonly greeting?: string
  readonly folders: readonly OddFolder[]
  readonly odd?: Odd
  /** Everything goes out in pieces of so many bytes. */
  readonly pieceBytes?: number
}

export type OddServer = ScriptedServer & {
  /** The commands of all connections, without tags. */
  readonly commands: readonly string[]
  readonly url: string
}

/** Serves every connection until the client leaves. */
export async function oddServer(options: OddOptions): Promise<OddServer> {
  const commands: string[] = []
  const server = await scriptedServer((client) => converse(client, options, commands))
  return Object.assign(server, { commands, url: `imap://127.0.0.1:${server.port}?tls=none` })
}

async function converse(client: Conversation, options: OddOptions, commands: string[]): Promise<void> {
  const capabilities = `IMAP4rev1 ${options.capabilities ?? ''}`.trim()
  client.pieceBytes = options.pieceBytes ?? Infinity
  client.say(options.greeting ?? `* OK [CAPABILITY ${capabilities}] ready`)
  let folder: OddFolder | null = null
  for (;;) {
    const asked = await command(client)
    if (asked === null) return
    const { tag, text } = asked
    commands.push(text)
    const opened = /^(?:EXAMINE|SELECT) (.*?)(?: \(CONDSTORE\))?$/.exec(text)?.[1]
    if (opened !== undefined) folder = options.folders.find((one) => one.name === unquoted(opened)) ?? null
    const plain = (): readonly string[] => answer(text, folder, options.folders, capabilities)
    const said = options.odd?.({ text, connection: client.number, folder, client, plain }) ?? plain()
    if (said === 'silence') continue
    if (said === 'hang-up') return await client.hangUp()
    client.say(...said.map((line) => line.replace(/^%/, tag)))
    if (text === 'LOGOUT') return
  }
}

async function command(client: Conversation): Promise<{ readonly tag: string; readonly text: string } | null> {
  try {
    let { tag, text } = await client.command()
    for (let size = literal(text); size !== null; size = literal(text)) {
      client.say('+ go on')
      const octets = (await client.octets(size)).toString('latin1')
      text = `${text.slice(0, text.lastIndexOf('{'))}"${octets}"${await client.line()}`
    }
    return { tag, text }
  } catch {
    return null
  }
}

function literal(text: string): number | null {
  const size = /\{(\d+)\}$/.exec(text)?.[1]
  return size === undefined ? null : Number(size)
}

const unquoted = (name: string): string => (/^".*"$/s.test(name) ? name.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : name)
export const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, '\\$&')}"`

function answer(text: string, folder: OddFolder | null, folders: readonly OddFolder[], capabilities: string): readonly string[] {
  const [verb = ''] = text.split(' ')
  if (verb === 'CAPABILITY') return [`* CAPABILITY ${capabilities}`, '% OK']
  if (verb === 'LOGIN' || verb === 'AUTHENTICATE') return [`% OK [CAPABILITY ${capabilities}] in`]
  if (verb === 'NAMESPACE') return ['* NAMESPACE (("" "/")) NIL NIL', '% OK']
  if (verb === 'LIST') return [...folders.map((one) => `* LIST ${one.row ?? `() "/" ${quoted(one.name)}`}`), '% OK']
  if (verb === 'STATUS') return statusOf(text, folders)
  if (verb === 'EXAMINE' || verb === 'SELECT')
    return folder === null ? ['% NO no such folder'] : [...opening(folder), '% OK [READ-ONLY] open']
  if (text.startsWith('UID SEARCH')) return [`* SEARCH ${uids(folder).join(' ')}`, '% OK']
  if (text.startsWith('UID FETCH')) return [...fetched(text, folder), '% OK']
  if (verb === 'LOGOUT') return ['* BYE', '% OK']
  return ['% OK']
}

const uids = (folder: OddFolder | null): readonly number[] => (folder?.messages ?? []).map((one) => one.uid)
const uidNext = (folder: OddFolder): number => Math.max(0, ...uids(folder)) + 1

function statusOf(text: string, folders: readonly OddFolder[]): readonly string[] {
  const name = unquoted(/^STATUS (.*) \(/s.exec(text)?.[1] ?? '')
  const folder = folders.find((one) => one.name === name)
  if (folder === undefined) return ['% NO no such folder']
  const figures = `MESSAGES ${uids(folder).length} UIDNEXT ${uidNext(folder)} UIDVALIDITY ${folder.uidValidity ?? '1'}`
  return [`* STATUS ${quoted(name)} (${figures})`, '% OK']
}

function opening(folder: OddFolder): readonly string[] {
  const validity = folder.uidValidity === '' ? [] : [`* OK [UIDVALIDITY ${folder.uidValidity ?? '1'}]`]
  return [`* ${uids(folder).length} EXISTS`, ...validity, `* OK [UIDNEXT ${uidNext(folder)}]`]
}

/** Rows, flags, headers or whole messages, as asked for. */
function fetched(text: string, folder: OddFolder | null): readonly string[] {
  const all = folder?.messages ?? []
  const wanted = setOf(/^UID FETCH (\S+)/.exec(text)?.[1] ?? '', Math.max(0, ...uids(folder)))
  return [...all.entries()].flatMap(([at, one]) => (wanted(one.uid) ? [`* ${at + 1} FETCH (${itemsOf(text, one)})`] : []))
}

export function itemsOf(text: string, { uid, text: bytes, flags = '', date = '05-Mar-2026 07:08:09 +0000', size }: OddMessage): string {
  const items = [`UID ${uid}`]
  if (/FLAGS/.test(text)) items.push(`FLAGS (${flags})`)
  if (/INTERNALDATE/.test(text)) items.push(`INTERNALDATE "${date}"`)
  if (/RFC822\.SIZE/.test(text)) items.push(`RFC822.SIZE ${size ?? bytes.length}`)
  if (text.includes('BODY.PEEK[HEADER]')) {
    const header = bytes.slice(0, bytes.indexOf('\r\n\r\n') + 4)
    items.push(`BODY[HEADER] {${header.length}}\r\n${header}`)
  }
  if (text.includes('BODY.PEEK[]')) items.push(`BODY[] {${bytes.length}}\r\n${bytes}`)
  return items.join(' ')
}

function setOf(set: string, last: number): (uid: number) => boolean {
  const ranges = set.split(',').map((piece) => piece.split(':').map((one) => (one === '*' ? last : Number(one))))
  return (uid) => ranges.some(([a = 0, b = a]) => uid >= Math.min(a, b) && uid <= Math.max(a, b))
}

/** A letter of a few lines. */
export function oddMail(id: string, body = `This is ${id}.\r\n`): string {
  return `Message-ID: <${id}@example.test>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nFrom: anna@example.test\r\nSubject: ${id}\r\n\r\n${body}`
}
