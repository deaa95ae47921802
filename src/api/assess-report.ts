import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Assessment } from '../assess/assessment.ts'
import { analysisDocument } from '../report/analysis.ts'
import type { ReportOptions } from '../report/document.ts'
import type { AssessInput } from './assess.ts'
import type { OpenAssessment } from './assess-open.ts'
import { REPORT_FORMATS } from './report-names.ts'
import { makeReports } from './reports.ts'
import { writeReport } from './reports-written.ts'
import type { World } from './world.ts'

/** Writes what was found as HTML, PDF, CSV and JSON, and tells the files. That of a project is in its language and has its logo. */
export async function writeAssessment(
  world: World,
  input: AssessInput & { readonly to: string },
  open: OpenAssessment,
  assessment: Assessment,
): Promise<readonly string[]> {
  const folder = resolve(input.to)
  await mkdir(folder, { recursive: true })
  if (input.project !== null) {
    const asked = { reports: ['analysis'] as const, formats: REPORT_FORMATS, to: folder, language: null, manifestFile: null, spent: null }
    const place = { ...input.project, env: input.env, signal: input.signal, onReport: () => {} }
    const { reports } = await makeReports(world, { ...asked, ...place })
    return reports.flatMap(({ files }) => files)
  }
  const { project } = open.definition?.sections ?? {}
  const options: ReportOptions = {
    customer: project?.customer ?? null,
    madeAt: assessment.madeAt,
    timeZone: project?.time_zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: project?.language ?? 'en',
    logo: null,
  }
  const document = analysisDocument(assessment, options)
  const name = project?.name ?? open.from.kind
  return writeReport({ report: 'analysis', folder, formats: REPORT_FORMATS, document, data: assessment, project: name })
}
