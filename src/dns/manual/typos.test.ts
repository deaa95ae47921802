import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordSet, RecordType } from '../record-set.ts'
import type { Swap } from '../update-message.ts'
import { typosIn, type TypoKind } from './typos.ts'

const ZONE = 'example.org'
const NEW_MX = '0 example-org.mail.protection.outlook.com'
const NEW_SPF = 'v=spf1 include:spf.protection.outlook.com -all'
const OLD_SPF = 'v=spf1 mx -all'
const KEY = `v=DKIM1; k=rsa; p=${'A'.repeat(400)}`

function set(name: string, type: RecordType, data: readonly string[], ttlSeconds = 300): RecordSet {
  return { name, type, ttlSeconds, data }
}
const mx: Swap = { name: ZONE, type: 'MX', before: set(ZONE, 'MX', ['10 mx.old.test']), after: set(ZONE, 'MX', [NEW_MX]) }
const spf: Swap = { name: ZONE, type: 'TXT', before: set(ZONE, 'TXT', ['other', OLD_SPF]), after: set(ZONE, 'TXT', ['other', NEW_SPF]) }
const auto = `autodiscover.${ZONE}`
const cname: Swap = { name: auto, type: 'CNAME', before: null, after: set(auto, 'CNAME', ['autodiscover.outlook.com']) }
const key: Swap = { name: `s1._domainkey.${ZONE}`, type: 'TXT', before: null, after: set(`s1._domainkey.${ZONE}`, 'TXT', [KEY]) }

function kinds(swap: Swap, served: readonly RecordSet[], elsewhere: readonly RecordSet[] = []): readonly (readonly [TypoKind, string])[] {
  const at = (sets: readonly RecordSet[]) => (name: string, type: RecordType) =>
    sets.find((one) => one.name === name && one.type === type) ?? null
  return typosIn(ZONE, swap, { at: at(served), elsewhere: at(elsewhere) }).map(({ kind, says }) => [kind, says])
}

const CASES: readonly (readonly [
  sentence: string,
  swap: Swap,
  served: readonly RecordSet[],
  kind: TypoKind,
  says: RegExp,
  elsewhere?: readonly RecordSet[],
])[] = [
  [
    'a host with the domain twice',
    cname,
    [set(`${auto}.${ZONE}`, 'CNAME', ['autodiscover.outlook.com'])],
    'host-doubled',
    /only "autodiscover"/,
  ],
  ['a value without its last dot', mx, [set(ZONE, 'MX', [`${NEW_MX}.${ZONE}`])], 'target-extended', /End the value with a dot/],
  [
    'a CNAME without its last dot',
    cname,
    [set(auto, 'CNAME', [`autodiscover.outlook.com.${ZONE}`])],
    'target-extended',
    /added the domain/,
  ],
  [
    'the priority in the name',
    mx,
    [set(ZONE, 'MX', ['10 0.example-org.mail.protection.outlook.com'])],
    'preference-in-name',
    /field of its own/,
  ],
  ['the priority alone as the name', mx, [set(ZONE, 'MX', ['10 0'])], 'preference-in-name', /field of its own/],
  ['another priority', mx, [set(ZONE, 'MX', ['10 example-org.mail.protection.outlook.com'])], 'preference-wrong', /is 10 instead of 0/],
  ['the old MX beside the new one', mx, [set(ZONE, 'MX', [NEW_MX, '10 mx.old.test'])], 'old-beside-new', /delete "10 mx\.old\.test"/],
  ['a second SPF', spf, [set(ZONE, 'TXT', ['other', OLD_SPF, NEW_SPF])], 'two-spf', /two SPF records/],
  ['quotes in the text', spf, [set(ZONE, 'TXT', ['other', `"${NEW_SPF}"`])], 'quotes-kept', /without them/],
  ['curly quotes', spf, [set(ZONE, 'TXT', ['other', Buffer.from(`“${NEW_SPF}”`).toString('latin1')])], 'curly-quotes', /curly/],
  ['a text that was cut', key, [set(key.name, 'TXT', [KEY.slice(0, 255)])], 'cut-short', /after 255 bytes/],
  ['the old time to live', mx, [set(ZONE, 'MX', [NEW_MX], 3600)], 'time-ignored', /3600 instead of 300/],
  ['a proxied CNAME', cname, [set(auto, 'A', ['104.21.3.4']), set(auto, 'AAAA', ['2606:4700::1'])], 'proxied', /DNS only/],
  ['an old address in the way', cname, [set(auto, 'A', ['192.0.2.11'])], 'old-in-the-way', /192\.0\.2\.11.*"autodiscover"/],
  ['another panel', mx, [set(ZONE, 'MX', ['10 mx.old.test'])], 'wrong-panel', /wrong panel/, [set(ZONE, 'MX', [NEW_MX])]],
]

for (const [sentence, swap, served, kind, says, elsewhere] of CASES)
  test(`${sentence} has a message of its own (T35)`, () => {
    const found = kinds(swap, served, elsewhere)
    assert.deepEqual(
      found.map(([one]) => one),
      [kind],
    )
    assert.match(found[0]?.[1] ?? '', says)
  })

test('no two kinds say the same (T35)', () => {
  const all = CASES.map(([, swap, served, , , elsewhere]) => kinds(swap, served, elsewhere)[0]?.[1])
  assert.equal(new Set(all).size, all.length)
})

test('nothing is wrong where it is done, where nothing was done yet, and where somebody else did something', () => {
  assert.deepEqual(kinds(mx, [set(ZONE, 'MX', [NEW_MX])]), [])
  assert.deepEqual(kinds(mx, [set(ZONE, 'MX', ['10 mx.old.test'], 3600)]), [])
  assert.deepEqual(kinds(mx, []), [])
  assert.deepEqual(kinds(mx, [set(ZONE, 'MX', ['10 mx.third.test'])]), [])
  assert.deepEqual(kinds(spf, [set(ZONE, 'TXT', ['other', OLD_SPF])]), [])
  assert.deepEqual(kinds({ ...mx, after: null }, [set(ZONE, 'MX', ['10 mx.old.test'])]), [])
})
