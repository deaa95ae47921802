import { Failure } from '../model/failure.ts'
import type { Governor } from './governor.ts'
import type { Lane } from './lane.ts'

/** What one lane does; ends when there is nothing left to do, or soon after `stays` says that this lane is one too many. */
export type LaneWork = (lane: Lane, stays: () => boolean) => Promise<void>

/**
 * The lanes of one mailbox. The first is always there; the others come and go while work is under way, as the governor and a person
 * decide. One of them that the server does not keep open leaves without harm; trouble of the first is trouble of the mailbox.
 */
export class Crew implements AsyncDisposable {
  readonly first: Lane
  readonly #governor: Governor
  readonly #openSpare: () => Lane
  readonly #lanes: Lane[]

  constructor(first: Lane, openSpare: () => Lane, governor: Governor) {
    this.first = first
    this.#openSpare = openSpare
    this.#governor = governor
    this.#lanes = [first]
  }

  /** Has the work done by at most `useful` lanes at once. Every lane comes to its end before a failure of one is thrown. */
  async run(useful: number, work: LaneWork): Promise<void> {
    const governor = this.#governor
    const running = new Map<Lane, Promise<void>>()
    const failures: unknown[] = []
    /** Lanes that found nothing left to do: from then on no other is begun. */
    const finished: Lane[] = []
    const stays = (lane: Lane): boolean => failures.length === 0 && this.#lanes.indexOf(lane) < governor.lanes
    const one = async (lane: Lane): Promise<void> => {
      let leaves = false
      try {
        await work(lane, () => stays(lane))
        if (stays(lane)) finished.push(lane)
        else leaves = true
      } catch (error) {
        if (lane === this.first || !isSpare(error)) failures.push(error)
        else governor.fewerLanes(running.size - 1)
        leaves = true
      }
      if (leaves && lane !== this.first) await this.#close(lane)
      running.delete(lane)
      governor.atWork = running.size
    }
    const grow = (): void => {
      while (finished.length + failures.length === 0 && running.size < Math.min(governor.useful, governor.lanes)) {
        const lane = this.#lanes.find((each) => !running.has(each)) ?? this.#add()
        // It begins only once it counts as running: its first step may ask for more lanes, and would be begun a second time.
        running.set(
          lane,
          Promise.resolve().then(() => one(lane)),
        )
        governor.atWork = running.size
      }
    }
    for (const lane of this.#lanes.slice(governor.lanes)) await this.#close(lane)
    governor.useful = Math.max(1, useful)
    governor.onLanes = grow
    try {
      grow()
      while (running.size > 0) await Promise.all(running.values())
    } finally {
      governor.onLanes = null
      governor.atWork = 0
    }
    if (failures.length > 0) throw failures[0]
  }

  #add(): Lane {
    const lane = this.#openSpare()
    this.#lanes.push(lane)
    return lane
  }

  async #close(lane: Lane): Promise<void> {
    const at = this.#lanes.indexOf(lane)
    if (at > 0) this.#lanes.splice(at, 1)
    await lane[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#lanes.splice(0).map((lane) => lane[Symbol.asyncDispose]()))
  }
}

/** What one lane among several may suffer while the others go on. */
function isSpare(error: unknown): boolean {
  return error instanceof Failure && (error.spoils === 'endpoint' || error.code === 'mailbox-not-connected')
}
