import type { GuardName } from './guard-names.ts'

type Entry = { readonly says: string; readonly next: readonly string[] }

/**
 * Where a move of a domain stands, and what may come next. The log holds the same words in a CHECK. `switching` to `draining`: mail
 * comes to both sides. Nothing here switches the old host off: `decommissioned` only says that its owner may.
 */
export const PHASES = {
  draft: { says: 'nothing was looked at yet', next: ['analysed'] },
  analysed: { says: 'the records were read, and nothing stands in the way', next: ['snapshotted'] },
  snapshotted: { says: 'what is to be changed is kept, so that it can be put back', next: ['prepared', 'rolling-back'] },
  prepared: { says: 'what can stand beside the old records is there', next: ['ttl-lowered', 'rolling-back'] },
  'ttl-lowered': { says: 'the times to live are short; old ones run out', next: ['ready', 'rolling-back'] },
  ready: { says: 'everything is ready; a person decides when', next: ['switching', 'rolling-back'] },
  switching: { says: 'the new records are being written', next: ['switched-partial', 'rolling-back'] },
  'switched-partial': { says: 'some name servers answer with the new records', next: ['switched', 'rolling-back'] },
  switched: { says: 'every name server answers with the new records', next: ['draining', 'rolling-back'] },
  draining: { says: 'mail arrives at the new side; late mail at the old one is carried over', next: ['quiet', 'rolling-back'] },
  quiet: { says: 'no late mail comes any more', next: ['finalised', 'rolling-back'] },
  finalised: { says: 'the records are as they shall stay', next: ['decommissioned', 'rolling-back'] },
  decommissioned: { says: 'the old host may be switched off', next: [] },
  'rolling-back': { says: 'the old records are being put back', next: ['rolled-back-partial'] },
  'rolled-back-partial': { says: 'some name servers answer with the old records again', next: ['reverse-draining'] },
  'reverse-draining': { says: 'mail arrives at the old side; what came to the new one is carried back', next: ['restored'] },
  restored: { says: 'everything is as it was', next: ['draft'] },
} as const satisfies Record<string, Entry>

export type Phase = keyof typeof PHASES
export const PHASE_NAMES = Object.keys(PHASES).filter(isPhase)

export function isPhase(text: string): text is Phase {
  return Object.hasOwn(PHASES, text)
}

export function mayMove(from: Phase, to: Phase): boolean {
  const next: readonly string[] = PHASES[from].next
  return next.includes(to)
}

/** Writes to DNS, in their order; what each leaves is what the next one finds. */
export const STEPS = {
  prepare: 'add what the new side needs beside what is there',
  lower: 'shorten the times to live',
  switch: 'send mail to the new side',
  finish: 'take away what only the old side needed, and lengthen the times to live',
  'put-back': 'send mail to the old side again',
  'put-back-ttl': 'put the times to live back',
} as const
export type Step = keyof typeof STEPS

export function isStep(text: string): text is Step {
  return Object.hasOwn(STEPS, text)
}

/** What a person decides. */
export const DECISIONS = {
  switch: 'switch the domain to the new side',
  finish: 'close the domain: final records, unknown addresses refused',
  decommission: 'say that the old host may be switched off',
} as const
export type Decision = keyof typeof DECISIONS

type Move = { readonly from: Phase; readonly to: Phase; readonly guards: readonly GuardName[] }

const READY = ['mx-host', 'recipients', 'tenant', 'lag', 'source', 'old-host', 'way-back'] as const

/** What must hold for each step forward. Going back needs a person's word and a snapshot, and nothing else. */
export const MOVES: readonly Move[] = [
  { from: 'draft', to: 'analysed', guards: ['analysis'] },
  { from: 'analysed', to: 'snapshotted', guards: ['analysis', 'dns-writable', 'snapshot'] },
  { from: 'snapshotted', to: 'prepared', guards: ['prepared'] },
  { from: 'prepared', to: 'ttl-lowered', guards: ['lowered'] },
  { from: 'ttl-lowered', to: 'ready', guards: ['ttl', ...READY] },
  { from: 'ready', to: 'switching', guards: ['ttl', ...READY, 'dns-writable', 'drift', 'approval-switch'] },
  { from: 'switching', to: 'switched-partial', guards: ['one-new'] },
  { from: 'switched-partial', to: 'switched', guards: ['all-new', 'resolvers'] },
  { from: 'switched', to: 'draining', guards: ['all-new', 'arrival'] },
  { from: 'draining', to: 'quiet', guards: ['all-new', 'horizon', 'quiet', 'deltas'] },
  { from: 'quiet', to: 'finalised', guards: ['everybody', 'approval-finish', 'finished'] },
  { from: 'finalised', to: 'decommissioned', guards: ['tail', 'horizon', 'quiet', 'deltas', 'everybody', 'approval-decommission'] },
  { from: 'rolling-back', to: 'rolled-back-partial', guards: ['one-old'] },
  { from: 'rolled-back-partial', to: 'reverse-draining', guards: ['all-old'] },
  { from: 'reverse-draining', to: 'restored', guards: ['all-old', 'horizon-back', 'quiet-back', 'deltas-back', 'put-back'] },
]
