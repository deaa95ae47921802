import { mkdir, readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { Failure } from '../model/failure.ts'
import { seenIssues, issueWords } from '../project/issue-records.ts'
import { type FoundIssue, foundIssues, inOrder, settledIssues, type Issue } from '../project/issues.ts'
import { addEvent } from '../project/store-records.ts'
import { openStore } from '../project/store.ts'
import type { ProjectState } from '../project/state.ts'
import { LANGUAGES, type Language, type ReportDocument, type ReportOptions } from '../report/document.ts'
import { translated } from '../report/write-whole.ts'
import { leftOutIn } from './project-control.ts'
import { ledgerIn } from './project-mailboxes.ts'
import { messageIssues } from './notify-issues.ts'
import { openProject, type ProjectAddress } from './project-scene.ts'
import type { OpenProject } from './project-state.ts'
import { REPORT_NAMES, type ReportFormat, type ReportName } from './report-names.ts'
import { documentOf, whyNot, type Material } from './reports-made.ts'
import { writeReport } from './reports-written.ts'
import { BUDGET_EVENT, type Spent } from './reports-closeout.ts'
import { knownMailboxes } from './reports-statistics.ts'
import type { World } from './world.ts'

export type ReportsInput = ProjectAddress & {
  /** [] for all that can be made now. */
  readonly reports: readonly ReportName[]
  readonly formats: readonly ReportFormat[]
  /** null: the reports folder of the project. Made where it is missing. */
  readonly to: string | null
  /** null: that of the project. */
  readonly language: Language | null
  /** A signed manifest that the certificate is made of; null: one is made of the books, and signed. */
  readonly manifestFile: string | null
  /** What was told of the final budget; kept for later reports. */
  readonly spent: Spent | null
  readonly signal: AbortSignal
  readonly onReport: (report: ReportName) => void
}

export type ReportsResult = {
  readonly project: string
  readonly folder: string
  readonly reports: readonly { readonly report: ReportName; readonly title: string; readonly files: readonly string[] }[]
  /** Those that cannot be made yet, and why; [] where some were asked for by name. */
  readonly later: readonly { readonly report: ReportName; readonly why: string }[]
}

/**
 * Makes reports of a project from what is stored of it, and writes them. Opens no socket. Throws `bad-input` where one that was asked for
 * cannot be made yet: nothing is written then.
 */
export async function makeReports(world: World, input: ReportsInput): Promise<ReportsResult> {
  if (input.spent !== null) tellBudget(world, input, input.spent)
  const { store, open, state } = await openProject(world, input, { readOnly: true })
  using _ = store
  const { project, plan } = open
  using ledger = ledgerIn(world, project.stateDir)
  const folder = input.to === null ? project.reportsDir : resolve(input.to)
  const material: Material = {
    world,
    open,
    state,
    ledger,
    known: ledger === null ? [] : knownMailboxes(state, ledger),
    issues: issuesOf(open, state, await messageIssues(open, state, input.env)),
    folder,
    manifestFile: input.manifestFile,
  }
  const missing = REPORT_NAMES.flatMap((report) => {
    const why = whyNot(report, material, input.reports.includes(report))
    return why === null ? [] : [{ report, why }]
  })
  const [refused] = missing.filter(({ report }) => input.reports.includes(report))
  if (refused !== undefined) throw new Failure('bad-input', refused.why)
  const wanted = input.reports.length > 0 ? input.reports : REPORT_NAMES.filter((name) => missing.every(({ report }) => report !== name))
  const options: ReportOptions = {
    customer: plan.customer,
    madeAt: state.now,
    timeZone: plan.timeZone,
    language: input.language ?? plan.language,
    logo: plan.logoFile === null ? null : await logo(plan.logoFile),
  }
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw translated(error, folder)
  })
  const reports: ReportsResult['reports'][number][] = []
  for (const report of REPORT_NAMES.filter((name) => wanted.includes(name))) {
    input.signal.throwIfAborted()
    input.onReport(report)
    const { document, data, files } = await documentOf(report, material, options)
    const written = await writeReport({ report, folder, formats: input.formats, document, data, project: plan.name })
    reports.push({ report, title: document.title, files: [...files, ...written] })
  }
  noted(world, input, reports, folder)
  return { project: plan.name, folder, reports, later: input.reports.length > 0 ? [] : missing }
}

/** Two who make reports at once wait for each other here, and nowhere else. */
function noted(world: World, { store: directory, name }: ProjectAddress, reports: ReportsResult['reports'], folder: string): void {
  using store = openStore(directory, { now: () => world.clock.now() })
  const project = store.project(name)
  for (const { report, title, files } of reports)
    addEvent(project, { kind: 'report-made', says: `Report made: ${title}`, data: { report, folder, files: files.length } })
}

function tellBudget(world: World, { store: directory, name }: ProjectAddress, spent: Spent): void {
  using store = openStore(directory, { now: () => world.clock.now() })
  addEvent(store.project(name), { kind: BUDGET_EVENT, says: 'What was spent was told', data: spent })
}

/** What is open now, and what was said of it. A report remembers nothing: `cutover issues` does. */
function issuesOf({ project }: OpenProject, state: ProjectState, ofMessages: readonly FoundIssue[]): readonly Issue[] {
  const found = [...foundIssues(state, leftOutIn(project.stateDir)), ...ofMessages]
  const seen = seenIssues(project)
  const fresh = found
    .filter(({ id }) => seen.every((one) => one.id !== id))
    .map((one) => ({ ...one, firstAt: state.now, lastAt: state.now }))
  return inOrder(settledIssues([...seen, ...fresh], new Set(found.map(({ id }) => id)), issueWords(project)))
}

const TYPES: Readonly<Record<string, NonNullable<ReportDocument['logo']>['type']>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.svg': 'svg',
}

async function logo(file: string): Promise<ReportDocument['logo']> {
  const type = TYPES[extname(file).toLowerCase()]
  if (type === undefined) throw new Failure('bad-input', `The logo ${file} is no picture that reports can show: use PNG, JPEG or SVG.`)
  try {
    return { type, bytes: await readFile(file) }
  } catch (cause) {
    throw new Failure('bad-input', `The logo ${file} cannot be read.`, { cause })
  }
}

/** A language by its two letters; null where it is none of ours. */
export function languageOf(text: string): Language | null {
  return LANGUAGES.find((one) => one === text.toLowerCase()) ?? null
}
