import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PdfText } from './pdf-text.ts'

test('what is too long for a cell ends after a word, and an endless one is cut all the same', () => {
  const text = new PdfText()
  assert.equal(text.line('three words here', 13), 'three words…')
  assert.equal(text.line('three words', 11), 'three words')
  assert.equal(text.line('x'.repeat(100), 60), `${'x'.repeat(59)}…`)
  assert.ok(Array.from(text.line('ж '.repeat(10_000), 400)).length <= 400)
})
