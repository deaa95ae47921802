import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as holds, constantFrom, oneof, property, string } from 'fast-check'
import { parse } from 'yaml'
import { rehomed, withEntries, withValue } from './document.ts'
import { scalarText } from './text-edits.ts'

const TEXT = `# at the top
tenant:
    certificate: certs/app.pem   # of the app
    key: /keys/app.key
mailboxes: # who
  list: people.csv # kept by Anna
  # defaults:
  #   location: DE

# domains:
#   - name: example.org
dns: { settings: { token: "file:tokens/dns" } }
project: { name: a, cutover: 2026-12-11T18:00, time_zone: UTC }
batches:
  - name: first
    cutover: 2026-12-12T18:00 # Saturday
  - cutover: 2026-12-13T18:00
    name: second
`

test('a definition means the same from elsewhere, and all else stays as it was written, notes and blanks too', () => {
  const moved = rehomed(TEXT, '/home/anna', 'mailboxes.csv')
  assert.equal(
    moved,
    TEXT.replace('certs/app.pem', '/home/anna/certs/app.pem')
      .replace('people.csv', 'mailboxes.csv')
      .replace('"file:tokens/dns"', 'file:/home/anna/tokens/dns'),
  )
  assert.equal(rehomed(moved, '/elsewhere', 'mailboxes.csv'), moved)
})

test('mailboxes go into the definition and out again without a trace, in a block and within brackets', () => {
  const records = [
    new Map([['target', 'anna@example.org'] as const, ['notes', 'a: b, {c} # d'] as const]),
    new Map([['target', 'b@example.org'] as const]),
  ]
  const whole = withEntries(TEXT, records)
  assert.match(
    whole,
    /^ {2}entries: # kept by Anna\n {4}- \{ target: anna@example\.org, notes: "a: b, \{c\} # d" \}\n {4}- \{ target: b@example\.org \}\n {2}# defaults:$/m,
  )
  assert.equal(rehomed(whole, '/', 'people.csv'), rehomed(TEXT, '/', 'people.csv'))
  const flow = 'version: 1\nmailboxes: { list: people.csv, defaults: { hidden: true } }\n'
  const entries: unknown = parse(withEntries(flow, records)).mailboxes
  assert.deepEqual(entries, {
    entries: [{ target: 'anna@example.org', notes: 'a: b, {c} # d' }, { target: 'b@example.org' }],
    defaults: { hidden: true },
  })
  assert.equal(rehomed(withEntries(flow, records), '/', 'people.csv'), flow)
})

test('one value is set, put in or taken out where it stands', () => {
  assert.equal(withValue(TEXT, ['batches', 0, 'cutover'], '2026-12-19T18:00'), TEXT.replace('2026-12-12', '2026-12-19'))
  for (const path of [
    ['batches', 0, 'cutover'],
    ['batches', 1, 'cutover'],
    ['project', 'cutover'],
  ]) {
    const without = withValue(TEXT, path, undefined)
    const [whole, left]: [unknown, unknown] = [parse(TEXT), parse(without)]
    const expected = structuredClone(whole)
    Reflect.deleteProperty(Object(path.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(Object(at), step), expected)), 'cutover')
    assert.deepEqual(left, expected, path.join('.'))
    assert.ok(without.includes('# at the top') && without.includes('#   - name: example.org'))
    const back: unknown = parse(withValue(without, path, '2027-01-02T03:04'))
    assert.equal(
      path.reduce<unknown>((at, step) => Reflect.get(Object(at), step), back),
      '2027-01-02T03:04',
      path.join('.'),
    )
  }
})

test('any text comes back from YAML as it was, also within brackets', () => {
  holds(
    property(
      oneof(string(), string({ unit: 'grapheme' }), constantFrom('yes', 'null', '0123', '1e3', '~', '- a', 'a #b', '12:30', '.5')),
      (value) => {
        assert.deepEqual(parse(`{ a: ${scalarText(value)}, b: [${scalarText(value)}] }`), { a: value, b: [value] })
      },
    ),
    { numRuns: 300 },
  )
})
