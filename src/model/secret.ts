import { inspect } from 'node:util'

/** A password, token or key. Prints as `***` wherever it ends up; only `reveal()` hands out the value. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself: call it at the moment of use, never to store or log. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '***'
  }

  toJSON(): string {
    return '***'
  }

  [inspect.custom](): string {
    return '***'
  }
}
