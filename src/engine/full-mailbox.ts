import { Failure } from '../model/failure.ts'
import type { Quota, Source, SourceSession } from '../source/port.ts'

/** A mailbox this full refuses what is larger than a line or two. */
const FULL = 0.98

/** A source that tells, when its folders are listed, whether the mailbox takes no more mail: why not, as a sentence, or null. */
export function tellingFullness(source: Source, tell: (full: string | null) => void): Source {
  return {
    ...source,
    async connect(ctx) {
      const session = await source.connect(ctx)
      return withFullness(session, tell)
    },
  }
}

function withFullness(session: SourceSession, tell: (full: string | null) => void): SourceSession {
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
      const listed = await session.folders()
      tell(fullness(await quotasOf(session)))
      return listed
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

async function quotasOf(session: SourceSession): Promise<readonly Quota[]> {
  try {
    return (await session.about([])).quotas ?? []
  } catch (error) {
    // Without an answer nothing is known of it; a broken connection shows in what comes next.
    if (!(error instanceof Failure)) throw error
    return []
  }
}

/** Why a mailbox with these quotas takes no more mail. */
export function fullness(quotas: readonly Quota[]): string | null {
  for (const { resources } of quotas)
    for (const { name, used, limit } of resources)
      if (limit > 0 && used >= limit * FULL)
        return `It is full (${name.toLowerCase()} ${Math.floor((used / limit) * 100)} % of what is allowed): the old server refuses new mail for it.`
  return null
}
