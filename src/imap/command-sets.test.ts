import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidSet } from '../model/uid-set.ts'
import { commandSets } from './command-sets.ts'
import { scriptedServer } from './scripted-server.ts'

const SCATTERED = UidSet.of(Array.from({ length: 3_000 }, (_, at) => 1 + at * 3))

test('commands stay below what every server takes, and below 1,000 octets where a server takes no more', async () => {
  for (const [greeting, capabilities, most, pieces] of [
    ['Dovecot ready.', 'IDLE', 7_900, 2],
    ['localhost IMAP4rev1 2007f.404 at Sun', 'IDLE', 900, 17],
    ['hello', 'XYMHIGHESTMODSEQ', 900, 17],
  ] as const) {
    await using server = await scriptedServer(async (client) => {
      client.say(`* OK [CAPABILITY IMAP4rev1] ${greeting}`)
      await client.answer(`% OK [CAPABILITY IMAP4rev1 ${capabilities}] in`)
      await client.closed()
    })
    const session = await server.connect()
    const sets = [...commandSets(session, SCATTERED)]
    for (const set of sets) assert.ok(set.toString().length <= most, `${greeting}: ${set.toString().length}`)
    assert.equal(sets.length, pieces, greeting)
    assert.equal(
      sets.reduce((sum, set) => sum + set.size, 0),
      3_000,
    )
    session.destroy()
  }
})
