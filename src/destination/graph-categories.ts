import type { Graph } from '../microsoft/graph.ts'
import type { BatchPart } from '../microsoft/graph-batch.ts'
import { graphPath, odataText } from '../microsoft/graph-path.ts'
import type { GraphReply } from '../microsoft/graph-request.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import type { LabelledCopy, LabelOutcome } from './port.ts'

/** Graph: outlookCategory, displayName. */
const LONGEST = 255

/** Outlook keeps categories as one line with commas or semicolons between them, and tells them apart without regard to case. */
export function fitCategories(names: readonly string[]): readonly string[] {
  const fit = new Map<string, string>()
  for (const name of names) {
    const plain = name.replaceAll(/[,;\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
    const short = cut(plain).trim()
    if (short !== '' && !fit.has(key(short))) fit.set(key(short), short)
  }
  return [...fit.values()].sort()
}

type Found = { readonly id: string; readonly receivedAt: number; readonly categories: readonly string[] }

/**
 * Finds each message, in this folder where Graph shows it and otherwise in the whole mailbox, and merges the names into its categories.
 * One that has them already is not written to.
 */
export async function writeCategories(
  graph: Graph,
  user: string,
  folderId: string | null,
  copies: readonly LabelledCopy[],
): Promise<readonly LabelOutcome[]> {
  const within = folderId === null ? graphPath`/users/${user}/messages` : graphPath`/users/${user}/mailFolders/${folderId}/messages`
  const found = new Map<string, readonly Found[] | Failure>(
    folderId === null ? [] : await plainly(() => withinTimes(graph, within, copies)),
  )
  const ids = [...new Set(copies.map(({ messageId }) => messageId))].filter((id) => !found.has(id))
  const looks = await graph.batch(ids.map((id, at) => ({ id: `${at}`, method: 'GET', path: within, query: findBy(id) })))
  for (const [at, id] of ids.entries()) {
    const answer = looks.get(`${at}`)
    found.set(id, answer?.ok === true ? messagesIn(answer.reply) : (answer?.failure ?? noAnswer()))
  }
  const outcomes: LabelOutcome[] = []
  // Two copies may be one message for Graph: each sees what the one before wanted.
  const wanted = new Map<string, { readonly before: readonly string[]; after: readonly string[]; readonly of: number[] }>()
  for (const [at, copy] of copies.entries()) {
    const all = found.get(copy.messageId) ?? noAnswer()
    if (all instanceof Failure) {
      outcomes.push(trouble(all))
      continue
    }
    const those = meant(all, copy.receivedAt)
    outcomes.push(all.length === 0 ? 'missing' : those.length === 0 ? 'unclear' : 'written')
    for (const one of those) {
      const plan = wanted.get(one.id) ?? { before: one.categories, after: one.categories, of: [] }
      plan.after = merged(plan.after, copy)
      plan.of.push(at)
      wanted.set(one.id, plan)
    }
  }
  const parts: BatchPart[] = []
  for (const [id, { before, after }] of wanted) {
    if (before.length === after.length && before.every((name, at) => name === after[at])) continue
    parts.push({ id, method: 'PATCH', path: graphPath`/users/${user}/messages/${id}`, body: { categories: after } })
  }
  for (const [id, answer] of parts.length === 0 ? [] : await graph.batch(parts)) {
    if (answer.ok) continue
    for (const at of wanted.get(id)?.of ?? []) outcomes[at] = trouble(answer.failure)
  }
  return outcomes
}

/** From so many on they are read by the time they were received, as neighbours mostly are neighbours in time. */
const MANY = 20
const PAGES = 3

/** Those of the folder in the span of these copies, by Message-ID, where each copy is found at its second: one request in the place of many. */
async function withinTimes(graph: Graph, within: string, copies: readonly LabelledCopy[]): Promise<ReadonlyMap<string, readonly Found[]>> {
  const times = copies.flatMap(({ receivedAt }) => receivedAt ?? [])
  if (times.length < MANY) return new Map()
  const [from, to] = [Math.min(...times), Math.max(...times) + 1000]
  const query = {
    $filter: `receivedDateTime ge ${second(from)} and receivedDateTime lt ${second(to)}`,
    $select: 'id,internetMessageId,receivedDateTime,categories',
    $top: '500',
  }
  const byId = new Map<string, Found[]>()
  let pages = 0
  for await (const { rows } of graph.pages(within, { query })) {
    for (const row of rows) {
      const id = String(row['internetMessageId'])
      const one = messageIn(row)
      const all = byId.get(id)
      if (all === undefined) byId.set(id, [one])
      else all.push(one)
    }
    if (++pages >= PAGES) break
  }
  const unclear = new Set(copies.filter((copy) => !isThere(byId.get(copy.messageId), copy)).map(({ messageId }) => messageId))
  for (const id of unclear) byId.delete(id)
  return byId
}

function isThere(all: readonly Found[] | undefined, { receivedAt }: LabelledCopy): boolean {
  return receivedAt !== null && all?.some((one) => sameSecond(one, receivedAt)) === true
}

function sameSecond(one: Found, receivedAt: number): boolean {
  return Math.floor(one.receivedAt / 1000) === Math.floor(receivedAt / 1000)
}

function second(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

function findBy(messageId: string): Readonly<Record<string, string>> {
  return {
    $filter: `internetMessageId eq ${odataText(messageId)}`,
    $select: 'id,receivedDateTime,categories',
    $top: '50',
  }
}

/** Those of this second; the only one, where a server gave it another time; else none. */
function meant(all: readonly Found[], receivedAt: number | null): readonly Found[] {
  const exact = receivedAt === null ? [] : all.filter((one) => sameSecond(one, receivedAt))
  if (exact.length > 0) return exact
  return all.length === 1 ? all : []
}

/** What a person set stays, in its place. */
function merged(has: readonly string[], { add, remove }: LabelledCopy): readonly string[] {
  const off = new Set(remove.map(key))
  for (const name of add) off.delete(key(name))
  const kept = has.filter((name) => !off.has(key(name)))
  const there = new Set(kept.map(key))
  return [...kept, ...add.filter((name) => !there.has(key(name)))]
}

function messagesIn({ body }: GraphReply): readonly Found[] | Failure {
  const rows: unknown = body['value']
  if (!Array.isArray(rows)) return noAnswer()
  return rows.map(messageIn)
}

function messageIn(row: Readonly<Record<string, unknown>>): Found {
  const names = row['categories']
  return {
    id: String(row['id']),
    receivedAt: Date.parse(String(row['receivedDateTime'])),
    categories: Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
  }
}

/** Without the path of the call, so that the same trouble of many messages is one sentence. */
const SAYS: Partial<Readonly<Record<FailureCode, string>>> = {
  'permission-missing': 'The application lacks the permission Mail.ReadWrite of Microsoft Graph.',
  throttled: 'Microsoft Graph asked us to slow down for longer than we wait.',
  'server-unavailable': 'Microsoft Graph gave no service.',
}

function trouble(failure: Failure): LabelOutcome {
  const { code, serverText, notDone } = failure
  if (code === 'object-unknown') return 'missing'
  const says = SAYS[code] ?? (code === 'stopped' ? failure.message : `Microsoft Graph did not take them (${serverText ?? code}).`)
  return new Failure(code, says, { cause: failure, side: 'destination', notDone, ...(serverText === undefined ? {} : { serverText }) })
}

async function plainly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const said = error instanceof Failure ? trouble(error) : error
    throw said instanceof Failure ? said : error
  }
}

function noAnswer(): Failure {
  return new Failure('answer-unreadable', 'Microsoft Graph left an answer out.')
}

function key(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** Never between the halves of a character. */
function cut(name: string): string {
  if (name.length <= LONGEST) return name
  const short = name.slice(0, LONGEST)
  return /[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short
}
