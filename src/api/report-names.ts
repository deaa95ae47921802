/** What can be reported of a project, and what each is for. */
export const REPORTS = {
  analysis: 'what was found before the move: sizes, risks, findings, how long it takes, what it costs',
  readiness: 'go or no-go: every criterion with its evidence and time',
  statistics: 'what was found, copied, left out and why, and how fast it went',
  errors: 'every message that was not copied, why, what to do, who does it',
  verification: 'the certificate of what was proven, with a signed proof that anybody can check',
  closeout: 'final status, acceptance, open issues, deviations, timeline, budget, what is left to do',
} as const

export type ReportName = keyof typeof REPORTS

export const REPORT_NAMES: readonly ReportName[] = Object.keys(REPORTS).filter(isReportName)

export function isReportName(text: string): text is ReportName {
  return Object.hasOwn(REPORTS, text)
}

export const REPORT_FORMATS = ['html', 'pdf', 'csv', 'json'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]
