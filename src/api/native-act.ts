import { nativeHands } from '../native/hands.ts'
import { removeChange, stopChange, syncChange } from '../native/plan.ts'
import { batchesIn } from '../native/reads.ts'
import type { NativeActInput, NativeRunResult } from './native-input.ts'
import { runNative } from './native-run.ts'
import { known, look } from './native-status.ts'
import type { World } from './world.ts'

const CHANGES = { sync: syncChange, stop: stopChange, remove: removeChange } as const

/** Lets batches fetch new mail now, stops them, or removes them, once a person approved. Those that are gone are left out. */
export async function nativeAct(world: World, input: NativeActInput): Promise<NativeRunResult> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const { door, names, books } = await known(world, input, ctx)
  const there = new Set((await batchesIn(door.admin)).map(({ name }) => name.toLowerCase()))
  const taken = names.filter((name) => there.has(name.toLowerCase()))
  const leftOut = names.filter((name) => !taken.includes(name))
  const none = { approved: true, findings: [], leftOut, batches: taken, changes: [], halted: null }
  if (taken.length === 0) return none
  const at = new Date(world.clock.now()).toISOString()
  const changes = taken.map((name) => CHANGES[input.act](name, at))
  const approved = await input.approve({ says: changes.map(({ says }) => says), findings: [] })
  if (!approved) return { ...none, approved: false }
  // With a batch its statistics go, and what it skipped.
  if (input.act === 'remove') await look(world, door.admin, input.stateDir, books(), ctx)
  const ran = await runNative(changes, nativeHands(door.admin), door.tenantId, input, ctx)
  return { ...none, ...ran }
}
