import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { CASES, HELD, LEFT_OUT } from './catalogue.ts'

const ROOT = join(import.meta.dirname, '../..')
const IDS = Object.entries(CASES).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, at) => `${letter}${String(at + 1).padStart(2, '0')}`),
)

/** Cases about DNS and the switch have numbers of their own. */
const DNS = /(?:^|\/)(?:dns|switch|mailflow|mail-simulator|stragglers)/

test('every case of the catalogue stands in the name of a test, is held by one that exists, or is left out with a reason', () => {
  const files = globSync('{src,test}/**/*.test.ts', { cwd: ROOT }).filter((file) => !file.endsWith('catalogue.test.ts') && !DNS.test(file))
  const named = new Set(
    files.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/['"`(, ]([AFETLU]\d\d)(?=['"`:,) ])/g)].map((match) => match[1]),
    ),
  )
  const nowhere = IDS.filter((id) => !named.has(id) && HELD[id] === undefined && LEFT_OUT[id] === undefined)
  assert.deepEqual(nowhere, [])
  const unknown = [...Object.keys(HELD), ...Object.keys(LEFT_OUT)].filter((id) => !IDS.includes(id))
  assert.deepEqual(unknown, [])
  for (const [id, held] of Object.entries(HELD)) {
    for (const { file, test: words } of held)
      assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(words), `${id}: no test "${words}" in ${file}`)
  }
  for (const [id, reason] of Object.entries(LEFT_OUT)) assert.ok(reason.length > 30 && !named.has(id), id)
})
