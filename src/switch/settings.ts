const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]

/** What may be chosen about a switch; all in milliseconds. */
export type SwitchSettings = {
  /** Waited beyond the horizon, for caches that keep what they should have forgotten. */
  readonly marginMs: number
  /** How long no mail may have come to the side that is left. */
  readonly quietMs: number
  /** How long the old host stays after the switch at least. */
  readonly tailMs: number
  /** How long mail of the new side is carried back at least after a rollback: caches that stretch everything still lead there. */
  readonly backTailMs: number
  /** How far a mailbox may be behind at the switch. */
  readonly lagMs: number
}

export const USUAL: SwitchSettings = { marginMs: 48 * HOUR, quietMs: 24 * HOUR, tailMs: 14 * DAY, backTailMs: 7 * DAY, lagMs: 30 * MINUTE }
