import { UidSet } from '../model/uid-set.ts'

/** A message that ended the connection so often, the last time asked for by itself, is not asked for again. */
const TIMES = 2

type Ask = (uids: UidSet, onHeader: (uid: number, header: Buffer) => void) => Promise<void>

/**
 * Messages at which a server hangs up when it is asked for their header, as Dovecot does with a file that it cannot read: one of them must
 * not stand in the way of all others. What a break may have been about is asked for alone and last on the next connection; what breaks
 * that one too is left out from then on, as a header that the server does not hand out. Known for as long as the run lasts.
 */
export class HangUps {
  readonly #suspects = new Map<string, Map<number, number>>()

  /** As `SourceFolder.headers`. `folder` names it and its UIDVALIDITY; `broken` says whether an error was the end of the connection. */
  async headers(
    folder: string,
    uids: UidSet,
    ask: Ask,
    broken: () => boolean,
    onHeader: (uid: number, header: Buffer) => void,
  ): Promise<void> {
    const suspects = this.#suspects.get(folder)
    const alone = suspects === undefined ? [] : [...suspects].filter(([uid]) => uids.has(uid))
    const together = alone.length === 0 ? uids : uids.minus(UidSet.of(alone.map(([uid]) => uid)))
    const parts = [together, ...alone.filter(([, times]) => times < TIMES).map(([uid]) => UidSet.of([uid]))]
    for (const part of parts) {
      if (part.size === 0) continue
      const told = new Set<number>()
      try {
        await ask(part, (uid, header) => {
          told.add(uid)
          onHeader(uid, header)
        })
      } catch (error) {
        if (broken()) this.#suspect(folder, part, told)
        throw error
      }
    }
  }

  /** Servers answer in the order of the UIDs: it broke off at the first that was not told. */
  #suspect(folder: string, asked: UidSet, told: ReadonlySet<number>): void {
    for (const uid of asked) {
      if (told.has(uid)) continue
      const suspects = this.#suspects.get(folder) ?? new Map<number, number>()
      this.#suspects.set(folder, suspects)
      suspects.set(uid, (suspects.get(uid) ?? 0) + 1)
      return
    }
  }
}
