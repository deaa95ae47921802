import type { PhaseName } from '../phase-names.ts'
import type { PhaseRules } from '../work.ts'
import { assess } from './assess.ts'
import { closeout } from './closeout.ts'
import { cutover } from './cutover.ts'
import { final } from './final.ts'
import { kickoff } from './kickoff.ts'
import { prestage } from './prestage.ts'
import { provision } from './provision.ts'
import { reconcile } from './reconcile.ts'
import { verify } from './verify.ts'

export const RULES: Readonly<Record<PhaseName, PhaseRules>> = {
  kickoff,
  assess,
  provision,
  prestage,
  verify,
  cutover,
  final,
  reconcile,
  closeout,
}
