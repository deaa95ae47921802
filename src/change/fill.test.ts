import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Json } from '../model/change.ts'
import { Secret } from '../model/secret.ts'
import { filler, propertiesNamed, type Known } from './fill.ts'

const KNOWN: Known = {
  made: { id: 'a/b c', n: 7 },
  before: { Size: '36 MB', List: ['x', 'y'], None: null },
  added: ['p', 'q'],
  removed: ['r'],
  secrets: new Map([['password', new Secret('s3cret')]]),
}
const { value, path } = filler(KNOWN)

test('a value that says so is replaced whole, with its type', () => {
  assert.equal(value({ $: 'made.id' }), 'a/b c')
  assert.equal(value({ $: '{made.id}' }), 'a/b c')
  assert.equal(value({ $: 'made.n' }), 7)
  assert.deepEqual(value({ $: 'before.List' }), ['x', 'y'])
  assert.equal(value({ $: 'before.None' }), null)
  assert.equal(value({ $: 'before.Nowhere' }), null)
  assert.deepEqual(value({ add: { $: 'added' }, remove: [{ $: 'removed' }] }), { add: ['p', 'q'], remove: [['r']] })
  assert.equal(value({ $: 'size {before.Size} of {made.id}{before.None}' }), 'size 36 MB of a/b c')
  assert.deepEqual(filler({ ...KNOWN, before: null }).value({ $: 'before.Size' }), null)
})

test('a secret stays one, alone and in a text', () => {
  for (const template of ['secret.password', 'x{secret.password}y']) {
    const filled = value({ $: template })
    assert.ok(filled instanceof Secret)
    assert.equal(String(filled), '***')
    assert.match(filled.reveal(), /s3cret/)
  }
})

test('what nobody knows by that name is a mistake of the plan', () => {
  for (const name of ['made', 'secret.other', 'toString', 'x {y} z', '']) assert.throws(() => value({ $: name }), /nothing is known/)
  assert.equal(value({ $: 'made.toString' }), null)
})

const hostile = fc.oneof(
  fc.constantFrom('{made.id}', '{secret.password}', '{"$":"secret.password"}', '$', '{before.Size}', 'a{added}b', '__proto__'),
  fc.string(),
)
const plain: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    hostile,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      fc.string().filter((name) => name !== '$' && name !== '__proto__'),
      tie('json'),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
})).json

test('plain texts stay as they are, whatever they hold', () => {
  fc.assert(fc.property(plain, (template) => assert.deepEqual(value(template), template)))
})

test('what was filled in is not looked at again', () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const { value: filled } = filler({ ...KNOWN, made: { a, b } })
      assert.equal(filled({ $: 'made.a' }), a)
      assert.equal(filled({ $: '<{made.a}|{made.b}>' }), `<${a}|${b}>`)
    }),
  )
})

test('a path takes what was made as one part of it, however hostile', () => {
  assert.equal(path('/users/{made.id}/x'), '/users/a%2Fb%20c/x')
  fc.assert(
    fc.property(
      hostile.filter((id) => !/^\.{0,2}$/.test(id.trim()) && id.isWellFormed()),
      (id) => {
        const filled = filler({ ...KNOWN, made: { id } }).path('/users/{made.id}/x')
        const parts = filled.split('/')
        assert.equal(parts.length, 4)
        assert.equal(decodeURIComponent(parts[2] ?? ''), id)
        assert.doesNotMatch(filled, /[?#]/)
      },
    ),
  )
})

test('a path whose part is not known names nothing, and is not asked for', () => {
  for (const id of ['', '..', ' ', null, 7, ['x']])
    assert.throws(() => filler({ ...KNOWN, made: { id } }).path('/users/{made.id}'), { code: 'bad-input', notDone: true })
  assert.throws(() => path('/users/{secret.password}'), { code: 'bad-input' })
  assert.equal(path('/users/%7Bmade.id%7D'), '/users/%7Bmade.id%7D')
})

test('calls name the properties that must be kept for them', () => {
  const named = propertiesNamed([
    { path: '/users/{made.id}', body: { a: { $: 'before.Size' }, b: [{ $: '{before.Name} and {made.x y}' }], c: { $: 'added' } } },
  ])
  assert.deepEqual([...named.made], ['id', 'x y'])
  assert.deepEqual([...named.before], ['Size', 'Name'])
})
