import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PROFILES } from '../source/profiles.ts'
import { leftBehind, SYSTEMS_WITH_WAYS } from './left-behind.ts'

test('for every system each thing that IMAP cannot carry has a way by hand, and every system that has ways of its own is a known one', () => {
  const anywhere = leftBehind(null)
  assert.equal(anywhere.system, null)
  for (const { name, title } of PROFILES) {
    const told = leftBehind({ name, title })
    assert.deepEqual(
      told.items.map(({ what }) => what),
      ['contacts', 'calendars', 'tasks', 'rules', 'signatures', 'autocomplete', 'local-mail', 'settings'],
    )
    for (const { how } of told.items) assert.match(how, /^[A-Z`].{10,}\.$/)
    assert.equal(told.system !== null, SYSTEMS_WITH_WAYS.includes(name))
  }
  const known = PROFILES.map(({ name }) => name)
  for (const name of SYSTEMS_WITH_WAYS) assert.ok(known.includes(name), name)
  assert.match(leftBehind({ name: 'zimbra', title: 'Zimbra' }).items[1]?.how ?? '', /zmmailbox/)
  assert.deepEqual(leftBehind({ name: 'nobody', title: 'Nobody' }).items, anywhere.items)
})
