import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Pilot } from '../assess/forecast.ts'
import { openLedger } from '../ledger/ledger.ts'

/** First copies that this state directory has seen go to their end, into the real Exchange Online: a simulated one tells nothing of it. */
export function pilotsIn(stateDir: string): readonly Pilot[] {
  if (!existsSync(join(stateDir, 'ledger.sqlite'))) return []
  using ledger = openLedger(stateDir, { readOnly: true })
  return ledger
    .mailboxes()
    .filter(({ destination }) => /^exchange (?!https?:)/.test(destination))
    .flatMap(({ id }) => {
      const [first] = ledger.passes(id)
      if (first === undefined || first.kind !== 'initial' || first.endedAt === null || first.failureCode !== null) return []
      const { copied, bytes } = ledger.statement({ mailboxId: id })
      const folders = ledger.folders(id).length
      return [{ messages: copied, bytes, folders, milliseconds: first.endedAt - first.beganAt }]
    })
}
