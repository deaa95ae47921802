/** What can be written down and read back unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/**
 * One thing that is done to somebody else's system: a sentence for the person who approves it, and data for whoever carries it out,
 * so that a crash at any instant leaves a record that can be looked at, finished and taken back. `Call` is what that system takes
 * (a request, a cmdlet, an update of a zone), also plain data.
 *
 * Before it is carried out it is looked whether it holds already (then it is not ours and is never taken back), and what stands
 * there is kept. In `calls` and `undo` a value `{ "$": "…" }` is replaced whole by what is only known then:
 *
 * - `{ "$": "made.id" }` a property of what was made, with its type; `{ "$": "before.Name" }` what stood there;
 * - `{ "$": "added" }` those of the wanted entries that were not there (`holds`); `{ "$": "removed" }` those that were (`lacks`);
 * - `{ "$": "secret.password" }` a secret that was made for this change and is kept sealed;
 * - `{ "$": "smtp:{before.Name}" }` a text with any of them in it.
 *
 * Nothing in a plain text is ever replaced, so that no name can pass for a placeholder. The one exception is the path of a request,
 * where a plan encodes each name: `/users/{made.id}/assignLicense`.
 */
export type Change<Call> = {
  /** The same as long as the same is wanted, also in another plan on another day: `licence anna@example.org ENTERPRISEPACK`. */
  readonly key: string
  readonly kind: string
  /** Address, name or domain that it is about; '' for the organisation as a whole. */
  readonly about: string
  /** "Give anna@example.org the licence ENTERPRISEPACK (Office 365 E3), location DE". */
  readonly says: string
  /** Keys of changes that must hold before; one that is in no plan holds already. */
  readonly after: readonly string[]
  readonly look: Look<Call>
  readonly expect: Expect
  /** One after the other. None: it comes by itself and is waited for (a mailbox that is being provisioned). */
  readonly calls: readonly Call[]
  /** One after the other; none: it goes with what it was done to; or why it cannot be taken back. */
  readonly undo: readonly Call[] | { readonly cannot: string }
  /** How long it may take, once carried out, until it can be seen. Nothing else is held up by that but what comes after it. */
  readonly takes: 'seconds' | 'minutes' | 'hours'
  /** Names of secrets that are made for it: strong, sealed at rest, handed out once. */
  readonly secrets?: readonly string[]
}

/** How an object is read. Where it does not exist the answer is null. */
export type Look<Call> = {
  readonly call: Call
  /** The rows are the entries of this list of the object: the licences of a user. */
  readonly inside?: string
  /** Of several rows the one with this value (case does not count); absent: the object itself, or the first row. */
  readonly find?: { readonly property: string; readonly equals: string }
  /** Makes one object of all rows, in which this property is the list of its values. */
  readonly collect?: string
}

/** What must be seen for a change to hold. Letter case of texts counts only where it is said. */
export type Expect =
  /** It exists; `id` names the property by which it is told from another one of the same name. */
  | { readonly is: 'there'; readonly id: string }
  | { readonly is: 'gone' }
  | { readonly is: 'set'; readonly values: Readonly<Record<string, Expected>> }
  /** The list has these entries, whatever else it has. */
  | { readonly is: 'holds'; readonly property: string; readonly entries: readonly string[] }
  | { readonly is: 'lacks'; readonly property: string; readonly entries: readonly string[] }

/**
 * `as` says how two values are compared: `text` without letter case, `exact`, `size` by bytes (`36 MB (37,748,736 bytes)` = `36MB`),
 * `list` in this order, `set` in any order, both without letter case, `moment` by the time meant (UTC where no zone is said),
 * `json` deeply.
 */
export type Expected = { readonly to: Json; readonly as: 'text' | 'exact' | 'size' | 'list' | 'set' | 'moment' | 'json' }

/** Something that a person must know before approving. */
export type Finding = {
  /** One word or two, for machines: `licence-short`, `address-taken`. */
  readonly code: string
  /** blocker: what it is about is left out of the plan until it is solved. warning: it is done all the same. note: good to know. */
  readonly severity: 'blocker' | 'warning' | 'note'
  readonly about: string
  readonly says: string
  readonly remedy: string
  /** Where it was wanted: `mailboxes.csv line 12`, `cutover.yaml line 40`. */
  readonly where: string | null
}

export type Plan<Call> = { readonly changes: readonly Change<Call>[]; readonly findings: readonly Finding[] }
