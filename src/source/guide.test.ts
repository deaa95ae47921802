import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sourcesGuide } from './guide.ts'
import { PROFILES } from './profiles.ts'

const GUIDE = join(import.meta.dirname, '..', '..', 'docs', 'guide')

test('the guide to the systems says what the profiles say', () => {
  assert.equal(readFileSync(join(GUIDE, 'sources.md'), 'utf8'), sourcesGuide(), 'write it again: npm run guide')
})

test('every system has a row and a part in the guide, and every link leads somewhere', () => {
  const page = sourcesGuide()
  for (const { name } of PROFILES) {
    assert.ok(page.includes(`](#${name})`), name)
    assert.ok(page.includes(`<a id="${name}"></a>`), name)
  }
  for (const [, target = ''] of page.matchAll(/\]\(([^)#]+)\)/g)) assert.ok(existsSync(join(GUIDE, target)), target)
  for (const [, anchor = ''] of page.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(page.includes(`<a id="${anchor}">`), anchor)
  const rows = page.split('\n').filter((line) => line.startsWith('| '))
  for (const row of rows) assert.equal(row.replaceAll('\\|', '').split('|').length, 7, row)
})
