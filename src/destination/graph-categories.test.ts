import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitCategories } from './graph-categories.ts'

test('names fit what Outlook keeps: no separators, no control characters, 255 characters, each once without regard to case', () => {
  assert.deepEqual(fitCategories(['Work', 'work', ' a, b;c ', 'x\u0000\u0007y', ';', '', 'Work/Harbour']), [
    'Work',
    'Work/Harbour',
    'a b c',
    'x y',
  ])
  const [long = ''] = fitCategories([`${'a'.repeat(254)}😀b`])
  assert.deepEqual([long.length, long.isWellFormed()], [254, true])
})
