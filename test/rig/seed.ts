/**
 * Loaded before every test file: properties draw the same cases each time, so that a change fails by its own fault alone.
 * CUTOVER_FUZZ_SEED draws others; `npm run fuzz` looks for new ones for as long as one likes.
 */
import { configureGlobal } from 'fast-check'

configureGlobal({ seed: Number(process.env['CUTOVER_FUZZ_SEED'] ?? 20261122) })
