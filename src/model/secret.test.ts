import assert from 'node:assert/strict'
import { format, inspect } from 'node:util'
import { test } from 'node:test'
import { Failure } from './failure.ts'
import { Secret } from './secret.ts'

test('a secret shows itself nowhere but in reveal', () => {
  const secret = new Secret('hunter2')
  const shown = [
    String(secret),
    secret.toString(),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: { secret } }, { showHidden: true, depth: null }),
    format('%s %o %O %j', secret, secret, secret, secret),
    inspect(new Failure('auth-rejected', 'no', { cause: { secret } }), { depth: null }),
    Object.keys(secret).join(','),
    JSON.stringify(Object.entries(secret)),
  ]
  for (const text of shown) assert.ok(!text.includes('hunter2'), text)
  assert.equal(secret.reveal(), 'hunter2')
})
