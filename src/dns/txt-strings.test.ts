import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setsOf } from './ask.ts'
import { stringsOf, withStrings } from './txt-strings.ts'
import { updateMessage } from './update-message.ts'

const CUT = ['v=spf1 include:_spf.crm', '.test -all']
const VALUE = CUT.join('')

test('a text that was cut in its own way is named as it was cut, and one that is usual needs nothing', () => {
  const held = withStrings(undefined, CUT)
  assert.deepEqual(stringsOf(VALUE, held), CUT)
  assert.deepEqual(stringsOf('another', held), ['another'])
  assert.equal(withStrings(undefined, ['a'.repeat(255), 'b']), undefined)
  assert.deepEqual(stringsOf(VALUE, 'words of another host'), [VALUE])
  assert.deepEqual(stringsOf(VALUE, JSON.stringify({ [VALUE]: [1, 2] })), [VALUE])
})

test('an update names a set with the strings that were read', () => {
  const [set] = setsOf([{ type: 'TXT', name: 'example.test', ttl: 60, data: CUT.map((one) => Buffer.from(one)) }])
  assert.deepEqual(set?.data, [VALUE])
  const message = updateMessage(1, 'example.test', [{ name: 'example.test', type: 'TXT', before: set ?? assert.fail(), after: null }])
  assert.ok(message.includes(Buffer.concat(CUT.map((one) => Buffer.from(String.fromCharCode(one.length) + one, 'latin1')))))
})
