import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { NATIVE_LIMITS } from './limits.ts'

test('the guide tells every documented limit, with where it is documented', () => {
  const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'guide', 'native.md'), 'utf8')
  for (const { says, source } of NATIVE_LIMITS) assert.ok(guide.includes(`| ${says} | ${source} |`), says)
})
