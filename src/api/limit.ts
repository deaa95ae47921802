import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../lib/clock.ts'
import { Failure } from '../model/failure.ts'
import { holdsAt, inForce, parseHours, withRule, type LimitRule } from './limit-rules.ts'
import { readLimits, writeLimits } from './limits-file.ts'
import type { LimitInput } from './operations.ts'
import type { LimitResult } from './results.ts'

/** Sets, clears and tells the limits of a state directory. A copy that runs there follows within two seconds. */
export async function limit(world: { readonly clock: Clock }, input: LimitInput): Promise<LimitResult> {
  const { stateDir, clear, bytesPerSecond, connections, bytesPerDay } = input
  const between = input.between === null ? null : parseHours(input.between)
  const says = bytesPerSecond !== undefined || connections !== undefined || bytesPerDay !== undefined
  if (clear && says) throw new Failure('bad-input', '--clear takes limits away and cannot set any. Run it alone, then set the new ones.')
  if (!clear && !says && between !== null)
    throw new Failure('bad-input', '--between says when, not what: give --rate or --connections as well, or --clear.')
  if (bytesPerDay !== undefined && between !== null)
    throw new Failure('bad-input', '--daily is about whole days: leave --between out, or set it by itself.')
  if (clear) await writeLimits(stateDir, between === null ? [] : readLimits(stateDir).filter((rule) => rule.between !== between))
  if (says) await writeLimits(stateDir, withRule(readLimits(stateDir), ruleOf(between, { bytesPerSecond, connections, bytesPerDay })))
  const rules = readLimits(stateDir)
  const now = world.clock.now()
  return {
    stateDir,
    inForce: inForce(rules, now),
    rules: rules.map((rule) => ({ ...rule, holdsNow: rule.between === null || holdsAt(rule.between, now) })),
    used: existsSync(join(stateDir, 'ledger.sqlite')),
  }
}

type Said = { readonly [K in 'bytesPerSecond' | 'connections' | 'bytesPerDay']: number | null | undefined }

function ruleOf(between: string | null, { bytesPerSecond, connections, bytesPerDay }: Said): LimitRule {
  return {
    between,
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    ...(connections === undefined ? {} : { connections }),
    ...(bytesPerDay === undefined ? {} : { bytesPerDay }),
  }
}
