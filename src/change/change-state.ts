type Entry = { readonly says: string; readonly next: readonly string[] }

/** What can have become of a change, and what may come next. The journal holds the same words in a CHECK. */
export const CHANGE_STATES = {
  planned: { says: 'not begun', next: ['already', 'doing', 'waiting', 'failed', 'dropped'] },
  doing: { says: 'begun', next: ['planned', 'already', 'waiting', 'in-doubt', 'failed', 'done', 'undoing', 'undone', 'left'] },
  /** Nobody knows whether its last call was carried out. */
  'in-doubt': { says: 'in doubt', next: ['doing', 'waiting', 'failed', 'done', 'undoing', 'undone', 'left'] },
  /** All that can be done is done; it cannot be seen yet. */
  waiting: { says: 'waiting to be seen', next: ['doing', 'failed', 'done', 'undoing', 'undone', 'left'] },
  done: { says: 'done', next: ['undoing', 'undone', 'left'] },
  /** It held before we came: not ours, and never taken back. */
  already: { says: 'held already', next: [] },
  failed: { says: 'failed', next: ['planned', 'already', 'doing', 'waiting', 'in-doubt', 'done', 'dropped', 'undoing', 'undone', 'left'] },
  /** Not begun, and no longer in the plan. */
  dropped: { says: 'no longer wanted', next: [] },
  undoing: { says: 'being taken back', next: ['undone', 'left'] },
  undone: { says: 'taken back', next: [] },
  /** Somebody else has changed it since: not taken back. */
  left: { says: 'left, as somebody else changed it', next: [] },
} as const satisfies Record<string, Entry>

export type ChangeState = keyof typeof CHANGE_STATES
export const STATE_NAMES = Object.keys(CHANGE_STATES).filter(isState)

/** Begun, and not known to have ended. */
export const UNSETTLED: readonly ChangeState[] = ['doing', 'in-doubt', 'waiting']

export function isState(text: string): text is ChangeState {
  return Object.hasOwn(CHANGE_STATES, text)
}

/** A state may always be written again, with more that is known. */
export function mayMove(from: ChangeState, to: ChangeState): boolean {
  const next: readonly string[] = CHANGE_STATES[from].next
  return from === to || next.includes(to)
}
