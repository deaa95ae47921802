/** How long and from which seed the fuzz tests run: set by scripts/fuzz.ts, short and always the same otherwise. */

/** The fixed seed of `npm test`, or the one to repeat. */
export function seed(): number {
  return Number(process.env['CUTOVER_FUZZ_SEED'] ?? 20_261_122)
}

/** How many examples to try where `npm test` tries `few`. */
export function runs(few: number): number {
  return Math.ceil(few * Number(process.env['CUTOVER_FUZZ_TIMES'] ?? 1))
}

/** For a property of which `npm test` tries `few` examples. */
export function parameters(few: number): { readonly seed: number; readonly numRuns: number } {
  return { seed: seed(), numRuns: runs(few) }
}
