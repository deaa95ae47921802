import { Failure } from '../model/failure.ts'
import type { Source, SourceFolder, SourceSession } from '../source/port.ts'
import type { Allowance } from './allowance.ts'

/**
 * A source whose every reading is counted, and refused once its allowance is used. `mind` is told what a person should know about the
 * settings of the mailbox, each time that its folders are listed.
 */
export function meteredSource(source: Source, allowance: Allowance, mind: (warnings: readonly string[]) => void = () => {}): Source {
  return {
    ...source,
    async connect(ctx) {
      allowance.mayRead()
      const session = await source.connect(ctx).catch((error: unknown) => {
        throw told(error, allowance)
      })
      if (session.bytesPerDay !== undefined) allowance.systemAllows(session.bytesPerDay, session.mostConnections ?? null)
      return meteredSession(session, allowance, mind)
    },
  }
}

function meteredSession(session: SourceSession, allowance: Allowance, mind: (warnings: readonly string[]) => void): SourceSession {
  let counted = 0
  const charge = (): void => {
    const received = session.receivedBytes ?? 0
    allowance.charge(received - counted)
    counted = received
  }
  // What may go goes at once: callers rely on their commands being sent when the call returns.
  const meter: Meter = (work, messages = 0) => {
    try {
      allowance.mayRead(messages)
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
    allowance.asked(messages)
    return work()
      .then((result) => {
        allowance.wentWell()
        return result
      })
      .catch((error: unknown) => {
        throw told(error, allowance)
      })
      .finally(() => {
        allowance.landed(messages)
        charge()
      })
  }
  return {
    ...session,
    get alive() {
      return session.alive
    },
    get warnings() {
      return session.warnings ?? []
    },
    get receivedBytes() {
      return session.receivedBytes ?? 0
    },
    async folders() {
      const listed = await meter(() => session.folders())
      mind(session.warnings ?? [])
      return listed
    },
    open: async (name) => meteredFolder(await meter(() => session.open(name)), meter),
    known(name, status) {
      const folder = session.known(name, status)
      return folder === null ? null : meteredFolder(folder, meter)
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      charge()
      allowance.write()
    },
  }
}

type Meter = <T>(work: () => Promise<T>, messages?: number) => Promise<T>

function meteredFolder(folder: SourceFolder, meter: Meter): SourceFolder {
  return {
    ...folder,
    rows: (from, to, onRow) => meter(() => folder.rows(from, to, onRow)),
    flags: (from, to, onRow) => meter(() => folder.flags(from, to, onRow)),
    changes: (since, onRow) => meter(() => folder.changes(since, onRow)),
    uids: () => meter(() => folder.uids()),
    headers: (uids, onHeader) => meter(() => folder.headers(uids, onHeader)),
    bodies: (uids, sink) => meter(() => folder.bodies(uids, sink), uids.length),
    octets: (uids, onMessage) => meter(() => folder.octets(uids, onMessage), uids.length),
  }
}

function told(error: unknown, allowance: Allowance): unknown {
  return error instanceof Failure && error.code === 'allowance-used' ? allowance.closed(error) : error
}
