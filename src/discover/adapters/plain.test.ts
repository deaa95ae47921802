import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facts, reading, says } from '../reading.fixture.ts'
import { plain } from './plain.ts'

test('addresses and logins are read one a line, with names in front and remarks between', async () => {
  const result = await reading(
    plain,
    '# the office\r\nanna@example.test\r\n\r\n  bob  \r\n"Änne, Dr." <aenne@example.test>;\r\nCarl C <carl@example.test>\r\n',
  )
  assert.deepEqual(facts(result), [
    { login: 'anna@example.test' },
    { login: 'bob' },
    { login: 'aenne@example.test', name: 'Änne, Dr.' },
    { login: 'carl@example.test', name: 'Carl C' },
  ])
  assert.deepEqual(result.problems, [])
})

test('of a passwd-file the logins are read, and of what is no login only the beginning is repeated', async () => {
  const result = await reading(plain, 'anna@example.test:{SHA512-CRYPT}$6$hash:8:8::/home\nbert:x:1000:1000\ncarl@example.test:hunter2\n')
  assert.deepEqual(facts(result), [{ login: 'anna@example.test' }, { login: 'bert' }])
  assert.deepEqual(says(result), ['3: "carl@example.test..." is not a login or an address: one stands on each line'])
})

test('what cannot be a login is told with its line, and what looks like a formula is none', async () => {
  const result = await reading(plain, "anna@example.test\ndoveadm(root): Error: no such thing\n=HYPERLINK('x')\n-rf\n")
  assert.deepEqual(facts(result), [{ login: 'anna@example.test' }])
  assert.deepEqual(
    says(result).map((each) => each.slice(0, 12)),
    ['2: "doveadm(', '3: "=..." is', '4: "-rf" is '],
  )
})
