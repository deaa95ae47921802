import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { keptAssessment } from '../assess/kept-assessment.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import type { Issue } from '../project/issues.ts'
import { isPassed, type ProjectState } from '../project/state.ts'
import { analysisDocument } from '../report/analysis.ts'
import { closeoutDocument } from '../report/closeout.ts'
import type { ReportDocument, ReportOptions } from '../report/document.ts'
import { errorsDocument } from '../report/errors.ts'
import { manifestKey } from '../report/manifest-key.ts'
import { readinessDocument } from '../report/readiness.ts'
import { statisticsDocument } from '../report/statistics.ts'
import { certificateDocument } from '../report/verification.ts'
import { writeWhole } from '../report/write-whole.ts'
import type { OpenProject } from './project-state.ts'
import type { ReportName } from './report-names.ts'
import { certificateData, proofText, PROOF_FILE } from './reports-certificate.ts'
import { closeoutData } from './reports-closeout.ts'
import { readinessData } from './reports-readiness.ts'
import { errorsData, statisticsData, type Known } from './reports-statistics.ts'
import type { World } from './world.ts'

/** All that reports are made of, read once. */
export type Material = {
  readonly world: World
  readonly open: OpenProject
  readonly state: ProjectState
  /** null: nothing was ever copied. */
  readonly ledger: Ledger | null
  readonly known: readonly Known[]
  readonly issues: readonly Issue[]
  readonly folder: string
  readonly manifestFile: string | null
}

type Made = {
  readonly document: ReportDocument
  /** What the document says, as data. */
  readonly data: unknown
  /** What was written beside it. */
  readonly files: readonly string[]
}

/** Why a report cannot be made now, or is of no use now unless it is asked for by name; null: it can. */
export function whyNot(report: ReportName, { open, state, ledger, known, manifestFile }: Material, isAsked: boolean): string | null {
  const at = `--project ${state.name}`
  switch (report) {
    case 'analysis':
      return keptAssessment(open.project.stateDir) === null ? `There is no analysis yet: \`cutover assess ${at}\` makes one.` : null
    case 'readiness':
      return !isAsked && isPassed(state, 'cutover') ? 'The cutover is over: whether it may begin is no question any more.' : null
    case 'statistics':
    case 'errors':
      return ledger === null || known.length === 0 ? `Nothing was copied yet: \`cutover run ${at}\` does.` : null
    case 'verification':
      return manifestFile === null && state.mailboxes.every(({ verified }) => verified === null)
        ? `Nothing was compared yet: \`cutover run ${at}\` does that after the first copy.`
        : null
    case 'closeout':
  }
  return !isAsked && !isPassed(state, 'cutover')
    ? 'It is made once the domain is at the new side; asked for by name, it shows how things stand.'
    : null
}

export async function documentOf(report: ReportName, material: Material, options: ReportOptions): Promise<Made> {
  const { world, open, state, ledger, known, issues } = material
  const { stateDir } = open.project
  const made = <Data>(data: Data, document: (data: Data, options: ReportOptions) => ReportDocument): Made => ({
    data,
    document: document(data, options),
    files: [],
  })
  switch (report) {
    case 'analysis': {
      const kept = keptAssessment(stateDir)
      if (kept === null) throw new Failure('bad-input', 'There is no analysis yet.')
      return made(kept, (data, given) => analysisDocument(data, { ...given, madeAt: data.madeAt }))
    }
    case 'readiness':
      return made(readinessData(world, state, open.plan.domains, { stateDir, definition: open.definition }), readinessDocument)
    case 'statistics':
      return made(ledger === null ? { mailboxes: [] } : statisticsData(ledger, known), statisticsDocument)
    case 'errors':
      return made(ledger === null ? { items: [] } : errorsData(ledger, known, issues), errorsDocument)
    case 'verification':
      return certificate(material, options)
    case 'closeout':
  }
  const proof = existsSync(join(material.folder, PROOF_FILE)) ? PROOF_FILE : null
  return made(closeoutData(open, state, ledger, known, issues, proof), closeoutDocument)
}

async function certificate({ open, state, ledger, known, folder, manifestFile }: Material, options: ReportOptions): Promise<Made> {
  let file = manifestFile
  if (file === null) {
    const key = await manifestKey(open.project.stateDir)
    const text = ledger === null ? null : proofText(state, ledger, known, key, options.madeAt)
    if (text === null) throw new Failure('bad-input', 'Nothing was compared yet.')
    file = join(folder, PROOF_FILE)
    await writeWhole(file, text)
  }
  const data = await certificateData(file)
  return { data, document: certificateDocument(data, options), files: manifestFile === null ? [file] : [] }
}
