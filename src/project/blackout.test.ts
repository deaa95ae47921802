import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quietFrom, quietUntil } from './blackout.ts'

const ZONE = 'Europe/Berlin'
const at = (text: string): number => Date.parse(text)

test('within hours of quiet the end of them is told, by the clocks of the project', () => {
  assert.equal(quietUntil(['08:00-18:00'], ZONE, at('2026-11-23T09:00:00Z')), at('2026-11-23T17:00:00Z'))
  assert.equal(quietUntil(['08:00-18:00'], ZONE, at('2026-11-23T17:00:00Z')), null)
  assert.equal(quietUntil(['08:00-18:00'], ZONE, at('2026-11-23T06:59:00Z')), null)
  assert.equal(quietUntil([], ZONE, at('2026-11-23T09:00:00Z')), null)
})

test('hours over midnight end on the next day', () => {
  assert.equal(quietUntil(['22:00-06:00'], ZONE, at('2026-11-23T22:30:00Z')), at('2026-11-24T05:00:00Z'))
  assert.equal(quietUntil(['22:00-06:00'], ZONE, at('2026-11-24T03:00:00Z')), at('2026-11-24T05:00:00Z'))
})

test('hours that touch each other are one stretch, and the whole day ends somewhere', () => {
  assert.equal(quietUntil(['08:00-12:00', '12:00-18:00'], ZONE, at('2026-11-23T09:00:00Z')), at('2026-11-23T17:00:00Z'))
  assert.notEqual(quietUntil(['00:00-12:00', '12:00-00:00'], ZONE, at('2026-11-23T09:00:00Z')), null)
})

test('the night in which clocks are put back has its hour more', () => {
  assert.equal(quietUntil(['22:00-06:00'], ZONE, at('2026-10-24T21:00:00Z')), at('2026-10-25T05:00:00Z'))
})

test('the next hours of quiet are known', () => {
  assert.equal(quietFrom(['08:00-18:00', '20:00-21:00'], ZONE, at('2026-11-23T18:00:00Z')), at('2026-11-23T19:00:00Z'))
  assert.equal(quietFrom([], ZONE, at('2026-11-23T18:00:00Z')), null)
})
