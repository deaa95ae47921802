/**
 * Loaded before every test file: properties draw the same cases each time, so that a change fails by its own fault alone.
 * CUTOVER_FUZZ_SEED draws others; `npm run fuzz` looks for new ones for as long as one likes.
 */
import { configureGlobal } from 'fast-check'

configureGlobal({ seed: Number(process.env['CUTOVER_FUZZ_SEED'] ?? 20261122) })

// Once nothing is left to be done, and what the tests said is told, a process leaves: Node's own tearing down of handles was seen to turn
// round for ever. The runner listens too, and comes first: it fails what never came to an end.
process.once('beforeExit', () => {
  setImmediate(() => process.once('beforeExit', () => process.exit()))
})
