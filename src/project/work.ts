import type { Blocker } from './gate.ts'
import type { PhaseName } from './phase-names.ts'
import type { ProjectState } from './state.ts'
import type { Decision } from '../switch/states.ts'

/** Something that is done without a person, or with one who only has to agree. Each begins with a look of its own before it writes. */
export type Work =
  | (Common & { readonly do: 'logins' | 'connect' | 'assess' | 'tenant' | 'dns' | 'acceptance' })
  /** Shows the changes and, once somebody agreed, carries them out. */
  | (Common & { readonly do: 'apply-tenant' })
  /** One pass over these mailboxes; `afterSwitch`: what comes there now is late mail, since then. */
  | (Common & { readonly do: 'copy'; readonly mailboxes: readonly string[]; readonly afterSwitch: number | null })
  | (Common & {
      readonly do: 'verify'
      readonly mailboxes: readonly string[]
      readonly level: 'fingerprints' | 'content'
      readonly books: 'verification' | 'reconciliation'
    })
  /** Carries the move of a domain on. `may`: what a person may be asked to decide now. */
  | (Common & { readonly do: 'switch'; readonly domain: string; readonly may: readonly Decision[] })

type Common = {
  /** A sentence without its full stop: what is being done. */
  readonly says: string
  /** The same for what is the same thing to do: what was tried in vain is not tried again at once. */
  readonly key: string
}

/** One of the steps of a project: what has to hold before it is over, and what can be done for it now. Both are pure. */
export type PhaseRules = {
  readonly name: PhaseName
  readonly gate: (state: ProjectState) => readonly Blocker[]
  /** All that is due now, the most urgent first. */
  readonly work: (state: ProjectState) => readonly Work[]
}
