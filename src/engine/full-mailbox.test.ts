import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fullness } from './full-mailbox.ts'

test('a mailbox is full when one of its limits is reached, and a limit of nothing is none', () => {
  const quota = (name: string, used: number, limit: number): Parameters<typeof fullness>[0] => [
    { root: '', resources: [{ name, used, limit }] },
  ]
  assert.match(fullness(quota('STORAGE', 990, 1000)) ?? '', /full \(storage 99 %/)
  assert.match(fullness([...quota('STORAGE', 1, 1000), ...quota('MESSAGE', 50, 50)]) ?? '', /message 100 %/)
  assert.equal(fullness(quota('STORAGE', 970, 1000)), null)
  assert.equal(fullness(quota('STORAGE', 5, 0)), null)
  assert.equal(fullness([]), null)
})
