/** The servers that the simulator's source can be like, one line each. */
export const SIMULATED_SOURCES = ['dovecot', 'courier', 'gmail', 'exchange-onprem', 'yahoo', 'domino', 'icloud', 'zimbra'] as const

export type SimulatedSource = (typeof SIMULATED_SOURCES)[number]
