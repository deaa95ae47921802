import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { MovePlan } from '../../switch/looks.ts'
import { sameSet, type RecordSet } from '../record-set.ts'
import { isSpf, parseSpf } from '../spf/record.ts'
import { PHASES } from './item.ts'
import { judged, moveOf } from './move.ts'
import { carriedOut, DOMAIN, OLD_MX, planOf, setsOf, WISHES } from './plan.fixture.ts'

const ttl = fc.constantFrom(60, 300, 1800, 3600, 86_400)
const line = (label: string, type: string, data: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(ttl, data).map(([seconds, value]) => `${label} ${seconds} ${type} ${value}`)
const maybe = (one: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> =>
  fc.option(one, { nil: null }).map((text) => (text === null ? [] : [text]))
const SPF = fc
  .tuple(
    fc.uniqueArray(
      fc.constantFrom(
        'mx',
        'a',
        'ip4:192.0.2.9',
        'ip4:192.0.2.1',
        'include:a.test',
        'include:b.test',
        '?include:c.test',
        'exists:%{i}.d.test',
      ),
    ),
    fc.constantFrom('', '-all', '~all', '?all', 'redirect=e.test'),
  )
  .map(([terms, end]) => ['v=spf1', ...terms, end].filter((word) => word !== '').join(' '))
const TEXT = fc
  .oneof(fc.string({ unit: 'binary-ascii', maxLength: 300 }), fc.constantFrom('MS=ms1', 'v=spf10 no', ' v=spf1 -all'))
  .filter((text) => !isSpf(text))

/** A zone as somebody may have left it. */
const zone = fc
  .tuple(
    fc.array(
      fc.tuple(fc.nat(50), fc.constantFrom('mx.old.test', `mx.${DOMAIN}`)).map(([order, host]) => `@ 7200 MX ${order} ${host}`),
      { minLength: 1, maxLength: 3 },
    ),
    fc
      .tuple(ttl, fc.array(TEXT, { maxLength: 4 }), fc.array(SPF, { maxLength: 2 }))
      .map(([seconds, texts, spf]) => [...texts, ...spf].map((one) => `@ ${seconds} TXT ${one}`)),
    maybe(line('autodiscover', 'A', fc.constant('192.0.2.9'))),
    maybe(line('_autodiscover._tcp', 'SRV', fc.constant('0 0 443 mail.old.test'))),
    maybe(line('_imaps._tcp', 'SRV', fc.constantFrom('0 0 0 .', '0 1 993 mail.old.test'))),
    maybe(line('_dmarc', 'TXT', fc.constantFrom('v=DMARC1; p=reject', 'something else'))),
    maybe(line('selector1._domainkey', 'CNAME', fc.constant('selector1.other.test'))),
    maybe(line('www', 'A', fc.constant('192.0.2.80'))),
  )
  .map((parts) => setsOf(...parts.flat()))

test('of any zone: each phase stands upon the one before, nothing else is touched, senders stay, and at the end nothing is left to do', async () => {
  await fc.assert(
    fc.asyncProperty(zone, fc.constantFrom(60, 300), async (now, lowTtlSeconds) => {
      const wishes = { ...WISHES, lowTtlSeconds }
      const plan = await planOf(now, { wishes })
      let sets = now
      for (const phase of PHASES) {
        for (const item of plan.items.filter((one) => one.phase === phase))
          assert.ok(sameSet(at(sets, item), item.before, 'counts'), `${phase} ${item.name} ${item.type}`)
        sets = carriedOut(sets, plan, phase)
        assert.deepEqual(otherTexts(sets), otherTexts(now), phase)
        // Until it is tightened everybody who might send may send; `mx` is there as the addresses that it meant.
        if (phase === 'switch' && spfOf(now).every((text) => parseSpf(text).wrong.length === 0))
          for (const term of spfOf(now)
            .flatMap((text) => termsBeforeAll(text))
            .filter((one) => one !== 'mx'))
            assert.ok(
              spfOf(sets).some((text) => text.includes(term.replace('redirect=', ''))),
              `${term} in ${spfOf(sets).join(' | ')}`,
            )
        assert.ok(phase === 'prepare' || spfOf(sets).length <= 1)
      }
      const touched = new Set(plan.items.map(({ name, type }) => `${name} ${type}`))
      for (const set of now.filter(({ name, type }) => !touched.has(`${name} ${type}`))) assert.deepEqual(at(sets, set), set)
      const pristine = { atMs: 0, sets: now, oldMx: OLD_MX, policy: null }
      assert.deepEqual((await planOf(sets, { wishes, pristine })).items, [])
    }),
    { numRuns: 150 },
  )
})

test('the switch gets four lists in which no set stands twice, and what stands in its way', async () => {
  const now = setsOf('@ 7200 MX 10 mx.old.test', '@ 7200 TXT v=spf1 mx -all')
  const plan = await planOf(now)
  const move: MovePlan = moveOf(plan)
  assert.deepEqual(
    move.finish.map(({ name, type, before, after }) => [name, type, before?.ttlSeconds, after?.ttlSeconds]),
    [
      [DOMAIN, 'TXT', 300, 7200],
      [DOMAIN, 'MX', 300, 3600],
      [`autodiscover.${DOMAIN}`, 'CNAME', 300, 3600],
    ],
  )
  assert.equal(move.settleMs, 0)
  assert.deepEqual(judged(plan).blockers, [])
  assert.equal(judged(await planOf(setsOf('@ MX 0 .'))).blockers.length, 1)
})

function at(sets: readonly RecordSet[], { name, type }: Pick<RecordSet, 'name' | 'type'>): RecordSet | null {
  return sets.find((set) => set.name === name && set.type === type) ?? null
}

function spfOf(sets: readonly RecordSet[]): readonly string[] {
  return at(sets, { name: DOMAIN, type: 'TXT' })?.data.filter(isSpf) ?? []
}

function otherTexts(sets: readonly RecordSet[]): readonly string[] {
  return (at(sets, { name: DOMAIN, type: 'TXT' })?.data.filter((text) => !isSpf(text)) ?? []).toSorted()
}

function termsBeforeAll(text: string): readonly string[] {
  const terms = parseSpf(text).terms
  const end = terms.findIndex(({ kind }) => kind === 'all')
  return (end === -1 ? terms : terms.slice(0, end)).map((term) => term.text)
}
