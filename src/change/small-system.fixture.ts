import type { Clock } from '../lib/clock.ts'
import type { Json } from '../model/change.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { Filled, Filler } from './fill.ts'
import type { Hands, Seen } from './hands.ts'

/** What the small system takes. `make` and `add` are refused the second time, as `take` is where there is nothing to take. */
export type SmallCall =
  | { readonly do: 'make'; readonly name: Json; readonly values: Json }
  | { readonly do: 'remove'; readonly id: Json }
  | { readonly do: 'set'; readonly name: string; readonly values: Json }
  | { readonly do: 'add' | 'take'; readonly name: string; readonly list: string; readonly entries: Json }
  | { readonly do: 'look'; readonly name: string }

type Thing = { readonly id: string; readonly values: Readonly<Record<string, Json>> }
type Version = { readonly atMs: number; readonly thing: Thing | null }

/** Thrown in the place of the process's death: no `Failure`, so that nothing handles it. */
export class Killed extends Error {}

/** A clock that goes on by itself, to the next sleeper, whenever nothing else happens. */
export class IdleClock implements Clock {
  #now = 1_800_000_000_000
  #sleepers: { readonly dueMs: number; readonly wake: () => void }[] = []
  #isTicking = false

  now(): number {
    return this.#now
  }

  pass(ms: number): void {
    this.#now += ms
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const sleeper = { dueMs: this.#now + ms, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper)
        reject(new Error('aborted'))
      })
      this.#tick()
    })
  }

  #tick(): void {
    if (this.#isTicking) return
    this.#isTicking = true
    setImmediate(() => {
      this.#isTicking = false
      const dueMs = Math.min(...this.#sleepers.map((one) => one.dueMs))
      if (dueMs === Infinity) return
      this.#now = Math.max(this.#now, dueMs)
      const due = this.#sleepers.filter((one) => one.dueMs <= this.#now)
      this.#sleepers = this.#sleepers.filter((one) => one.dueMs > this.#now)
      for (const { wake } of due) wake()
      this.#tick()
    })
  }
}

/** A store that takes every call at once and shows it later, as directories do; with lost replies, and somebody else at work in it. */
export class SmallSystem {
  /** What changed something, in order. */
  readonly deeds: string[] = []
  /** Asked before and after each call: throws to break it off. */
  onCall: (call: SmallCall, moment: 'before' | 'after') => void = () => {}
  /** What comes by itself: things that appear so long after another one was made, and go with it. */
  readonly provisioned = new Map<string, { readonly name: string; readonly afterMs: number; readonly values: Record<string, Json> }>()
  readonly #versions = new Map<string, Version[]>()
  readonly #clock: Clock
  readonly #lagMs: number
  #ids = 0

  constructor(clock: Clock, lagMs: number) {
    this.#clock = clock
    this.#lagMs = lagMs
  }

  /** What is really there, without ids. */
  state(): Readonly<Record<string, Json>> {
    const there = [...this.#versions.keys()].toSorted().map((name) => [name, this.real(name)?.values ?? null] as const)
    return Object.fromEntries(there.filter(([, values]) => values !== null))
  }

  real(name: string): Thing | null {
    return this.#at(name, this.#clock.now())
  }

  #at(name: string, atMs: number): Thing | null {
    return this.#versions.get(name)?.findLast((version) => version.atMs <= atMs)?.thing ?? null
  }

  put(name: string, values: Record<string, Json> | null, atMs = this.#clock.now()): string {
    const id = this.real(name)?.id ?? `id-${++this.#ids}`
    const versions = (this.#versions.get(name) ?? []).filter((version) => values !== null || version.atMs <= atMs)
    this.#versions.set(name, [...versions, { atMs, thing: values === null ? null : { id, values } }])
    return id
  }

  get hands(): Hands<SmallCall> {
    return {
      send: async (call, fill) => {
        await Promise.resolve()
        this.onCall(call, 'before')
        const output = this.#carryOut(call, fill)
        this.onCall(call, 'after')
        return output
      },
      isRepeatable: (call) => call.do === 'set',
      read: async (call) => {
        await Promise.resolve()
        this.onCall(call, 'before')
        if (call.do !== 'look') throw new Error('not a look')
        const thing = this.#at(call.name, this.#clock.now() - this.#lagMs)
        return thing === null ? null : [{ ...thing.values, id: thing.id, name: call.name }]
      },
    }
  }

  #carryOut(call: SmallCall, fill: Filler): Seen {
    if (call.do === 'make') return this.#make(text(fill.value(call.name)), plain(fill.value(call.values)))
    if (call.do === 'remove') return this.#remove(text(fill.value(call.id)))
    if (call.do === 'look') throw new Error('a look is no deed')
    if (call.do === 'set') {
      const set = plain(fill.value(call.values))
      return this.#edit(call.name, `set ${call.name} ${Object.keys(set).join()}`, (values) => ({ ...values, ...set }))
    }
    const isAdd = call.do === 'add'
    const entries = fill.value(call.entries) as readonly string[]
    return this.#edit(call.name, `${call.do} ${entries.join()} ${call.name}`, (values) => {
      const list = (values[call.list] ?? []) as readonly string[]
      const wrong = entries.find((entry) => list.includes(entry) === isAdd)
      if (wrong !== undefined) throw refused(isAdd ? 'object-exists' : 'object-unknown', wrong)
      const rest = list.filter((entry) => !entries.includes(entry))
      return { ...values, [call.list]: isAdd ? [...list, ...entries].toSorted() : rest }
    })
  }

  #make(name: string, values: Record<string, Json>): Seen {
    if (this.real(name) !== null) throw refused('object-exists', name)
    const id = this.put(name, values)
    this.deeds.push(`make ${name}`)
    const child = this.provisioned.get(name)
    if (child !== undefined) this.put(child.name, child.values, this.#clock.now() + child.afterMs)
    return { id }
  }

  #remove(id: string): Seen {
    const name = [...this.#versions.keys()].find((one) => this.real(one)?.id === id)
    if (name === undefined) throw refused('object-unknown', id)
    this.put(name, null)
    this.deeds.push(`remove ${name}`)
    const child = this.provisioned.get(name)
    if (child !== undefined) this.put(child.name, null)
    return {}
  }

  #edit(name: string, deed: string, edit: (values: Thing['values']) => Record<string, Json>): Seen {
    const thing = this.real(name)
    if (thing === null) throw refused('object-unknown', name)
    this.put(name, edit(thing.values))
    this.deeds.push(deed)
    return {}
  }
}

export function refused(code: 'object-exists' | 'object-unknown', name: string): Failure {
  return new Failure(code, `${code}: ${name}`, { notDone: true })
}

function text(filled: Filled): string {
  if (typeof filled !== 'string') throw new Error('not a text')
  return filled
}

/** As it is stored there: a password is taken, and never shown again. */
function plain(filled: Filled): Record<string, Json> {
  const entries = Object.entries(filled ?? {}).map(([name, value]) => [name, value instanceof Secret ? value.reveal().length : value])
  return Object.fromEntries(entries) as Record<string, Json>
}
