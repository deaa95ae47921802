import { analysisDocument } from '../../src/report/analysis.ts'
import { closeoutDocument } from '../../src/report/closeout.ts'
import type { Language, ReportDocument } from '../../src/report/document.ts'
import { errorsDocument } from '../../src/report/errors.ts'
import { readinessDocument } from '../../src/report/readiness.ts'
import { statisticsDocument } from '../../src/report/statistics.ts'
import { certificateDocument } from '../../src/report/verification.ts'
import { assessment } from './made-up-assessment.ts'
import { closeout } from './made-up-closeout.ts'
import { certificate, errors, optionsIn, readiness, statistics } from './made-up-project.ts'

/** Every report of the made-up project, by its name. */
export function allReports(language: Language): Readonly<Record<string, ReportDocument>> {
  const options = optionsIn(language)
  return {
    analysis: analysisDocument(assessment, options),
    readiness: readinessDocument(readiness, options),
    statistics: statisticsDocument(statistics, options),
    errors: errorsDocument(errors, options),
    verification: certificateDocument(certificate, options),
    closeout: closeoutDocument(closeout, options),
  }
}
