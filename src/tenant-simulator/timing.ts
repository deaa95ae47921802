/** How long the tenant takes for what is not done at once, in milliseconds. */
export type Timing = typeof TIMING

/** The delays of the real service at a small scale. A test moves the clock; a rehearsal shortens them with `scaledTiming`. */
export const TIMING = {
  /** A new user is 404 for other readers. */
  userVisibleMs: 3_000,
  /** `usageLocation` is set, and licensing still calls it invalid. */
  usageLocationMs: 2_000,
  /** From the licence on. */
  exchangePlanMs: 20_000,
  mailboxMs: 120_000,
  /** From the mailbox on. */
  restMs: 30_000,
  imapMs: 60_000,
  /** A grant, or the service principal it is for, takes effect at IMAP. */
  grantMs: 60_000,
  casMailboxMs: 60_000,
  /** Directory roles and app roles appear in new tokens. */
  roleMs: 60_000,
  /** Reads after a Set alternate between the old and the new state. */
  staleMs: 5_000,
  /** A new Exchange object cannot be found. */
  newObjectMs: 3_000,
  acceptedDomainMs: 60_000,
  transportRuleMs: 120_000,
  messageTraceMs: 60_000,
  quarantineMs: 30_000,
  dkimMs: 10_000,
  unlicenseMs: 60_000,
  customizationMs: 60_000,
  groupLicenceMs: 20_000,
  /** One step of a migration batch: from Created to Syncing, and from there to Synced. */
  migrationStepMs: 60_000,
  signInLogMs: 60_000,
  /** Soft-deleted users and mailboxes are kept that long; never scaled. */
  softDeleteMs: 30 * 86_400_000,
}

/** Every delay times `factor`, but for the 30 days of soft deletion. */
export function scaledTiming(factor: number): Timing {
  const scaled = Object.fromEntries(Object.entries(TIMING).map(([name, ms]) => [name, Math.round(ms * factor)]))
  return { ...TIMING, ...scaled, softDeleteMs: TIMING.softDeleteMs }
}
