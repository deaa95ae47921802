import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Expected, Json } from '../model/change.ts'
import { holds, isAs, objectSeen, presentOf, sameJson } from './compare.ts'
import { sizeInBytes } from './size.ts'

const MB = 1024 ** 2
const SIZES: readonly (readonly [unknown, number | null])[] = [
  ['36MB', 36 * MB],
  ['36 mb', 36 * MB],
  ['1.5GB', 1.5 * 1024 * MB],
  ['36 MB (37,748,736 bytes)', 36 * MB],
  ['35,99 MB (37.748.736 bytes)', 36 * MB],
  ['3.322 KB (3,402 bytes)', 3402],
  ['37748736', 36 * MB],
  [5, 5],
  ['Unlimited', Infinity],
  ['', null],
  ['large', null],
  ['-1 MB', null],
  [null, null],
]
for (const [text, bytes] of SIZES)
  test(`the size ${JSON.stringify(text)} is ${bytes ?? 'none'}`, () => assert.equal(sizeInBytes(text), bytes))

type Case = readonly [as: Expected['as'], to: Json, seen: Json | undefined, yes: boolean]
const CASES: readonly Case[] = [
  ['text', 'Authoritative', 'authoritative', true],
  ['text', true, 'True', true],
  ['text', null, '', true],
  ['text', null, undefined, true],
  ['text', 'u\u0308', '\u00fc', true],
  ['text', 'a', 'b', false],
  ['text', '', 'x', false],
  ['exact', 'a', 'A', false],
  ['exact', true, true, true],
  ['exact', true, 'true', false],
  ['exact', null, undefined, true],
  ['exact', '', null, false],
  ['size', '36MB', '36 MB (37,748,736 bytes)', true],
  ['size', '36MB', '35 MB (36,700,160 bytes)', false],
  ['size', 'unlimited', 'Unlimited', true],
  ['size', null, '', true],
  ['size', '36MB', null, false],
  ['list', ['a', 'b'], ['A', 'b'], true],
  ['list', ['a', 'b'], ['b', 'a'], false],
  ['list', ['a'], 'a', true],
  ['list', [], null, true],
  ['set', ['a', 'b'], ['B', 'A', 'a'], true],
  ['set', ['a', 'b'], ['a'], false],
  ['set', ['a'], ['a', 'b'], false],
  ['set', [], '', true],
  ['moment', '2026-11-20T08:00:00', '2026-11-20T09:00:00+01:00', true],
  ['moment', '2026-11-20', '2026-11-20T00:00:00Z', true],
  ['moment', '2026-11-20', '2026-11-21T00:00:00Z', false],
  ['moment', null, '', true],
  ['moment', '2026-11-20', null, false],
  ['json', { a: [1, { b: null }] }, { a: [1, {}] }, true],
  ['json', { a: 1 }, { a: 1, b: 2 }, false],
  ['json', [1, 2], [2, 1], false],
  ['json', ['a'], { 0: 'a' }, false],
]
for (const [as, to, seen, yes] of CASES)
  test(`as ${as}, ${JSON.stringify(seen)} is ${yes ? '' : 'not '}${JSON.stringify(to)}`, () => assert.equal(isAs({ to, as }, seen), yes))

test('an object is found by a property, whatever its case, and is not there otherwise', () => {
  const rows = [
    { Name: 'One', n: 1 },
    { Name: ['Two', 'Deux'], n: 2 },
  ]
  const find = (equals: string) => objectSeen({ call: null, find: { property: 'Name', equals } }, rows)?.['n'] ?? null
  assert.deepEqual([find('one'), find('DEUX'), find('three'), find('')], [1, 2, null, null])
  assert.equal(objectSeen({ call: null }, rows)?.['n'], 1)
  assert.equal(objectSeen({ call: null }, []), null)
  assert.equal(objectSeen({ call: null }, null), null)
})

test('rows become one object with the list of a property, also where there are none', () => {
  const look = { call: null, collect: 'Member' }
  assert.deepEqual(objectSeen(look, [{ Member: 'a' }, { Member: ['b', 'c'] }, {}]), { Member: ['a', 'b', 'c'] })
  assert.deepEqual(objectSeen(look, []), { Member: [] })
  assert.equal(objectSeen(look, null), null)
})

test('what is not there is gone and lacks everything, and nothing else holds of it', () => {
  const entries = { property: 'Member', entries: ['a'] }
  assert.equal(holds({ is: 'gone' }, null), true)
  assert.equal(holds({ is: 'lacks', ...entries }, null), true)
  assert.equal(holds({ is: 'there', id: 'id' }, null), false)
  assert.equal(holds({ is: 'holds', ...entries }, null), false)
  assert.equal(holds({ is: 'holds', property: 'Member', entries: [] }, null), false)
  assert.equal(holds({ is: 'set', values: {} }, null), false)
  assert.equal(holds({ is: 'gone' }, {}), false)
  assert.equal(holds({ is: 'there', id: 'id' }, {}), true)
})

test('all values that are set must be as wanted', () => {
  const values = { A: { to: '1', as: 'text' }, B: { to: '2', as: 'text' } } as const
  assert.equal(holds({ is: 'set', values }, { A: '1', B: 2, C: 3 }), true)
  assert.equal(holds({ is: 'set', values }, { A: '1', B: 3 }), false)
})

const word = fc.string({ unit: fc.constantFrom('a', 'B', 'ü', 'Ü', ' ', '{'), minLength: 1, maxLength: 3 })
test('a list holds entries and lacks them never at once, and both are told by those that are present', () => {
  fc.assert(
    fc.property(fc.array(word), fc.uniqueArray(word, { minLength: 1 }), (list, entries) => {
      const named = { property: 'x', entries }
      const present = presentOf(named, { x: list })
      assert.equal(holds({ is: 'holds', ...named }, { x: list }), present.length === entries.length)
      assert.equal(holds({ is: 'lacks', ...named }, { x: list }), present.length === 0)
      assert.equal(holds({ is: 'holds', ...named }, { x: [...list, ...entries.map((one) => one.toUpperCase())] }), true)
    }),
  )
})

test('a set is the same in whatever order and case, a list only in its own order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { selector: (one) => one.toLowerCase() }), (list) => {
      const shuffled = list.toReversed().map((one) => one.toUpperCase())
      assert.equal(isAs({ to: list, as: 'set' }, shuffled), true)
      assert.equal(isAs({ to: list, as: 'list' }, shuffled), list.length < 2)
    }),
  )
})

test('every JSON value is the same as itself read back, whatever the order of its names', () => {
  const turned = (json: Json): Json =>
    json === null || typeof json !== 'object'
      ? json
      : Array.isArray(json)
        ? json.map(turned)
        : Object.fromEntries(
            Object.entries(json)
              .toReversed()
              .map(([name, inner]) => [name, turned(inner)]),
          )
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (generated) => {
      const json = generated as Json
      assert.equal(sameJson(json, turned(json)), true)
      assert.equal(sameJson(json, [json]), false)
    }),
  )
})

test('the entries of a list of the object can be looked at one by one', () => {
  const user = { id: 'u', assignedLicenses: [{ skuId: 'a' }, { skuId: 'B', disabledPlans: ['p'] }] }
  const look = (equals: string) => ({ call: null, inside: 'assignedLicenses', find: { property: 'skuId', equals } })
  assert.deepEqual(objectSeen(look('b'), [user])?.['disabledPlans'], ['p'])
  assert.equal(objectSeen(look('c'), [user]), null)
  assert.equal(objectSeen(look('a'), [{ id: 'u', assignedLicenses: [] }]), null)
})
