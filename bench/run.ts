/** npm run bench: us, the peers that are installed and the limit, side by side on the same mail. `--help` tells the options. */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { needs } from '../test/servers/available.ts'
import { measureAll, startCosts } from './campaign.ts'
import { chartOf } from './chart.ts'
import { makeCorpus } from './corpus.ts'
import { type ExchangeFigures, exchangeLines, measureExchange } from './exchange.ts'
import { type Figure, figuresOf, type Sample } from './figures.ts'
import { makeScratch, prepareGround } from './ground.ts'
import { type BenchOptions, readOptions, UsageError, USAGE } from './options.ts'
import type { Subject } from './subject.ts'
import { imapflow } from './subject-imapflow.ts'
import { imapsync } from './subject-imapsync.ts'
import { drain, fill, fillMulti } from './subject-limit.ts'
import { mbsync } from './subject-mbsync.ts'
import { us } from './subject-us.ts'
import { tableOf } from './table.ts'

export type Report = {
  readonly date: string
  readonly machine: string
  readonly messages: number
  readonly bytes: Readonly<Record<string, number>>
  readonly startSeconds: number | null
  readonly figures: readonly Figure[]
  readonly samples: readonly Sample[]
  readonly exchange: ExchangeFigures | null
  readonly notMeasured: readonly string[]
}

const ALL: readonly Subject[] = [us, fill, fillMulti, drain, mbsync, imapsync, imapflow]
const print = (line: string): void => void process.stdout.write(`${line}\n`)
/** Progress goes beside the results: the table alone can be kept with `>`. */
const say = (line: string): void => void process.stderr.write(`${line}\n`)

async function bench(options: BenchOptions, signal: AbortSignal): Promise<Report> {
  const wanted = ALL.filter((subject) => options.only.includes(subject.name))
  const notMeasured = wanted.flatMap((subject) => {
    const why = subject.missing()
    return why === null ? [] : [`${subject.title}: ${why}`]
  })
  for (const line of notMeasured) say(line)
  const subjects = wanted.filter((subject) => subject.missing() === null)
  const startSeconds = await startCosts(subjects, signal)
  const samples: Sample[] = []
  const bytes: Record<string, number> = {}
  for (const name of options.tasks.length === 0 ? [] : options.corpora) {
    await using scratch = await makeScratch()
    say(`Making ${options.messages} messages (${name}) …`)
    const corpus = await makeCorpus(name, options.messages, join(scratch.path, 'appends'))
    bytes[name] = corpus.bytes
    await using ground = await prepareGround(corpus, scratch.path)
    samples.push(...(await measureAll(ground, corpus, subjects, options, startSeconds, signal, say)))
  }
  const exchange = options.exchange ? await measureExchange(options, signal, say) : null
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores (${cpus()[0]?.model ?? '?'}), ${Math.round(totalmem() / 1e9)} GB, Linux, Node ${process.versions.node}`,
    messages: options.messages,
    bytes,
    startSeconds: startSeconds.get(us) ?? null,
    figures: figuresOf(samples, options.patienceSeconds),
    samples,
    exchange,
    notMeasured,
  }
}

function show(report: Report): void {
  print(`${report.date}, ${report.machine}`)
  for (const [corpus, bytes] of Object.entries(report.bytes)) {
    print(`\n${report.messages} messages, ${(bytes / 1e6).toFixed(0)} MB (${corpus}), Dovecot to Dovecot on loopback`)
    const here = report.figures.filter((figure) => figure.corpus === corpus)
    for (const line of tableOf(here, report.startSeconds)) print(line)
  }
  if (report.exchange !== null) for (const line of exchangeLines(report.exchange)) print(line)
  for (const line of report.notMeasured) print(`Not measured: ${line}`)
}

async function main(): Promise<number> {
  const args = process.argv.slice(2)
  if (args.includes('--help')) {
    print(USAGE)
    return 0
  }
  const options = readOptions(args)
  if (options.fromFile !== null) {
    const report = JSON.parse(readFileSync(options.fromFile, 'utf8')) as Report
    show(report)
    if (options.chartFile !== null) writeFileSync(options.chartFile, chartOf(report))
    return 0
  }
  const reason = needs('dovecot')
  if (reason !== false) {
    say(`The bench needs two Dovecots, and ${reason}.`)
    return 1
  }
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Interrupted()))
  const report = await bench(options, stop.signal)
  show(report)
  if (options.jsonFile !== null) writeFileSync(options.jsonFile, `${JSON.stringify(report, null, 1)}\n`)
  if (options.chartFile !== null) writeFileSync(options.chartFile, chartOf(report))
  return 0
}

class Interrupted extends Error {}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof UsageError) say(`${error.message}\n\n${USAGE}`)
  else if (error instanceof Interrupted) say('Interrupted: everything started here was ended.')
  else throw error
  process.exitCode = error instanceof UsageError ? 2 : 130
}
