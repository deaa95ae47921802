import type { OctetSink } from '../lib/octet-sink.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import { commandSets } from './command-sets.ts'
import type { LiteralHead } from './decoder.ts'
import { uidSoFar } from './fetch-response.ts'
import { LiteralStream } from './literal-stream.ts'
import type { Untagged } from './response.ts'
import type { Session } from './session.ts'

/** Where bodies go; the shape of the source port's sink. */
export type BodySink = {
  readonly holdBytes: number
  small(uid: number, chunks: readonly Buffer[], bytes: number): void
  large(uid: number, stream: AsyncIterable<Buffer>, bytes: number): Promise<void>
  /** Takes the octets of a message as they pass by, whatever its size; they are only there during the call. */
  octets?(uid: number): OctetSink
}

/** The body fetches running on a session: an answer belongs to the one that waits for its UID, whatever its command (Dovecot interleaves). */
const RUNNING = new WeakMap<Session, Set<BodyFetch>>()

/**
 * Whole messages by BODY.PEEK[], which leaves \Seen alone. May be called again while earlier calls run. Returns the UIDs that the
 * server left out although it said OK. Resolves when all that came is consumed. Throws a `Failure`; what came before is with the sink.
 */
export async function fetchBodies(session: Session, uids: readonly number[], sink: BodySink): Promise<readonly number[]> {
  const running = RUNNING.get(session) ?? new Set<BodyFetch>()
  RUNNING.set(session, running)
  const fetch = new BodyFetch(session, uids, sink, running)
  running.add(fetch)
  const commands = [...commandSets(session, UidSet.of(uids))].map((set) =>
    session.run({
      verb: 'UID FETCH',
      parts: [`UID FETCH ${set.toString()} (UID BODY.PEEK[])`],
      onUntagged: (response) => fetch.onUntagged(response),
      onLiteral: (head, bytes) => fetch.onLiteral(head, bytes),
    }),
  )
  const ends = await Promise.allSettled(commands)
  running.delete(fetch)
  const broken = ends.find((end) => end.status === 'rejected' && !isVanished(end.reason))
  fetch.finish(broken?.status === 'rejected' ? broken.reason : null)
  await fetch.consumed()
  if (broken?.status === 'rejected') throw broken.reason
  return uids.filter((uid) => fetch.outstanding.has(uid))
}

/** As `fetchBodies`, for those who look at every octet and keep none. */
export async function fetchOctets(
  session: Session,
  uids: readonly number[],
  octets: (uid: number) => OctetSink,
): Promise<readonly number[]> {
  const small = (uid: number, chunks: readonly Buffer[]): void => {
    const to = octets(uid)
    for (const chunk of chunks) to.chunk(chunk)
    to.end()
  }
  return await fetchBodies(session, uids, { holdBytes: Infinity, small, large: () => Promise.resolve(), octets })
}

/** Messages that vanished meanwhile are left out, not a failure of the rest. */
function isVanished(error: unknown): boolean {
  return error instanceof Failure && error.code === 'message-vanished'
}

class BodyFetch {
  readonly outstanding: Set<number>
  readonly #session: Session
  readonly #sink: BodySink
  readonly #all: ReadonlySet<BodyFetch>
  readonly #large: Promise<void>[] = []
  #streaming: { readonly uid: number; readonly stream: Pick<LiteralStream, 'end' | 'fail'> } | null = null
  #thrown: { readonly error: unknown } | null = null

  constructor(session: Session, uids: readonly number[], sink: BodySink, all: ReadonlySet<BodyFetch>) {
    this.#session = session
    this.outstanding = new Set(uids)
    this.#sink = sink
    this.#all = all
  }

  onLiteral(head: LiteralHead, bytes: number): OctetSink | 'hold' | null {
    const key = head.open.at(-1)
    if ((head.name !== 'FETCH' && head.name !== 'UIDFETCH') || typeof key !== 'string' || !isWhole(key)) return null
    const uid = uidSoFar(head.name, head.number, head.open) || this.#onlyOneLeft()
    if (uid === 0) return 'hold'
    if (!this.outstanding.has(uid)) return null
    if (bytes <= this.#sink.holdBytes && this.#sink.octets === undefined) return 'hold'
    const before = this.#streaming
    if (before !== null) {
      // Its end was never told, so where it ended cannot be known.
      const why = new Failure('protocol', `${this.#session.endpoint.host} sent messages ${before.uid} and ${uid} in one answer.`)
      before.stream.fail(why)
      this.#streaming = null
      this.#session.destroy(why)
      return null
    }
    // the end is told when the whole answer is in: until then the UID may prove to be another
    if (this.#sink.octets !== undefined) {
      const to = this.#sink.octets(uid)
      this.#streaming = { uid, stream: { end: () => to.end(), fail: () => {} } }
      return { chunk: (octets) => to.chunk(octets), end: () => {} }
    }
    const stream = new LiteralStream(this.#session)
    this.#streaming = { uid, stream }
    this.#handOver(uid, stream, bytes)
    return { chunk: (octets) => stream.push(Buffer.from(octets)), end: () => {} }
  }

  onUntagged(response: Untagged): void {
    if (response.kind !== 'fetch') return
    const { body, section } = response
    if (body?.taken === true) {
      this.#endStream(response.uid)
      return
    }
    if (body === null || section === null || !isWhole(section)) return
    const uid = response.uid || this.#onlyOneLeft()
    if (!this.outstanding.delete(uid)) return
    if (body.bytes <= this.#sink.holdBytes) this.#sink.small(uid, body.chunks, body.bytes)
    else {
      const stream = new LiteralStream(this.#session)
      for (const chunk of body.chunks) stream.push(chunk)
      stream.end()
      this.#handOver(uid, stream, body.bytes)
    }
  }

  /** The commands are over: a stream that has not ended by now never will. */
  finish(error: unknown): void {
    const failure = error instanceof Failure ? error : new Failure('protocol', 'The server broke off in the middle of a message.')
    this.#streaming?.stream.fail(failure)
    this.#streaming = null
  }

  async consumed(): Promise<void> {
    await Promise.all(this.#large)
    if (this.#thrown !== null) throw this.#thrown.error
  }

  #endStream(uid: number): void {
    const streaming = this.#streaming
    if (streaming === null) return
    this.#streaming = null
    if (uid !== 0 && uid !== streaming.uid) {
      const why = new Failure('protocol', `${this.#session.endpoint.host} sent message ${uid} where only ${streaming.uid} was due.`)
      streaming.stream.fail(why)
      this.#session.destroy(why)
      return
    }
    this.outstanding.delete(streaming.uid)
    streaming.stream.end()
  }

  #handOver(uid: number, stream: LiteralStream, bytes: number): void {
    const consume = async (): Promise<void> => {
      try {
        await this.#sink.large(uid, stream, bytes)
      } catch (error) {
        this.#thrown ??= { error }
      } finally {
        stream.abandon()
      }
    }
    this.#large.push(consume())
  }

  /** The one UID that all running body fetches together still wait for; 0 when there are more. */
  #onlyOneLeft(): number {
    let only = 0
    for (const fetch of this.#all) {
      for (const uid of fetch.outstanding) {
        if (only !== 0 && only !== uid) return 0
        only = uid
      }
    }
    return only
  }
}

function isWhole(section: string): boolean {
  return /^(?:BODY\[\]|RFC822)/i.test(section)
}
