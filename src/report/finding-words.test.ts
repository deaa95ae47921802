import assert from 'node:assert/strict'
import { test } from 'node:test'
import { troubleSays } from '../assess/trouble-says.ts'
import { REPAIRS } from '../message/plan.ts'
import { LANGUAGES } from './document.ts'
import { findingTold, troubleTold } from './finding-words.ts'
import { formatOf } from './format.ts'

const OTHERS = LANGUAGES.filter((language) => language !== 'en')

test('what is wrong with messages is told in every language wherever it can be repaired', () => {
  for (const code of Object.keys(REPAIRS)) {
    const says = troubleSays(code, 'repaired')
    // How something is repaired, and no trouble of its own.
    if (says.startsWith('Trouble of the kind')) continue
    assert.equal(troubleTold({ code, says }, 'en'), says)
    for (const language of OTHERS) assert.notEqual(troubleTold({ code, says }, language), says, `${code} ${language}`)
  }
})

test('a finding says in its language what becomes of the messages, and one that is not known there stays as it was said', () => {
  const says = troubleSays('long-lines', 'wrapped')
  const troubles = [{ code: 'long-lines', says, outcome: 'wrapped' as const }]
  const told = findingTold({ code: 'long-lines', says, about: '2 messages' }, troubles, formatOf('de', 'UTC'))
  assert.match(told.says, /^Eine Zeile ist so lang, .*\. \S.*\.$/)
  assert.equal(told.about, '2\u00A0Nachrichten')
  const russian = findingTold({ code: 'doubles', says: '', about: '21 messages' }, [], formatOf('ru', 'UTC'))
  assert.equal(russian.about, '21\u00A0письмо')
  const strange = { code: 'constructor', says: 'Something else.', about: 'Anna' }
  assert.deepEqual(findingTold(strange, [], formatOf('fr', 'UTC')), { about: 'Anna', says: 'Something else.' })
})
