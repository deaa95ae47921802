import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tenantRig } from '../../test/tenant/rig.ts'
import { waitedMailboxes } from './waited-mailboxes.ts'

test('a few mailboxes are asked for by themselves, many of them by one list that answers for ten seconds', async () => {
  let lists = 0
  await using rig = await tenantRig({ content: 'prepared', onDone: (_, __, body) => void (body.includes('"Unlimited"') && lists++) })
  const people = rig.simulator.prepared?.people ?? []
  const waited = waitedMailboxes(rig.admin, () => rig.clock.now())
  for (const { address } of people.slice(0, 7)) assert.equal(await waited(address), undefined)
  assert.equal(lists, 0)
  // The first ten have a mailbox, the others none.
  const answers = await Promise.all(people.map(({ address }) => waited(address.toUpperCase())))
  assert.deepEqual(
    answers.map((row) => (row === null ? 'none' : row === undefined ? 'ask' : 'there')),
    people.map((_, at) => (at < 10 ? 'there' : 'none')),
  )
  assert.equal(lists, 1)
  assert.equal(await waited('anna'), undefined)
  await rig.clock.sleep(11_000)
  await waited(people[0]?.address ?? '')
  assert.equal(lists, 2)
})
