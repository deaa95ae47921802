import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { scriptedServer } from './scripted-server.ts'
import { Wire } from './wire.ts'

test('a connection that was destroyed from here tells nothing more, not even that it ended', async () => {
  for (const compress of [false, true]) {
    await using server = await scriptedServer(async (client) => {
      client.say('* OK hello')
      await client.closed()
    })
    const wire = await Wire.open(server.endpoint({ compress }), new AbortController().signal)
    const { promise: spoken, resolve } = Promise.withResolvers<void>()
    const told: string[] = []
    wire.listen({
      bytes: () => {
        told.push('bytes')
        resolve()
        return true
      },
      end: (why) => void told.push(why.code),
      quiet: () => void told.push('quiet'),
    })
    await spoken
    const closed = once(wire.out, 'close')
    wire.destroy()
    await closed
    assert.deepEqual(told, ['bytes'])
    await server.script
  }
})
