import { InvalidArgumentError, type Command } from 'commander'
import type { LimitResult } from '../api/results.ts'
import { DEFAULT_STATE } from './address-options.ts'
import { printable, wrapped } from './printable.ts'
import { projectOptions, projectPlace, type ProjectFlags } from './project-place.ts'
import type { Runner } from './run.ts'
import { table } from './table.ts'
import { count, counted, parseCount, parseRate, parseSize, size } from './units.ts'
import type { Shell } from './world.ts'
import { EXIT } from './world.ts'

type LimitFlags = ProjectFlags & {
  readonly state?: string
  readonly rate?: number | 'none'
  readonly connections?: number | 'none'
  readonly daily?: number | 'none'
  readonly between?: string
  readonly clear?: boolean
}

const HELP = `
Examples:
  cutover limit                          what is in force
  cutover limit --rate 4MB/s             from now on, also for a running copy
  cutover limit --rate 500kB/s --connections 1 --between 08:00-18:00
  cutover limit --rate none --between 22:00-06:00
  cutover limit --rate 0                 a pause
  cutover limit --daily 2GB              what a mailbox may hand out in 24 hours
  cutover limit --clear                  all limits are taken away
  cutover limit --project example --rate 1MB/s
      for the copies of that project

A rule for the present hour wins over the general one. Hours are local time of
this machine. A running copy follows within two seconds.`

export function addLimit(program: Command, run: Runner): void {
  projectOptions(program.command('limit').description('set how fast a copy may be, also while it runs and by the hour'))
    .option('--state <dir>', `where the ledger of copies without a project is kept (default: "${DEFAULT_STATE}")`)
    .option('--rate <rate>', 'at most this fast, for example 4MB/s; 0 pauses, none lifts it', rateOrNone)
    .option('--connections <n>', 'most connections for one mailbox; none lifts it', connectionsOrNone)
    .option('--daily <size>', 'most that a mailbox hands out a day, for example 2500MB; none lifts it', sizeOrNone)
    .option('--between <hours>', 'only in these hours, for example 08:00-18:00')
    .option('--clear', 'take all limits away, or those of --between')
    .addHelpText('after', HELP)
    .action((flags: LimitFlags) => run(flags, (shell) => limit(shell, flags)))
}

async function limit(shell: Shell, flags: LimitFlags): Promise<number> {
  const { rate, connections, daily, between = null, clear = false } = flags
  const result = await shell.world.operations.limit({
    stateDir: await stateOf(shell, flags),
    between,
    clear,
    ...(rate === undefined ? {} : { bytesPerSecond: rate === 'none' ? null : rate }),
    ...(connections === undefined ? {} : { connections: connections === 'none' ? null : connections }),
    ...(daily === undefined ? {} : { bytesPerDay: daily === 'none' ? null : daily }),
  })
  shell.json(result)
  const say = (text: string): void => {
    for (const line of wrapped(text, shell.columns)) shell.print(line)
  }
  say(inForceText(result))
  if (result.rules.length > 0) {
    shell.print()
    const daily = result.rules.some((rule) => rule.bytesPerDay !== undefined)
    const titles = ['when', 'rate', 'connections', ...(daily ? ['a day'] : []), '']
    const columns = titles.map((title) => ({ title, side: 'left' as const }))
    const rows = result.rules.map((rule) => [
      rule.between ?? 'always',
      rateText(rule.bytesPerSecond),
      rule.connections === undefined ? '-' : rule.connections === null ? 'no limit' : count(rule.connections),
      ...(daily ? [rule.bytesPerDay === undefined ? '-' : rule.bytesPerDay === null ? 'no limit' : size(rule.bytesPerDay)] : []),
      rule.between !== null && rule.holdsNow ? 'now' : '',
    ])
    for (const line of table(columns, rows, shell.columns)) shell.print(line)
  }
  if (!result.used && flags.quiet !== true) say(`No copy has used ${printable(result.stateDir)} yet; limits hold from its start.`)
  return EXIT.done
}

/** A project keeps its limits beside its ledger; without one they are in the state directory. */
async function stateOf(shell: Shell, flags: LimitFlags): Promise<string> {
  if (flags.state !== undefined) return flags.state
  const place = projectPlace(shell, flags)
  if (flags.store === undefined && place.name === null) return DEFAULT_STATE
  const control = await shell.world.operations.control()
  return (await control.where({ ...place, env: shell.world.env })).stateDir
}

/** What holds now, in one sentence. */
export function inForceText({ inForce: { bytesPerSecond, connections, bytesPerDay } }: LimitResult): string {
  const parts: string[] = []
  if (bytesPerSecond === 0) parts.push('paused')
  else if (bytesPerSecond !== undefined) parts.push(bytesPerSecond === null ? 'as fast as it goes' : `at most ${size(bytesPerSecond)}/s`)
  if (connections !== undefined) {
    parts.push(connections === null ? 'as many connections as are worth it' : `at most ${counted(connections, 'connection')} for a mailbox`)
  }
  if (bytesPerDay !== undefined) parts.push(bytesPerDay === null ? 'any amount a day' : `at most ${size(bytesPerDay)} a day from a mailbox`)
  return parts.length === 0 ? 'No limits now: a copy runs as it was started.' : `Now: ${parts.join(', ')}.`
}

function rateText(bytesPerSecond: number | null | undefined): string {
  if (bytesPerSecond === undefined) return '-'
  if (bytesPerSecond === null) return 'no limit'
  return bytesPerSecond === 0 ? 'paused' : `${size(bytesPerSecond)}/s`
}

function rateOrNone(text: string): number | 'none' {
  const word = text.trim().toLowerCase()
  if (word === 'none') return word
  if (/^0+(?:\.0+)?\s*(?:[kmg]?i?b?)?(?:\/s(?:ec)?)?$/.test(word)) return 0
  try {
    return parseRate(text)
  } catch {
    throw new InvalidArgumentError('Write a rate like 4MB/s or 500kB/s, 0 for a pause, or none.')
  }
}

function sizeOrNone(text: string): number | 'none' {
  const word = text.trim().toLowerCase()
  if (word === 'none') return word
  try {
    return parseSize(text)
  } catch {
    throw new InvalidArgumentError('Write a size like 2500MB, or none.')
  }
}

function connectionsOrNone(text: string): number | 'none' {
  if (text.trim().toLowerCase() === 'none') return 'none'
  try {
    return parseCount(text)
  } catch {
    throw new InvalidArgumentError('Write a whole number of at least 1, or none. To pause a copy: --rate 0.')
  }
}
