import type { Assessment } from '../dns/assess/assessment.ts'
import { csv } from '../report/csv.ts'
import { htmlPage, htmlTable, markup } from '../report/html.ts'
import { writeWhole } from '../report/write-whole.ts'

const COLUMNS = ['domain', 'rank', 'finding', 'about', 'what', 'what to do'] as const

/** Findings for a spreadsheet, and everything that matters of each domain as a page to pass on. */
export async function writeFindings(
  domains: readonly Assessment[],
  { csvFile, htmlFile }: { readonly csvFile: string | null; readonly htmlFile: string | null },
): Promise<void> {
  if (csvFile !== null) await writeWhole(csvFile, csv(COLUMNS, rowsOf(domains)))
  if (htmlFile !== null) await writeWhole(htmlFile, htmlPage('Mail in DNS', domains.flatMap(sectionOf)))
}

function rowsOf(domains: readonly Assessment[]): readonly (readonly string[])[] {
  return domains.flatMap(({ domain, findings }) =>
    findings.map(({ rank, code, about, says, remedy }) => [domain, rank, code, about, says, remedy]),
  )
}

function sectionOf({ domain, findings, records, hosts, senders, atMs }: Assessment): readonly ReturnType<typeof markup>[] {
  return [
    markup`<h2>${domain}</h2>
<p>Looked at ${new Date(atMs).toISOString()}. Mail at ${hosts.mail?.name ?? 'nobody known'}, DNS at ${hosts.dns?.name ?? 'nobody known'}.
Senders: ${senders.map(({ name }) => name).join(', ') || 'none known'}.</p>
`,
    htmlTable(
      ['rank', 'what', 'what to do'],
      findings.map(({ rank, says, remedy }) => ({ cells: [rank, says, remedy], bad: rank === 'block' })),
    ),
    htmlTable(
      ['name', 'TTL', 'type', 'data'],
      records.flatMap(({ name, ttlSeconds, type, data }) => data.map((one) => ({ cells: [name, ttlSeconds, type, one] }))),
    ),
  ]
}
