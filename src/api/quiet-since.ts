import type { LateMailbox } from './late-mail.ts'

/** Since when no mail came to the old side, by when we saw it; the switch itself where none ever did. Programs of users do not count. */
export function quietSince(mailboxes: readonly LateMailbox[], switchedAt: number): number {
  const seen = mailboxes.flatMap(({ kinds }) => [kinds.inbound.lastSeenAt, kinds.local.lastSeenAt])
  return Math.max(switchedAt, ...seen.filter((at) => at !== null))
}
