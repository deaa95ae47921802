import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { AssessInput, Sample } from '../api/assess.ts'
import { accessOf, accessOptions, type AccessFlags } from './access-options.ts'
import { DEFAULT_STATE, serverUrl } from './address-options.ts'
import { printAssessment } from './assess-page.ts'
import { printable, wrapped } from './printable.ts'
import { watched } from './progress.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { stoppedLines } from './trouble.ts'
import { counted, parseCount, parseSample, parseSize } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

/** Which mailboxes are looked at: by a project, a definition, or options. */
export type PlaceFlags = ProjectFlags &
  AccessFlags & {
    readonly file?: string
    readonly source?: string
    readonly mailboxes?: string
    readonly state?: string
    readonly ca?: string
    readonly only?: readonly string[]
    readonly includeShared?: boolean
    readonly includePublic?: boolean
  }

type AssessFlags = PlaceFlags & {
  readonly sample: Sample
  readonly domain?: readonly string[]
  readonly server?: readonly string[]
  readonly resolver?: readonly string[]
  readonly dnsOnly?: boolean
  readonly dns: boolean
  readonly tenant: boolean
  readonly mailboxesAtOnce?: number
  readonly maxMessageSize?: number
  readonly vip?: readonly string[]
  readonly riskSize?: number
  readonly riskDeleted?: number
  readonly price?: number
  readonly pricePerMailbox?: number
  readonly details?: boolean
  readonly to?: string
}

const HELP = `
Examples:
  cutover assess -f cutover.yaml
  cutover assess --source imaps://mail.example.org --mailboxes people.csv
  cutover assess --project example --sample full
  cutover assess -f cutover.yaml --sample 5% --vip boss@example.org --details

Every message is listed; some of each mailbox, chosen at random, are read whole
and judged as Exchange would (--sample full reads all of them). Nothing is
changed anywhere. One that was stopped goes on where it was. Exit code 3:
something has to be solved before mail can move.`

export function addAssess(program: Command, run: Runner): void {
  placeOptions(program.command('assess').description('tell beforehand what a move meets: mailboxes, risks, DNS, tenant, time, price'))
    .option('--mailboxes <file.csv>', 'columns source_login, source_password, target, name')
    .option('--sample <n>', 'messages of each mailbox to read whole: 400, 5%, full or none', parseReading, { messages: 400 })
    .option('--domain <name...>', 'also ask DNS about these domains')
    .option('--server <host...>', 'name servers of the zones, not found by delegation: IP[:port]')
    .option('--resolver <ip...>', 'ask these resolvers: IP[:port]')
    .option('--dns-only', 'ask no web server and not Microsoft about the domains')
    .option('--no-dns', 'do not ask DNS')
    .option('--no-tenant', 'do not look at the tenant')
    .option('--mailboxes-at-once <n>', 'mailboxes to read at the same time', parseCount)
    .option('--max-message-size <size>', 'what the new side will accept, for example 150MB', parseSize)
    .option('--vip <address...>', 'people who are looked after first')
    .option('--risk-size <size>', 'a mailbox from this size on is a risk (50GB)', parseSize)
    .option('--risk-deleted <size>', 'deleted items from this size on are one (30GB)', parseSize)
    .option('--price <amount>', 'price of the project (90)', parseAmount)
    .option('--price-per-mailbox <amount>', 'price of each mailbox (10)', parseAmount)
    .option('--details', 'every finding, every mailbox, every renamed folder')
    .option('--to <dir>', 'write the report there: HTML, PDF, CSV and JSON')
    .addHelpText('after', HELP)
    .action((flags: AssessFlags) => run(flags, (shell) => assess(shell, flags)))
}

/** How mailboxes are named that are only read. `--mailboxes`, the list, is the caller's to add. */
export function placeOptions(command: Command): Command {
  return accessOptions(
    projectOptions(command)
      .option('-f, --file <cutover.yaml>', 'the definition; it says what of the following is not given')
      .option('--source <url>', 'imaps://host[:port], imap://host[:port] (STARTTLS), imap://host:port?tls=none', serverUrl)
      .option('--state <dir>', `where is kept what was seen (default: "${DEFAULT_STATE}", or that of the project)`)
      .option('--ca <file>', 'also trust the certificates in this PEM file')
      .option('--only <name...>', 'only these mailboxes')
      .option('--include-shared', 'also what other users share with each person')
      .option('--include-public', 'also the public folders'),
  )
}

/** A project where one is named, or where nothing else says what is looked at. */
export function assessPlace(
  shell: Shell,
  flags: PlaceFlags,
): Omit<AssessInput, keyof Pick<AssessInput, 'signal' | 'onMailboxes' | 'onProgress'> | Own> {
  const isElsewhere = flags.file !== undefined || flags.source !== undefined
  const isProject = flags.project !== undefined || !isElsewhere
  const trees = { others: flags.includeShared ?? false, public: flags.includePublic ?? false }
  return {
    project: isProject ? projectPlace(shell, flags) : null,
    definitionFile: flags.file ?? null,
    source: flags.source ?? null,
    mailboxesFile: flags.mailboxes ?? null,
    stateDir: flags.state ?? (isProject ? null : DEFAULT_STATE),
    caFile: flags.ca ?? null,
    only: flags.only ?? [],
    env: shell.world.env,
    ...(flags.includeShared === true || flags.includePublic === true ? { trees } : {}),
    ...accessOf(shell, flags),
  }
}

type Own = 'to' | 'sample' | 'also' | 'domains' | 'dns' | 'mailboxesAtOnce' | 'price' | 'risks' | 'maxMessageBytes'

async function assess(shell: Shell, flags: AssessFlags): Promise<number> {
  const place = assessPlace(shell, flags)
  const result = await watched(shell, (watch) =>
    shell.world.operations.assess({
      ...watch,
      ...place,
      sample: flags.sample,
      also: { dns: flags.dns, tenant: flags.tenant },
      domains: flags.domain ?? [],
      dns: { servers: flags.server ?? [], resolvers: flags.resolver ?? [], dnsOnly: flags.dnsOnly ?? false },
      mailboxesAtOnce: flags.mailboxesAtOnce ?? null,
      maxMessageBytes: flags.maxMessageSize ?? null,
      risks: { mailboxBytes: flags.riskSize ?? null, deletedBytes: flags.riskDeleted ?? null, vip: flags.vip ?? [] },
      to: flags.to ?? null,
      price: { base: flags.price ?? null, perMailbox: flags.pricePerMailbox ?? null },
    }),
  )
  shell.json(result)
  printAssessment(shell, result, flags.details ?? false)
  const [file] = result.files
  if (file !== undefined) {
    const more = result.files.length === 1 ? '' : ` and ${counted(result.files.length - 1, 'file')} beside it`
    for (const line of wrapped(`Written: ${printable(file)}${more}`, shell.columns)) shell.print(line)
  }
  if (result.stopped) for (const line of stoppedLines(shell)) shell.print(line)
  return result.stopped || result.findings.some(({ rank }) => rank === 'block') ? EXIT.person : EXIT.done
}

export function parseReading(text: string): Sample {
  const word = text.trim().toLowerCase()
  if (word === 'full' || word === 'none') return word
  try {
    return parseSample(text)
  } catch {
    throw new InvalidArgumentError('Write a number of messages of each mailbox, a share like 5%, full, or none.')
  }
}

function parseAmount(text: string): number {
  const value = /^\d{1,9}(?:\.\d{1,2})?$/.test(text.trim()) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) throw new InvalidArgumentError('Write an amount like 90 or 12.50.')
  return value
}
