/** One round of chaos: trouble, a day's work at the source, trouble again, and then a calm run that must find nothing wrong. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { CopyResult, VerifyResult } from '../../src/api/results.ts'
import { Random } from '../../src/simulator/random.ts'
import { startCutover, type Finished, type Running } from '../rig/process.ts'
import { compareMail, nameOf, type Mail } from '../scenario/mail.ts'
import { openDovecotEnds, openExchangeEnds, type Dovecots, type Ends, type EndsKind } from './ends.ts'
import { LONG } from './mailbox.ts'
import { TROUBLES, type Phase, type Trouble } from './troubles.ts'

export type Round = { readonly trouble: string; readonly ends: EndsKind; readonly seed: number; readonly messages: number }

export type Outcome = {
  readonly problems: readonly string[]
  /** How the copies under trouble ended: exit codes, or `killed`. */
  readonly ended: readonly string[]
  readonly seconds: number
}

const TRASH = new Set(['Trash', 'Deleted Items'])
const PATIENCE_MS = 120_000

export async function playRound(round: Round, dovecots: Dovecots | null): Promise<Outcome> {
  const began = performance.now()
  const trouble = TROUBLES[round.trouble]
  if (trouble === undefined) throw new RangeError(`no trouble ${round.trouble}`)
  const recipe = { seed: round.seed, messages: round.messages, nameless: trouble.forgetful !== true }
  await using ends = await openEnds(round, trouble, recipe, dovecots)
  const ended: string[] = []
  const problems: string[] = []
  const stateDir = join(ends.folder, 'state')
  const run = runner(ends, stateDir, trouble.hurried === true)
  const phase: Phase = {
    ends,
    stateDir,
    random: new Random(round.seed, 3),
    start: () => run('copy', '--json', '--allow-deletions'),
    async finish(running) {
      const finished = await running.finished.catch((error: unknown) => neverEnded(error))
      ended.push(finished.code === null ? 'killed' : String(finished.code))
      problems.push(...bugIn(finished))
      return finished
    },
  }
  try {
    await trouble.make(phase)
    await ends.workADay(round.seed, trouble.forgetful === true ? 'new mail' : null)
    await trouble.make(phase)
    trouble.over?.(phase)
    problems.push(...(await calm(ends, run)))
  } finally {
    if (isMounted(stateDir)) execFileSync('umount', [stateDir])
  }
  return { problems, ended, seconds: (performance.now() - began) / 1000 }
}

async function openEnds(
  round: Round,
  trouble: Trouble,
  recipe: Parameters<typeof openExchangeEnds>[0],
  dovecots: Dovecots | null,
): Promise<Ends> {
  if (round.ends === 'exchange') return await openExchangeEnds(recipe, trouble.tokenLifetimeSeconds)
  if (dovecots === null) throw new Error('Dovecot is not running')
  return await openDovecotEnds(dovecots, recipe)
}

type Run = (command: string, ...more: readonly string[]) => Running

function runner(ends: Ends, stateDir: string, hurried: boolean): Run {
  const env = { CHAOS_EPOCH: String(Date.now()), CUTOVER_PROGRAM: 'cutover' }
  const script = hurried ? { script: join(import.meta.dirname, 'hurried-main.ts') } : {}
  return (command, ...more) =>
    startCutover([command, ...ends.args, '--state', stateDir, ...more], { env, patienceMs: PATIENCE_MS, ...script })
}

/** It had to be killed, which is a fault of its own. */
function neverEnded(error: unknown): Finished {
  const text = `This is a bug: ${error instanceof Error ? error.message : String(error)}`
  return { code: null, signal: 'SIGKILL', stdout: '', stderr: text, json: () => null }
}

function bugIn({ stdout, stderr }: Finished): readonly string[] {
  const text = `${stdout}\n${stderr}`
  return /"code": ?"bug"|This is a bug|\n\s+at .+:\d+:\d+\)?\n/.test(text) ? [`a bug: ${text.trim().slice(0, 1500)}`] : []
}

/** Copies, verifies and copies again with nothing in the way, and compares both sides without any of the product's help. */
async function calm(ends: Ends, run: Run): Promise<readonly string[]> {
  const problems: string[] = []
  const wanted = await ends.wanted()
  const last = await run('copy', '--json', '--pass', 'final', '--allow-deletions').finished
  const books = resultOf<CopyResult>(last)
  if (last.code !== 0) problems.push(`the last run ended with ${last.code}: ${said(last)}`)
  const { found, copied, skipped, failed, unexplained } = books
  if (found !== wanted.length || copied !== found || unexplained !== 0)
    problems.push(`${found} found of ${wanted.length}, ${copied} copied, ${skipped} skipped, ${failed} failed, ${unexplained} unexplained`)
  problems.push(...compared(ends.kind, wanted, await ends.copies()))
  if (ends.unstoredStars() > 0) problems.push(`${ends.unstoredStars()} stars came by APPEND only`)
  const verified = await run('verify', '--json', '--level', 'content').finished
  const { missing, extra, different, differences } = resultOf<VerifyResult>(verified)
  if (verified.code !== 0 || missing + extra + different !== 0)
    problems.push(
      `verify ended with ${verified.code}: ${missing} missing, ${extra} extra, ${different} different: ${JSON.stringify(differences?.slice(0, 5) ?? said(verified))}`,
    )
  const again = await run('copy', '--json').finished
  const { appends } = resultOf<CopyResult>(again)
  if (again.code !== 0 || appends !== 0) problems.push(`one more run ended with ${again.code} and made ${appends} APPENDs`)
  return problems
}

function compared(kind: EndsKind, wanted: readonly Mail[], copies: readonly Mail[]): readonly string[] {
  const exchange = kind === 'exchange'
  const flags = (all: readonly string[]): readonly string[] =>
    all.filter((flag) => flag !== '\\Deleted' && (!exchange || flag.startsWith('\\')))
  const { altered, lost, extra, otherFlags, otherDate } = compareMail(
    wanted,
    copies.filter(({ folder }) => !TRASH.has(folder)),
    { flags },
  )
  const trashed = Object.values(
    Object.groupBy(
      copies.filter(({ folder }) => TRASH.has(folder)),
      (one) => one.bytes.toString('latin1'),
    ),
  )
  const odd = [...altered.keys()].filter((name) => !exchange || name !== LONG)
  const lists = { lost, extra, 'with other flags': otherFlags, 'with another date': otherDate, altered: odd }
  const problems = Object.entries(lists).flatMap(([what, names]) =>
    names.length === 0 ? [] : [`${names.length} ${what}: ${names.slice(0, 5).join('; ')}`],
  )
  for (const same of trashed)
    if ((same?.length ?? 0) > 3) problems.push(`${same?.length} times in the trash: ${same?.[0] ? nameOf(same[0]) : ''}`)
  return problems
}

function resultOf<T>(finished: Finished): Partial<T> & T {
  try {
    return finished.json() as T
  } catch {
    return {} as T
  }
}

function said({ stdout, stderr }: Finished): string {
  return `${stderr} ${stdout}`.trim().slice(0, 1500)
}

function isMounted(directory: string): boolean {
  return existsSync('/proc/mounts') && readFileSync('/proc/mounts', 'utf8').includes(` ${directory} `)
}
