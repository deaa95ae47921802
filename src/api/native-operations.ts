import type {
  NativeActInput,
  NativeCheckInput,
  NativeCheckResult,
  NativeRunResult,
  NativeScriptInput,
  NativeScriptResult,
  NativeStartInput,
  NativeStatusInput,
  NativeStatusResult,
} from './native-input.ts'
import type { World } from './world.ts'

/** Microsoft's own migration batches, as a second lane beside `copy`. */
export type NativeOperations = {
  /** Whether they can take these mailboxes. Changes nothing. */
  check(input: NativeCheckInput): Promise<NativeCheckResult>
  start(input: NativeStartInput): Promise<NativeRunResult>
  /** What `start` would do, as a script. Asks nobody. */
  script(input: NativeScriptInput): Promise<NativeScriptResult>
  status(input: NativeStatusInput): Promise<NativeStatusResult>
  act(input: NativeActInput): Promise<NativeRunResult>
}

/** Loaded only by who wants it. */
export function nativeOperations(world: World): NativeOperations {
  return {
    check: async (input) => (await import('./native.ts')).nativeCheck(world, input),
    start: async (input) => (await import('./native.ts')).nativeStart(world, input),
    script: async (input) => (await import('./native.ts')).nativeAsScript(world, input),
    status: async (input) => (await import('./native-status.ts')).nativeStatus(world, input),
    act: async (input) => (await import('./native-act.ts')).nativeAct(world, input),
  }
}
