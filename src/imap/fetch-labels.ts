import type { Session } from './session.ts'

export type LabelRow = {
  readonly uid: number
  /** As the server wrote them: modified UTF-7, system labels with their backslash. */
  readonly labels: readonly string[]
  /** null where they were not asked for. */
  readonly flags: readonly string[] | null
}

/** Gmail's labels of the messages with `from` ≤ UID ≤ `to` in the open folder (X-GM-EXT-1). */
export async function fetchLabels(session: Session, from: number, to: number, onRow: (row: LabelRow) => void): Promise<void> {
  await ask(session, `${from}:${to} (UID X-GM-LABELS)`, from, to, onRow)
}

/** Labels and flags of those that changed after mod-sequence `since`. A change of labels counts as one of the message in All Mail. */
export async function fetchLabelChanges(session: Session, to: number, since: bigint, onRow: (row: LabelRow) => void): Promise<void> {
  await ask(session, `1:${to} (UID FLAGS X-GM-LABELS) (CHANGEDSINCE ${since})`, 1, to, onRow)
}

async function ask(session: Session, what: string, from: number, to: number, onRow: (row: LabelRow) => void): Promise<void> {
  await session.run({
    verb: 'UID FETCH',
    parts: [`UID FETCH ${what}`],
    onUntagged: (response) => {
      if (response.kind !== 'fetch' || response.labels === null || response.uid < from || response.uid > to) return
      onRow({ uid: response.uid, labels: response.labels, flags: response.flags })
    },
  })
}
