import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressProblem, nameKey, nickname, plainAddress, upnProblem } from './people-names.ts'

const NAMES: readonly (readonly [name: string, upn: RegExp | null, address: RegExp | null, plain: string | null])[] = [
  ['anna@example.test', null, null, 'anna@example.test'],
  ["o'neil_x#1!^~@example.test", null, null, "o'neil_x#1!^~@example.test"],
  ['a+b@example.test', /not allowed there: \+$/, null, 'ab@example.test'],
  ['jürgen.müller@example.test', /: ü$/, /: ü$/, 'juergen.mueller@example.test'],
  ['Zoë.Łuk@example.test', /: ë Ł$/, /: ë Ł$/, 'zoe.luk@example.test'],
  ['anna berg@example.test', /: U\+0020$/, /: U\+0020$/, 'annaberg@example.test'],
  ['anna\u202ebob@example.test', /: U\+202E$/, /: U\+202E$/, 'annabob@example.test'],
  ['.anna@example.test', /dot at the beginning/, /dot at the beginning/, 'anna@example.test'],
  ['a..b@example.test', /two dots/, /two dots/, 'a.b@example.test'],
  ['anna', /name@domain/, /name@domain/, null],
  ['@example.test', /name@domain/, /name@domain/, null],
  ['李@example.test', /: 李$/, /: 李$/, null],
  [`${'a'.repeat(65)}@example.test`, /more than 64/, /more than 64/, `${'a'.repeat(65)}@example.test`],
  [`a@${'b'.repeat(44)}.test`, /more than 48/, null, `a@${'b'.repeat(44)}.test`],
]
for (const [name, upn, address, plain] of NAMES) {
  test(`the name ${JSON.stringify(name.slice(0, 40))} is judged as Entra and Exchange judge it`, () => {
    matches(upnProblem(name), upn)
    matches(addressProblem(name), address)
    assert.equal(plainAddress(name), plain)
  })
}

function matches(problem: string | null, expected: RegExp | null): void {
  if (expected === null) assert.equal(problem, null)
  else assert.match(problem ?? '', expected)
}

test('a mail alias keeps what Exchange takes and nothing else', () => {
  assert.equal(nickname('anna.berg@example.test'), 'anna.berg')
  assert.equal(nickname('a(b),"c d"@example.test'), 'abcd')
  assert.equal(nickname('.x..y.@example.test'), 'x.y')
  assert.equal(nickname('ü@example.test'), '')
  assert.equal(nickname('n'.repeat(80)).length, 64)
})

test('names that people would mistake for each other are one', () => {
  assert.equal(nameKey('Berg,  André'), nameKey('BERG Andre'))
  assert.notEqual(nameKey('Anna Berg'), nameKey('Anna Burg'))
})
