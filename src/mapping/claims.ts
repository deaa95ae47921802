import { fitName } from './folder-name.ts'
import { pathKey } from './name-key.ts'
import type { NameRules, Reasons } from './rules.ts'

/** The destination paths that are taken. Nobody gets one twice, except on purpose. */
export class Claims {
  readonly #rules: NameRules
  /** Path key → the path as it is written, or null where nobody may share it. */
  readonly #taken = new Map<string, readonly string[] | null>()
  /** The next suffix to try below a key, so that twenty thousand twins do not cost twenty thousand tries each. */
  readonly #next = new Map<string, number>()

  constructor(rules: NameRules) {
    this.#rules = rules
  }

  /** Takes the path whether or not it is taken already. With `shared` false no merge may use it. */
  force(path: readonly string[], shared: boolean): void {
    const key = this.#key(path)
    if (!this.#taken.has(key) || !shared) this.#taken.set(key, shared ? path : null)
  }

  isFree(path: readonly string[]): boolean {
    return !this.#taken.has(this.#key(path))
  }

  /** Takes the path if it is free. */
  take(path: readonly string[]): boolean {
    const key = this.#key(path)
    if (this.#taken.has(key)) return false
    this.#taken.set(key, path)
    return true
  }

  /** The path of the one that has it, for a merge; null when it is free or not to be shared. */
  holder(path: readonly string[]): readonly string[] | null {
    return this.#taken.get(this.#key(path)) ?? null
  }

  /** Takes the first free one of "name (2)", "name (3)", …; says so. */
  takeSuffixed(parent: readonly string[], name: string, reasons: Reasons): readonly string[] {
    const key = this.#key([...parent, name])
    for (let n = this.#next.get(key) ?? 2; ; n++) {
      const cut: Reasons = []
      const path = [...parent, fitName(name, ` (${n})`, this.#rules, cut)]
      if (!this.take(path)) continue
      this.#next.set(key, n + 1)
      reasons.push(...cut, `Another folder has this name at the destination: "(${n})" was added.`)
      return path
    }
  }

  #key(path: readonly string[]): string {
    return pathKey(path, this.#rules.caseInsensitiveNames)
  }
}
