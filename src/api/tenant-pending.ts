import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'

const FILE = 'tenant-connect.json'

/**
 * Since when something was granted and did not work yet, over several runs: a small file in the state directory. One that is lost or
 * cannot be read only means that the time is counted anew.
 */
export class PendingSince {
  readonly #file: string
  readonly #tenant: string
  readonly #all: Record<string, Record<string, number>>

  constructor(stateDir: string, tenant: string) {
    this.#file = join(stateDir, FILE)
    this.#tenant = tenant
    this.#all = read(this.#file)
  }

  /** Notes what is pending now, forgets the rest, and tells since when each is, in milliseconds since 1970. Throws `bad-input` where the file cannot be written. */
  note(ids: readonly string[], nowMs: number): ReadonlyMap<string, number> {
    const before = this.#all[this.#tenant] ?? {}
    const now = Object.fromEntries(ids.map((id) => [id, Math.min(before[id] ?? nowMs, nowMs)]))
    if (JSON.stringify(now) !== JSON.stringify(before)) {
      this.#all[this.#tenant] = now
      this.#write()
    }
    return new Map(Object.entries(now))
  }

  #write(): void {
    const left = Object.fromEntries(Object.entries(this.#all).filter(([, ids]) => Object.keys(ids).length > 0))
    try {
      if (Object.keys(left).length === 0) {
        rmSync(this.#file, { force: true })
        return
      }
      mkdirSync(join(this.#file, '..'), { recursive: true, mode: 0o700 })
      writeFileSync(`${this.#file}.new`, JSON.stringify(left), { mode: 0o600 })
      renameSync(`${this.#file}.new`, this.#file)
    } catch (cause) {
      throw new Failure(
        'bad-input',
        `${this.#file} cannot be written: it keeps how long a grant has been waited for. Give another --state.`,
        {
          cause,
        },
      )
    }
  }
}

function read(file: string): Record<string, Record<string, number>> {
  try {
    const told: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof told !== 'object' || told === null) return {}
    return Object.fromEntries(Object.entries(told).map(([tenant, ids]) => [tenant, numbersIn(ids)]))
  } catch {
    return {}
  }
}

function numbersIn(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1])))
}
