/**
 * npm run fuzz: the fuzz tests with ever new seeds, until the time is up or one fails.
 *
 *   npm run fuzz                                   five minutes, seeds from the clock
 *   npm run fuzz -- --seconds 3600 --seed 7        an hour, seeds 7, 8, 9 …
 *   npm run fuzz -- --only mailbox                 only the files whose name begins so
 *
 * A failure prints its seed and the shrunk example; `CUTOVER_FUZZ_SEED=… CUTOVER_FUZZ_TIMES=…` before `npm test` repeats it.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { scriptOptions } from './script-options.ts'

const ROOT = join(import.meta.dirname, '..')
/** How many times the examples of `npm test` are tried with one seed. */
const TIMES = 5

const print = (line: string) => process.stdout.write(`${line}\n`)

function wrongUsage(says: string): never {
  process.stderr.write(`${says}\n`)
  return process.exit(2)
}

function wholeNumber(text: string, option: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) wrongUsage(`${option} needs a whole number, not "${text}".`)
  return number
}

/** Runs every file once with one seed; true when all held. */
async function once(files: readonly string[], seed: number): Promise<boolean> {
  const env = { ...process.env, CUTOVER_FUZZ_SEED: String(seed), CUTOVER_FUZZ_TIMES: String(TIMES) }
  const flags = ['--disable-warning=ExperimentalWarning', '--test', '--test-reporter=dot']
  const child = spawn(process.execPath, [...flags, ...files], { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  return (await promise) === 0
}

async function main(): Promise<boolean> {
  const { values } = scriptOptions({
    options: {
      seconds: { type: 'string', default: '300' },
      seed: { type: 'string', default: String(Math.floor(Date.now() / 1000) % 1_000_000) },
      only: { type: 'string', default: '' },
    },
  })
  const seconds = wholeNumber(values.seconds, '--seconds')
  const all = globSync('test/fuzz/*.test.ts', { cwd: ROOT }).sort()
  const files = all.filter((file) => basename(file).startsWith(values.only))
  if (files.length === 0)
    wrongUsage(`No fuzz test begins with "${values.only}". There are: ${all.map((file) => basename(file)).join(', ')}.`)
  const until = performance.now() + seconds * 1000
  let seed = wholeNumber(values.seed, '--seed')
  for (; performance.now() < until; seed++) {
    print(`Seed ${seed}`)
    if (await once(files, seed)) continue
    print(`Seed ${seed} failed. Again: npm run fuzz -- --seed ${seed} --seconds 1${values.only === '' ? '' : ` --only ${values.only}`}`)
    return false
  }
  print(`No fault found, last seed ${seed - 1}.`)
  return true
}

process.exitCode = (await main()) ? 0 : 1
