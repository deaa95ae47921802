/**
 * Breaks the engine, the ledger, the codec and the message repairs in many small ways, one at a time, and shows whether a test notices.
 *
 *   npm run mutate                                  60 mutants, chosen by the seed of the day
 *   npm run mutate -- --count 300 --seed 7
 *   npm run mutate -- --only src/ledger --list      what would be tried
 *
 * A survivor is no fault in itself: it needs a look, and then a test or a reason (docs/guide/mutants.md).
 */
import { spawn } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scriptOptions } from './script-options.ts'
import { mutantsOf, mutated, type Mutant } from './mutants.ts'

const { values: args } = scriptOptions({
  options: {
    count: { type: 'string', default: '60' },
    seed: { type: 'string', default: new Date().toISOString().slice(0, 10).replaceAll('-', '') },
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
  },
})

const ROOT = join(import.meta.dirname, '..')
const FOLDERS = ['src/engine', 'src/ledger', 'src/imap', 'src/message', 'src/mapping', 'src/model', 'src/lib', 'src/change']
/** Tests that cross folders, for those that have few of their own. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  'src/engine': ['src/engine/*.test.ts', 'test/crash/law*.test.ts', 'test/scenario/nasty*.test.ts', 'test/scenario/delta*.test.ts'],
  'src/imap': ['src/imap/*.test.ts', 'test/conformance/*.test.ts'],
}
const PATIENCE_MS = 120_000
/** The process group of the tests that run now. */
let running: number | null = null
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    killGroup()
    process.exit(130)
  })
}

const random = seeded(Number(args.seed))
const all = FOLDERS.filter((folder) => folder.startsWith(args.only) || args.only.startsWith(folder)).flatMap((folder) =>
  globSync(`${folder}/**/*.ts`, { cwd: ROOT })
    .filter((file) => file.startsWith(args.only) && !/\.(?:test|fixture)\.ts$|scripted-server|rig\.ts$/.test(file))
    .flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, file), 'utf8'))),
)
const chosen = shuffled(all).slice(0, Number(args.count))
console.log(`${chosen.length} of ${all.length} mutants, seed ${args.seed}`)
if (args.list) {
  for (const mutant of chosen) console.log(`${mutant.file}:${mutant.line}  ${mutant.says}`)
  process.exit(0)
}

const copy = mkdtempSync(join(tmpdir(), 'cutover-mutants-'))
const survivors: Mutant[] = []
try {
  for (const part of ['src', 'test', 'scripts', 'package.json', 'tsconfig.json', 'cutover'])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  // Where the tests fail as it is, every mutant would seem to be noticed.
  for (const folder of new Set(chosen.map((mutant) => folderOf(mutant.file)))) {
    if (!(await testsPass(`${folder}/`))) throw new Error(`the tests of ${folder} fail without any mutant`)
  }
  for (const [at, mutant] of chosen.entries()) {
    const path = join(copy, mutant.file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(path, mutated(source, mutant))
    const noticed = !(await testsPass(mutant.file))
    writeFileSync(path, source)
    if (!noticed) survivors.push(mutant)
    console.log(`${at + 1}/${chosen.length} ${noticed ? 'noticed ' : 'SURVIVED'} ${mutant.file}:${mutant.line}  ${mutant.says}`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`${chosen.length - survivors.length} noticed, ${survivors.length} survived`)
for (const { file, line, says } of survivors) console.log(`  ${file}:${line}  ${says}`)

/** The tests beside the file first, as they are quick; the wider ones only for what these let through. */
async function testsPass(file: string): Promise<boolean> {
  const folder = folderOf(file)
  const beside = globSync(`${folder}/*.test.ts`, { cwd: copy })
  if (beside.length > 0 && !(await run(beside))) return false
  const wider = (WIDER[folder] ?? []).flatMap((pattern) => globSync(pattern, { cwd: copy })).filter((one) => !beside.includes(one))
  return wider.length === 0 || (await run(wider))
}

function folderOf(file: string): string {
  return file.split('/').slice(0, 2).join('/')
}

function run(files: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--import', './test/rig/seed.ts', '--test', '--test-concurrency=2', ...files],
      // A group of its own: a mutant that loops for ever does so in a child of the test runner, which must go too.
      { cwd: copy, stdio: 'ignore', detached: true },
    )
    running = child.pid ?? null
    const timer = setTimeout(killGroup, PATIENCE_MS)
    child.on('exit', (code) => {
      clearTimeout(timer)
      killGroup()
      running = null
      resolve(code === 0)
    })
  })
}

function killGroup(): void {
  if (running === null) return
  try {
    process.kill(-running, 'SIGKILL')
  } catch {
    // nobody of it is left
  }
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
