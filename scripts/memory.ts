/**
 * Measures the peak memory of the product at the sizes it promises to stay flat at: `npm run memory [-- --quick]`.
 * Fails when one of them is over the budget.
 */
import { scriptOptions } from './script-options.ts'
import { measure, type Mail } from '../test/memory/measure.ts'

/** engine.md: for 20,000 and for 1,000,000 messages, and for a message of 150 MB. */
const BUDGET_BYTES = 170_000_000
const HOUR_MS = 3_600_000

const { values: args } = scriptOptions({ options: { quick: { type: 'boolean', default: false } } })
const CASES: readonly (Mail & { readonly says: string; readonly long: boolean; readonly budgetBytes?: number })[] = [
  { says: 'one small message', mailboxes: 1, count: 1, bytes: 3000, long: false },
  { says: '20,000 messages', mailboxes: 1, count: 20_000, bytes: 3000, long: false },
  { says: 'a message of 150 MB', mailboxes: 1, count: 1, bytes: 150_000_000, long: false },
  { says: '20 mailboxes of 500 at once', mailboxes: 20, count: 500, bytes: 20_000, long: false },
  { says: '60 levels of folders', mailboxes: 1, count: 600, bytes: 3000, folders: 600, levels: 60, long: false },
  // Each folder has its place in memory, some 8 KB.
  { says: '20,000 folders', mailboxes: 1, count: 20_000, bytes: 500, folders: 20_000, long: true, budgetBytes: 320_000_000 },
  { says: '100,000 messages', mailboxes: 1, count: 100_000, bytes: 3000, long: true },
  { says: '1,000,000 messages', mailboxes: 1, count: 1_000_000, bytes: 500, long: true },
]

let over = 0
console.log('                               copy               verify')
for (const { says, long, budgetBytes = BUDGET_BYTES, ...mail } of CASES) {
  if (long && args.quick) continue
  const { copy, verify } = await measure(mail, HOUR_MS)
  if (copy.copied !== copy.found || verify.copied !== verify.found) throw new Error(`${says}: not everything was copied`)
  over += [copy, verify].filter((took) => took.peakBytes > budgetBytes).length
  const cells = [copy, verify].map((took) => `${(took.peakBytes / 1e6).toFixed(0).padStart(4)} MB ${took.seconds.toFixed(1).padStart(7)} s`)
  console.log(`${says.padEnd(28)} ${cells.join('   ')}`)
}
console.log(over === 0 ? 'All within their budgets.' : `${over} over budget: ${BUDGET_BYTES / 1e6} MB where nothing else is said.`)
process.exitCode = over === 0 ? 0 : 1
