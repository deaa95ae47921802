import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalFlags } from './flags.ts'
import { isKeptOnly, keptOnly, keywordOfLabel, labelOfKeyword, labelsAmong } from './labels.ts'

test('a keyword is an atom that tells the name of its label back, whatever that is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
      const keyword = keywordOfLabel(name)
      assert.match(keyword, /^[^\x00-\x20\x7f-\uffff(){%*"\\\]]+$/)
      assert.equal(labelOfKeyword(keyword), name)
      assert.equal(labelOfKeyword(keptOnly(keyword)), name)
      assert.deepEqual([isKeptOnly(keyword), isKeptOnly(keptOnly(keyword))], [false, true])
    }),
  )
})

test('labels are found among flags in the form that the ledger keeps', () => {
  const flags = canonicalFlags(['\\Seen', '$Forwarded', keywordOfLabel('To do'), keywordOfLabel('Müller & Söhne/2019')])
  assert.deepEqual(labelsAmong(flags.join(' ').split(' ')), ['Müller & Söhne/2019', 'To do'])
})
