/**
 * npm test: installs the test servers, then format, types, lint and imports, then every test.
 * With arguments only tests run: files, folders (`npm test -- src/imap`) and options of node's test runner are passed on.
 */
import { spawn } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { text } from 'node:stream/consumers'

import { REASON_VARIABLES } from '../test/servers/available.ts'
import { installServers } from './install-servers.ts'

const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, 'node_modules', '.bin')
const CHECKS: ReadonlyArray<readonly [name: string, command: string, ...args: readonly string[]]> = [
  ['format', 'oxfmt', '--check'],
  ['imports', 'node', 'scripts/check-imports.ts'],
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['lint', 'oxlint', '--type-aware'],
]
const TESTS = ['src/**/*.test.ts', 'test/**/*.test.ts']

const began = performance.now()
const args = process.argv.slice(2)
const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}` }
const print = (line: string) => process.stdout.write(`${line}\n`)
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Puts the reason for each missing server where tests find it; false when that ends the run. */
async function prepareServers(): Promise<boolean> {
  const missing = await installServers()
  for (const [name, reason] of missing) {
    print(`Tests with ${name} are skipped: ${reason}`)
    env[REASON_VARIABLES[name]] = reason
  }
  if (missing.size === 0 || env['CI'] !== 'true') return true
  process.stderr.write(`With CI=true every test server must be there; missing: ${[...missing.keys()].join(', ')}.\n`)
  return false
}

/** Runs one check and prints what it said only if it failed. */
async function check(name: string, command: string, rest: readonly string[]): Promise<boolean> {
  const since = performance.now()
  const child = spawn(join(BIN, command), rest, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const [out, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code === 0) print(`✔ ${name} (${seconds(since)})`)
  else print(`✖ ${name}\n${out}${complaint}`)
  return code === 0
}

/** Two lanes: enough for two cores, and only one of the two type checkers is in memory at a time. */
async function runChecks(): Promise<readonly string[]> {
  const failed: string[] = []
  const lane = async (checks: typeof CHECKS) => {
    for (const [name, command, ...rest] of checks) if (!(await check(name, command, rest))) failed.push(name)
  }
  await Promise.all([lane(CHECKS.slice(0, 2)), lane(CHECKS.slice(2))])
  return failed
}

/** Which test files the arguments mean; null for an argument that names none. */
function testFiles(wanted: readonly string[]): readonly string[] | null {
  const patterns = wanted.length === 0 ? TESTS : wanted.map(patternOf)
  const files = patterns.map((pattern) => globSync(pattern, { cwd: ROOT, exclude: ['node_modules/**'] }))
  const empty = wanted.filter((_, index) => files[index]?.length === 0)
  if (empty.length > 0) process.stderr.write(`No test file at ${empty.join(', ')}.\n`)
  return empty.length > 0 ? null : [...new Set(files.flat())].sort()
}

function patternOf(argument: string): string {
  const path = relative(ROOT, join(process.env['INIT_CWD'] ?? process.cwd(), argument))
  const found = statSync(join(ROOT, path), { throwIfNoEntry: false }) === undefined ? argument : path
  return statSync(join(ROOT, found), { throwIfNoEntry: false })?.isDirectory() === true ? join(found, '**/*.test.ts') : found
}

/** Runs node's own test runner, its report going straight to this process's output. */
async function runTests(options: readonly string[], files: readonly string[]): Promise<boolean> {
  // One more than there are cores: many wait for a server of theirs.
  const concurrency = `--test-concurrency=${availableParallelism() + 1}`
  const flags = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    './test/rig/seed.ts',
    '--test',
    '--test-reporter=spec',
    concurrency,
    ...options,
  ]
  const child = spawn(process.execPath, [...flags, ...files], { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  return (await promise) === 0
}

async function main(): Promise<boolean> {
  const files = testFiles(args.filter((argument) => !argument.startsWith('-')))
  if (files === null || !(await prepareServers())) return false
  const failed = args.length === 0 ? [...(await runChecks())] : []
  if (
    !(await runTests(
      args.filter((argument) => argument.startsWith('-')),
      files,
    ))
  )
    failed.push('tests')
  print(failed.length === 0 ? `All passed in ${seconds(began)}.` : `Failed after ${seconds(began)}: ${failed.join(', ')}.`)
  return failed.length === 0
}

process.exitCode = (await main()) ? 0 : 1
