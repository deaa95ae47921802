/** What stands between a project and its next phase. */
export type Blocker = {
  /** Stable, of small letters: `assess.source`. A waiver names it. */
  readonly id: string
  /** A sentence. */
  readonly says: string
  /** The one command that helps, without `cutover` in front ("tenant connect"); null: a person or time does. */
  readonly command: string | null
  /** `work`: `cutover run` does it by itself; `time`: it comes by itself; `person`: somebody has to decide or do something. */
  readonly needs: 'work' | 'time' | 'person'
  /** Milliseconds since 1970, where only that instant is waited for. */
  readonly notBefore: number | null
  /** What must never be passed over (a message without explanation, a tenant that is not there) cannot be waived. */
  readonly waivable: boolean
}

/** A blocker that somebody lets pass, by name. */
export type Waiver = { readonly blocker: string; readonly name: string; readonly reason: string; readonly at: number }

/** A figure or a finding, and when it was seen, in milliseconds since 1970. */
export type Seen<T> = { readonly at: number; readonly data: T }
