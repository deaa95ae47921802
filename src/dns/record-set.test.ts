import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Failure } from '../model/failure.ts'
import { canonicalData, canonicalName, canonicalSet, presented, sameSet, txtStrings, zoneLines, type RecordSet } from './record-set.ts'

const set = (type: RecordSet['type'], ...data: string[]): RecordSet => ({ name: 'example.org', type, ttlSeconds: 300, data })

test('names are one however they are written: case, last dot, international labels, underscores', () => {
  for (const [written, name] of [
    ['Example.ORG.', 'example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['_dmarc.BÜCHER.example', '_dmarc.xn--bcher-kva.example'],
    ['selector1._domainkey.example.org', 'selector1._domainkey.example.org'],
    ['*.example.org', '*.example.org'],
  ] as const)
    assert.equal(canonicalName(written), name)
  for (const wrong of ['', '.', 'a..b', 'with blank.example', `${'x'.repeat(64)}.example`, `${'x.'.repeat(130)}example`])
    assert.throws(() => canonicalName(wrong), Failure)
})

test('records are the same in any order and spelling; TXT keeps its case, and TTL counts only where it is asked for', () => {
  assert.ok(sameSet(set('MX', '10 MX1.example.org.', '20 mx2.example.org'), set('MX', '20 mx2.example.org', '10  mx1.example.org')))
  assert.ok(!sameSet(set('MX', '10 mx1.example.org'), set('MX', '20 mx1.example.org')))
  assert.ok(!sameSet(set('TXT', 'MS=ms1'), set('TXT', 'ms=ms1')))
  assert.ok(sameSet(set('AAAA', '2001:DB8:0::1'), set('AAAA', '2001:db8::1')))
  assert.ok(!sameSet(set('A', '192.0.2.1'), { ...set('A', '192.0.2.1'), ttlSeconds: 60 }, 'counts'))
  assert.ok(sameSet(null, null))
  assert.ok(!sameSet(null, set('A', '192.0.2.1')))
  assert.deepEqual(canonicalSet(set('NS', 'ns2.example.org', 'NS1.example.org.', 'ns2.example.org.')).data, [
    'ns1.example.org',
    'ns2.example.org',
  ])
  assert.equal(canonicalData('CAA', '0 Issue letsencrypt.example'), '0 issue "letsencrypt.example"')
  assert.equal(canonicalData('MX', '0 .'), '0 .')
})

test('a TXT value is cut into strings of 255 bytes and is the same when they are joined', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 900 }), (value) => {
      const strings = txtStrings(value)
      assert.equal(strings.join(''), value)
      assert.ok(strings.length > 0 && strings.every(({ length }) => length <= 255))
      const line = presented('TXT', value)
      const read = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner = '']) =>
        inner.replaceAll(/\\(\d{3}|.)/g, (_, char: string) => (char.length === 3 ? String.fromCharCode(Number(char)) : char)),
      )
      assert.equal(read.join(''), value)
      assert.match(line, /^[\u0020-\u007e]*$/)
    }),
  )
})

test('a zone-file line names everything in full', () => {
  assert.deepEqual(zoneLines(set('MX', '0 example-org.mail.protection.outlook.com')), [
    'example.org. 300 IN MX 0 example-org.mail.protection.outlook.com.',
  ])
  assert.deepEqual(zoneLines(set('TXT', 'v=spf1 "x" \\')), ['example.org. 300 IN TXT "v=spf1 \\"x\\" \\\\"'])
  assert.deepEqual(zoneLines(set('MX', '0 .')), ['example.org. 300 IN MX 0 .'])
})
