/** The servers that the simulator's source can be like, one line each. */
export const SIMULATED_SOURCES = ['dovecot', 'courier', 'exchange-onprem'] as const

export type SimulatedSource = (typeof SIMULATED_SOURCES)[number]
