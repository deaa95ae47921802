/**
 * npm run coverage: how much of src/ the tests go through, by folder, then the files where most is missed.
 *
 *   npm run coverage                         all tests
 *   npm run coverage -- src/imap             only those tests, files or folders as for npm test
 */
import { spawn } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const ROOT = join(import.meta.dirname, '..')
const SHOWN_FILES = 25

type Covered = { readonly file: string; readonly lines: number; readonly hit: number; readonly branches: number; readonly taken: number }

const print = (line: string) => process.stdout.write(`${line}\n`)

function testFiles(wanted: readonly string[]): readonly string[] {
  const patterns = wanted.length === 0 ? ['src/**/*.test.ts', 'test/**/*.test.ts'] : wanted.map(patternOf)
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
}

function patternOf(path: string): string {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() === true ? join(path, '**/*.test.ts') : path
}

/** Runs the tests and returns what they covered, as LCOV tells it, and whether they passed. */
async function measured(files: readonly string[]): Promise<{ readonly covered: readonly Covered[]; readonly passed: boolean }> {
  const flags = [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--experimental-test-coverage',
    '--test-coverage-include=src/**/*.ts',
    '--test-coverage-exclude=src/**/*.test.ts',
    '--test-coverage-exclude=src/**/*.fixture.ts',
    '--test-reporter=lcov',
    `--test-concurrency=${availableParallelism()}`,
  ]
  const child = spawn(process.execPath, [...flags, ...files], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const lcov = await text(child.stdout)
  return { covered: lcov.split('end_of_record').flatMap(readRecord), passed: (await promise) === 0 }
}

function readRecord(record: string): readonly Covered[] {
  const file = /^SF:(.*)$/m.exec(record)?.[1]
  if (file === undefined) return []
  const figure = (key: string): number => Number(new RegExp(`^${key}:(\\d+)$`, 'm').exec(record)?.[1] ?? 0)
  return [{ file, lines: figure('LF'), hit: figure('LH'), branches: figure('BRF'), taken: figure('BRH') }]
}

function share(part: number, whole: number): string {
  return whole === 0 ? '     –' : `${((100 * part) / whole).toFixed(1).padStart(5)}%`
}

function row(name: string, files: readonly Covered[]): string {
  const sum = (of: (one: Covered) => number): number => files.reduce((all, one) => all + of(one), 0)
  const lines = sum((one) => one.lines)
  return `${name.padEnd(36)} ${String(lines).padStart(7)} ${share(
    sum((one) => one.hit),
    lines,
  )} ${share(
    sum((one) => one.taken),
    sum((one) => one.branches),
  )}`
}

async function main(): Promise<boolean> {
  const { covered, passed } = await measured(testFiles(process.argv.slice(2)))
  print(`${'folder'.padEnd(36)} ${'lines'.padStart(7)} covered branches`)
  const folders = Object.groupBy(covered, ({ file }) => file.split('/').slice(0, -1).join('/'))
  for (const [folder, files] of Object.entries(folders).sort(([a], [b]) => (a < b ? -1 : 1))) print(row(folder, files ?? []))
  print(row('all', covered))
  print(`\nWhere most lines are missed:`)
  const worst = [...covered].sort((a, b) => b.lines - b.hit - (a.lines - a.hit)).slice(0, SHOWN_FILES)
  for (const one of worst) if (one.hit < one.lines) print(row(one.file, [one]))
  if (!passed) print('\nSome tests failed: the figures are those of a broken run.')
  return passed
}

process.exitCode = (await main()) ? 0 : 1
