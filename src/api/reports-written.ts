import { join } from 'node:path'
import { documentCsv } from '../report/document-csv.ts'
import { documentHtml } from '../report/document-html.ts'
import { documentPdf } from '../report/document-pdf.ts'
import type { ReportDocument } from '../report/document.ts'
import { writeWhole } from '../report/write-whole.ts'
import { REPORT_FORMATS, type ReportFormat, type ReportName } from './report-names.ts'

export type Written = {
  readonly report: ReportName
  readonly folder: string
  readonly formats: readonly ReportFormat[]
  readonly document: ReportDocument
  readonly data: unknown
  readonly project: string
}

/** Writes a report in each form, each file whole or not at all, and tells their paths. */
export async function writeReport({ report, folder, formats, document, data, project }: Written): Promise<readonly string[]> {
  const files: string[] = []
  const write = async (name: string, content: Parameters<typeof writeWhole>[1]): Promise<void> => {
    const path = join(folder, name)
    await writeWhole(path, content)
    files.push(path)
  }
  for (const format of REPORT_FORMATS.filter((one) => formats.includes(one))) {
    if (format === 'html') await write(`${report}.html`, documentHtml(document))
    if (format === 'pdf') await write(`${report}.pdf`, await documentPdf(document))
    if (format === 'json') await write(`${report}.json`, jsonOf({ report, project, document, data }))
    if (format === 'csv') {
      for (const { name, chunks } of documentCsv(document)) await write(`${report}-${name}.csv`, chunks())
    }
  }
  return files
}

/** The data as it was reported. */
function jsonOf({ report, project, document, data }: Pick<Written, 'report' | 'project' | 'document' | 'data'>): string {
  const { title, customer, madeAt, timeZone, language } = document
  const head = { report, project, title, customer, madeAt: new Date(madeAt).toISOString(), timeZone, language }
  return `${JSON.stringify({ ...head, data }, null, 2)}\n`
}
