/** The eight steps of a move, and its end, in their order. */
export const PHASES = {
  kickoff: { title: 'Kickoff', says: 'who, what, when; accesses are handed over' },
  assess: { title: 'Analysis', says: 'the old system, the records and the tenant are looked at' },
  provision: { title: 'Users', says: 'the tenant is prepared: people, mailboxes, licences, rules, protection' },
  prestage: { title: 'Migration', says: 'mail is copied while everybody goes on working' },
  verify: { title: 'Verification', says: 'what was copied is compared, message by message' },
  cutover: { title: 'MX', says: 'the domain is sent to the new side' },
  final: { title: 'Final migration', says: 'what still arrives at the old side is carried over' },
  reconcile: { title: 'Verification and fixes', says: 'the books are closed: every message is copied, or listed with its reason' },
  closeout: { title: 'Closeout', says: 'accepted, reported, handed over' },
} as const

export type PhaseName = keyof typeof PHASES

export const PHASE_ORDER: readonly PhaseName[] = Object.keys(PHASES).filter(isPhaseName)

export function isPhaseName(text: string): text is PhaseName {
  return Object.hasOwn(PHASES, text)
}
