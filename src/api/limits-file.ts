import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'
import { translated, writeWhole } from '../report/write-whole.ts'
import { parseHours, type LimitRule } from './limit-rules.ts'

const NAME = 'limits.json'

/** The rules of a state directory; none where nobody set any. Throws `bad-input` where the file was edited into something else. */
export function readLimits(stateDir: string): readonly LimitRule[] {
  const path = join(stateDir, NAME)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw new Failure('bad-input', `The limits in ${path} cannot be read.`, { cause: error })
  }
  const told = json(text, path)
  const rules = member(told, 'rules')
  if (!Array.isArray(rules)) throw damaged(path, 'there is no list of rules')
  return rules.map((rule: unknown, at) => toRule(rule, path, at + 1))
}

function toRule(rule: unknown, path: string, number: number): LimitRule {
  const wrong = (what: string): Failure => damaged(path, `rule ${number}: ${what}`)
  const between = member(rule, 'between')
  const bytesPerSecond = member(rule, 'bytesPerSecond')
  const connections = member(rule, 'connections')
  const bytesPerDay = member(rule, 'bytesPerDay')
  if (between !== null && typeof between !== 'string') throw wrong('"between" is neither null nor hours like "08:00-18:00"')
  if (!isLimit(bytesPerSecond, 0)) throw wrong('"bytesPerSecond" is neither null nor a whole number from 0')
  if (!isLimit(connections, 1)) throw wrong('"connections" is neither null nor a whole number from 1')
  if (!isLimit(bytesPerDay, 1)) throw wrong('"bytesPerDay" is neither null nor a whole number from 1')
  return {
    between: between === null ? null : parseHours(between),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    ...(connections === undefined ? {} : { connections }),
    ...(bytesPerDay === undefined ? {} : { bytesPerDay }),
  }
}

function isLimit(value: unknown, least: number): value is number | null | undefined {
  return value === undefined || value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= least)
}

function member(of: unknown, key: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, key) : undefined
}

/** Writes the rules whole or not at all, readable by the owner alone; makes the state directory where it is missing. */
export async function writeLimits(stateDir: string, rules: readonly LimitRule[]): Promise<void> {
  const path = join(stateDir, NAME)
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw translated(error, stateDir)
  }
  await writeWhole(path, `${JSON.stringify({ rules }, null, 2)}\n`, 0o600)
}

function json(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw damaged(path, 'it is no JSON', error)
  }
}

function damaged(path: string, why: string, cause?: unknown): Failure {
  return new Failure('bad-input', `The limits in ${path} cannot be understood (${why}). Correct the file, or begin anew with --clear.`, {
    cause,
  })
}
