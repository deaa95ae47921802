/** Plays the move of a domain in random worlds, whole and with a guard left away, and prints what was harmed. */
import { parseArgs } from 'node:util'
import { tally, VARIANTS } from '../test/switch/variants.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3000' }, seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
})
const runs = Number(values.runs)
let isAsExpected = true
console.log(`${'variant'.padEnd(56)} ${['runs', 'harmed', 'lost', 'bounced'].map((title) => title.padStart(7)).join(' ')}`)
for (const variant of VARIANTS.filter(({ name }) => name.includes(values.only))) {
  const { name, harmed, lost, bounced, stuck, harmedSeeds, broken } = await tally(variant, runs, Number(values.seed))
  console.log(`${name.padEnd(56)} ${[runs, harmed, lost, bounced].map((figure) => String(figure).padStart(7)).join(' ')}`)
  if (stuck.length > 0) console.log(`  came to no end with the seeds ${stuck.slice(0, 10).join(', ')}`)
  if (variant.expects === 'unharmed' && harmed > 0) console.log(`  harmed with the seeds ${harmedSeeds.slice(0, 10).join(', ')}`)
  if (broken.length > 0) console.log(`  what must never be: ${broken.slice(0, 10).join('; ')}`)
  const isRight = variant.expects === 'seldom' || (variant.expects === 'harmed') === harmed > 0
  isAsExpected &&= isRight && stuck.length === 0 && broken.length === 0
}
if (!isAsExpected) console.log('Not as it should be.')
process.exitCode = isAsExpected ? 0 : 1
