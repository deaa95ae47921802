import type { Random } from './random.ts'
import { ZoneModel } from './zone-model.ts'

export const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const USERS = 5
const GREYLISTED = 0.1
const RELAY_QUEUE_MS = 24 * HOUR

/** What may be left away or added, to see whether harm shows. */
export type Variant = {
  readonly messages: number
  readonly rollback: number
  /** The old side of somebody who moves later is reached through the new one. */
  readonly relay: boolean
  readonly reverseDelta: boolean
  readonly afterShutdown: 'unreachable' | '550' | 'either'
  readonly longestLagMs: number
  /** null: moves within days. */
  readonly lateMovesAt: number | null
}

export const USUAL_WORLD: Variant = {
  messages: 120,
  rollback: 0.3,
  relay: true,
  reverseDelta: true,
  afterShutdown: 'either',
  longestLagMs: 30 * MINUTE,
  lateMovesAt: null,
}

export type Message = {
  readonly user: number
  readonly sentAt: number
  readonly retryMs: number
  readonly giveUpAt: number
  readonly resolver: number
  /** Where it is when nobody works on it any more. */
  state: 'under way' | 'accepted' | 'bounced'
  greylist: boolean
  /** Since when the new side tries to pass it on to the old one. */
  relayedSince: number | null
  atOld: boolean
  atNew: boolean
}

type Resolver = { readonly stretchMs: number; host: 'old' | 'new'; expiresAt: number }

/** A domain, its name servers, the resolvers and senders of the outside, and both mail hosts. Times are milliseconds. */
export class World {
  readonly random: Random
  readonly variant: Variant
  readonly zone: ZoneModel
  readonly messages: Message[] = []
  readonly resolvers: readonly Resolver[]
  readonly late: { readonly user: number; readonly movesAt: number } | null
  readonly afterShutdown: 'unreachable' | '550'
  now: number
  readonly begins: number
  oldIsUp = true
  closed = false
  bounces: string[] = []
  /** How many messages came by SMTP. */
  readonly came = { old: 0, new: 0 }
  #queue: { readonly at: number; readonly message: Message }[] = []

  constructor(random: Random, variant: Variant, begins = 1_800_000_000_000) {
    this.random = random
    this.variant = variant
    this.begins = begins
    this.now = begins
    this.zone = new ZoneModel(random, random.oneOf([3600, 4 * 3600, 24 * 3600]), variant.longestLagMs)
    this.resolvers = Array.from({ length: 8 }, () => ({
      stretchMs: random.chance(0.09) ? random.between(1, 72) * HOUR : 0,
      host: 'old',
      expiresAt: -Infinity,
    }))
    const movesAt = begins + (variant.lateMovesAt ?? random.between(1, 9) * DAY)
    this.late = random.chance(0.5) ? { user: 0, movesAt } : null
    this.afterShutdown = variant.afterShutdown === 'either' ? random.oneOf(['unreachable', '550']) : variant.afterShutdown
    for (let index = 0; index < variant.messages; index++) this.#send(begins + random.between(0, 6) * DAY)
  }

  #send(sentAt: number): void {
    const { random } = this
    const message: Message = {
      user: random.whole(0, USERS - 1),
      sentAt,
      retryMs: random.between(15, 240) * MINUTE,
      giveUpAt: sentAt + (random.chance(0.4) ? DAY : 5 * DAY),
      resolver: random.whole(0, this.resolvers.length - 1),
      state: 'under way',
      greylist: random.chance(GREYLISTED),
      relayedSince: null,
      atOld: false,
      atNew: false,
    }
    this.messages.push(message)
    this.#later(sentAt, message)
  }

  #later(at: number, message: Message): void {
    // Few are under way at once, so that a sorted list will do.
    let place = this.#queue.length
    while (place > 0 && (this.#queue[place - 1]?.at ?? 0) < at) place--
    this.#queue.splice(place, 0, { at, message })
  }

  get isMailUnderWay(): boolean {
    return this.#queue.length > 0
  }

  advanceTo(at: number): void {
    for (let due = this.#queue.at(-1); due !== undefined && due.at <= at; due = this.#queue.at(-1)) {
      this.#queue.pop()
      this.now = Math.max(this.now, due.at)
      this.#deliver(due.message)
    }
    this.now = Math.max(this.now, at)
  }

  /** Lives at the new side; before that the new side knows nothing of a person who moves later. */
  isKnown(user: number, at: number = this.now): boolean {
    return this.late?.user !== user || at >= this.late.movesAt
  }

  #deliver(message: Message): void {
    if (message.relayedSince !== null) this.#relay(message)
    else if (this.#resolve(message.resolver) === 'old') this.#atOld(message)
    else this.#atNew(message)
  }

  #atOld(message: Message): void {
    if (this.oldIsUp) this.#accepted(message, 'old')
    else if (this.afterShutdown === '550') this.#bounce(message, 'the old host refused it')
    else this.#again(message)
  }

  #atNew(message: Message): void {
    if (message.greylist) {
      message.greylist = false
      this.#again(message)
    } else if (this.isKnown(message.user)) this.#accepted(message, 'new')
    else if (this.variant.relay && !this.closed) {
      message.relayedSince = this.now
      this.#relay(message)
    } else this.#bounce(message, 'the new host does not know the address')
  }

  #relay(message: Message): void {
    if (this.isKnown(message.user)) this.#accepted(message, 'new')
    else if (this.oldIsUp) this.#accepted(message, 'old')
    else if (this.afterShutdown === '550' || this.now - (message.relayedSince ?? this.now) > RELAY_QUEUE_MS)
      this.#bounce(message, 'the new host could not pass it on')
    else this.#later(this.now + 30 * MINUTE, message)
  }

  #again(message: Message): void {
    const at = this.now + message.retryMs
    if (at > message.giveUpAt) this.#bounce(message, 'the sender gave up')
    else this.#later(at, message)
  }

  #accepted(message: Message, side: 'old' | 'new'): void {
    message.state = 'accepted'
    this.came[side] += 1
    if (side === 'old') message.atOld = true
    else message.atNew = true
  }

  #bounce(message: Message, why: string): void {
    message.state = 'bounced'
    this.bounces.push(why)
  }

  /** Which host a resolver names; it asks any of the name servers, and is asked by others all the time, so that its cache is seldom cold. */
  #resolve(index: number): 'old' | 'new' {
    const resolver = this.resolvers[index]
    if (resolver === undefined) throw new Error('no such resolver')
    const { random, now } = this
    if (resolver.expiresAt > now) return resolver.host
    const server = random.whole(0, this.zone.lagsMs.length - 1)
    const usual = this.zone.mx(server, now).ttlMs
    const askedAt = Math.max(resolver.expiresAt, now - random.between(0, usual + resolver.stretchMs))
    for (const at of [askedAt, now]) {
      const { host, ttlMs } = this.zone.mx(server, at)
      resolver.host = host
      resolver.expiresAt = at + ttlMs + resolver.stretchMs
      if (resolver.expiresAt > now) break
    }
    return resolver.host
  }

  /** Carries what is at one side and not at the other, for everybody who lives there; returns how many messages. */
  carry(to: 'new' | 'old'): number {
    let carried = 0
    for (const message of this.messages) {
      if (to === 'new' && message.atOld && !message.atNew && this.isKnown(message.user)) {
        message.atNew = true
        carried += 1
      }
      if (to === 'old' && this.variant.reverseDelta && message.atNew && !message.atOld) {
        message.atOld = true
        carried += 1
      }
    }
    return carried
  }

  /** Messages that did not reach the person's home. `home`: where the domain lives now. */
  harm(home: 'old' | 'new'): { readonly lost: number; readonly bounced: number } {
    const atHome = (message: Message): boolean => (home === 'new' && this.isKnown(message.user, Infinity) ? message.atNew : message.atOld)
    return {
      lost: this.messages.filter((message) => message.state === 'accepted' && !atHome(message)).length,
      bounced: this.messages.filter(({ state }) => state === 'bounced').length,
    }
  }
}
