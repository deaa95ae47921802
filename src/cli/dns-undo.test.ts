import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

test('a domain that is being switched is told with its way back, nothing is taken back, and the exit code is 3', async () => {
  const says = 'The switch of example.org is at "draining" and stands on these records.'
  const held = [
    { domain: 'example.org', says, remedy: 'Run `cutover switch example.org --rollback` until it says "restored"; \u001b[31mthen' },
  ]
  const at = stage({ dnsUndo: async () => ({ approved: true, held, statement: null, failure: null }) })
  const { code, out } = await at.run('dns', 'undo', '--yes')
  assert.equal(code, 3)
  assert.match(out, /^Nothing was taken back\.\n\n {2}- The switch of example\.org is at "draining"[\s\S]*What to do: Run `cutover switch/)
  assert.ok(!out.includes('\u001b'))
  for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
})
