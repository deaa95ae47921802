import { access, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Reading } from '../discover/found.ts'
import { joined } from '../discover/join.ts'
import { LIST_COLUMNS, listText, readListTable, type ListTable } from '../discover/list-file.ts'
import { listingAt, listingFile, listingNamed, recognised } from '../discover/listings.ts'
import type { Listing, LivePorts } from '../discover/listing.ts'
import { keptIn, mergedList, rowOf } from '../discover/merge.ts'
import { moves, proposals, type Proposal } from '../discover/propose.ts'
import { Failure } from '../model/failure.ts'
import { writeWhole } from '../report/write-whole.ts'
import type { DiscoveredMailbox, DiscoverInput, DiscoverResult } from './discovery.ts'
import { domainMapOf, domainsOf } from './domain-map.ts'
import { readCa } from './mailboxes.ts'
import type { World } from './world.ts'

type Read = { readonly input: string; readonly listing: Listing; readonly reading: Reading }

/** Who has a mailbox, where each would go, and what a person should look at; writes the list that `copy` reads. Changes nothing at any system. */
export async function discover(world: World, input: DiscoverInput): Promise<DiscoverResult> {
  const options = { targetDomains: domainsOf(input.targetDomains), domainMap: domainMapOf(input.maps) }
  const before = await existingList(input)
  const read = await readings(world, input)
  const all = proposals(joined(read.map(({ reading }) => reading)), {
    ...options,
    kept: before === null ? new Map() : keptIn(before),
  })
  const problems = read.flatMap(({ input: name, reading }) => reading.problems.map((each) => ({ input: name, ...each })))
  if (all.length === 0) throw nothingFound(read, problems)
  return {
    listings: read.map(({ input: name, listing, reading }) => ({
      input: name,
      from: listing.name,
      title: listing.title,
      found: reading.found.length,
    })),
    mailboxes: all.map(mailboxOf),
    problems,
    written: await write(input, before, all),
  }
}

async function readings(world: World, input: DiscoverInput): Promise<readonly Read[]> {
  const named = input.from === null ? null : listingNamed(input.from)
  const inputs = input.inputs.length > 0 ? input.inputs : [namedSystem(named)]
  const read: Read[] = []
  for (const each of inputs) {
    if (input.signal.aborted) throw new Failure('stopped', 'Stopped on request.')
    if (/^[a-z]{2,}:/i.test(each)) read.push(await askSystem(world, input, each, named))
    else read.push(await readFileAt(input, each, named))
  }
  return read
}

/** Google and Graph need no address. */
function namedSystem(named: Listing | null): string {
  const url = named?.live?.url
  if (url !== undefined && /^[a-z]+:$/.test(url)) return url
  const what =
    named?.live === undefined || named.live === null
      ? 'a file, or - for standard input'
      : `a file, - for standard input, or ${named.live.url}`
  throw new Failure('bad-input', `Say what to read: ${what}.`)
}

async function readFileAt(input: DiscoverInput, path: string, named: Listing | null): Promise<Read> {
  const shown = path === '-' ? 'standard input' : basename(path)
  const bytes = path === '-' ? await standardInput(input) : await bytesOf(path)
  const file = listingFile(bytes)
  if (file.text.trim() === '') throw new Failure('bad-input', `${shown} is empty.`)
  const listing = named ?? recognised(file, shown)
  if (listing.file === null) throw new Failure('bad-input', `${listing.title} is not read from a file.`)
  const reading = await listing.file.read(file, input.settings)
  input.onFound(reading.found.length)
  return { input: shown, listing, reading }
}

async function askSystem(world: World, input: DiscoverInput, url: string, named: Listing | null): Promise<Read> {
  const listing = named ?? listingAt(url)
  if (listing === null) throw new Failure('bad-input', 'Say with --from which system answers at this address: cpanel, plesk or mailcow.')
  const { live } = listing
  if (live === null) throw new Failure('bad-input', `${listing.title} is read from a file only. To get it: ${listing.command}`)
  const missing = live.needs.filter((key) => (input.settings[key] ?? '') === '').map((key) => `--${key}`)
  if (live.secret !== null && input.secret === null && listing.name !== 'ldap')
    missing.push(`--secret env:NAME or file:PATH (${live.secret})`)
  if (missing.length > 0) throw new Failure('bad-input', `To ask ${listing.title.replace(/ \(.*/, '')}, give ${missing.join(' and ')}.`)
  const settings = { text: input.settings, secret: input.secret, ca: await readCa(input.caFile) }
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const ports: LivePorts = { ctx, progress: input.onFound, ...world.listingTokens(input, ctx) }
  const reading = await live.list(url, settings, ports)
  return { input: url.replace(/\?.*$/, ''), listing, reading }
}

async function standardInput({ standardInput: read, signal }: DiscoverInput): Promise<Buffer> {
  try {
    return await read(signal)
  } catch (cause) {
    if (signal.aborted) throw new Failure('stopped', 'Stopped on request.', { cause })
    throw new Failure('bad-input', 'Standard input cannot be read.', { cause })
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    const why = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a directory' : 'cannot be read'
    throw new Failure('bad-input', `"${path}" ${why}.`, { cause })
  }
}

/** The list that is there already; null where there is none or it is to be replaced. */
async function existingList({ outFile, existing }: DiscoverInput): Promise<ListTable | null> {
  if (outFile === null || existing === 'overwrite') return null
  const there = await access(outFile).then(
    () => true,
    () => false,
  )
  if (!there) return null
  if (existing === 'refuse')
    throw new Failure(
      'bad-input',
      `"${outFile}" exists already. --merge keeps what was typed into it and adds what is new; --force overwrites it.`,
    )
  const { table, problems } = readListTable(await bytesOf(outFile))
  const [first] = problems
  if (first === undefined) return table
  throw new Failure('bad-input', `${basename(outFile)} cannot be merged into: line ${first.line ?? 1}: ${first.says}`)
}

async function write(input: DiscoverInput, before: ListTable | null, all: readonly Proposal[]): Promise<DiscoverResult['written']> {
  if (input.outFile === null) return null
  const fresh = all.map(rowOf)
  const merged = before === null ? null : mergedList(before, fresh)
  const table = merged?.table ?? { columns: LIST_COLUMNS, rows: fresh, delimiter: ',' }
  // Passwords will stand in it.
  await writeWhole(input.outFile, listText(table), 0o600)
  return { file: input.outFile, rows: table.rows.length, added: merged?.added ?? [], gone: merged?.gone ?? [], merged: merged !== null }
}

function nothingFound(read: readonly Read[], problems: DiscoverResult['problems']): Failure {
  const from = read.map(({ listing }) => listing.title).join(', ')
  const lines = problems.slice(0, 5).map(({ input, line, says }) => `${input}${line === null ? '' : `, line ${line}`}: ${says}`)
  const hint = 'no account was found in it. Another --from may fit better.'
  return new Failure('bad-input', [`Read as ${from}: ${hint}`, ...lines].join('\n'))
}

function mailboxOf({ found, kind, target, flags }: Proposal): DiscoveredMailbox {
  const { login, name, aliases, mailAlias, sizeBytes, messages, remarks } = found
  return { login, name, kind, moves: moves(kind), target, aliases, mailAlias, sizeBytes, messages, flags, remarks }
}
