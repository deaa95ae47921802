/** Messages as they should not be, and messages as Exchange hands them out again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { compareContent, contentDigest, type ContentDigest } from '../../src/message/digest.ts'
import { fingerprint } from '../../src/message/fingerprint.ts'
import { readHeader } from '../../src/message/header.ts'
import { inspect } from '../../src/message/inspect.ts'
import { heldMessage } from '../../src/message/message-bytes.ts'
import { neededRepairs, repairsAfterRefusal, type RepairName } from '../../src/message/plan.ts'
import { repair } from '../../src/message/repair.ts'
import { renderMessage } from '../../src/simulator/exchange-render.ts'
import { heldContent, type Message } from '../../src/simulator/mail-store.ts'
import { nastyMessages } from '../../src/simulator/nasty-messages.ts'
import { Random } from '../../src/simulator/random.ts'
import { seedMessage } from '../../src/simulator/seed-message.ts'
import { mutate } from './mutate.ts'
import { parameters } from './settings.ts'

const LONG_LINE_BYTES = 10_240
const NASTY = nastyMessages().filter((one) => one.name !== 'huge' && one.bytes().length < 300_000)
const DATE = new Date(Date.UTC(2026, 0, 1))

function seeded(index: number): Buffer {
  return seedMessage({ seed: 77, mailbox: 3, index }, { owner: 'anna@example.test', date: DATE, medianBytes: 3000, maxBytes: 60_000 })
}

/** A nasty or an ordinary message with some damage. */
const damaged = fc.record({ of: fc.nat(NASTY.length * 2), from: fc.nat(), times: fc.nat(12) }).map(({ of, from, times }) => {
  const bytes = NASTY[of]?.bytes() ?? seeded(of)
  return mutate(bytes, new Random(from, of), times)
})

async function repaired(bytes: Buffer, names: readonly RepairName[]): Promise<Buffer> {
  await using done = await repair(heldMessage([bytes]), names, { uid: 7, internalDate: '17-Jul-1996 02:44:25 -0700' })
  const chunks: Buffer[] = []
  for await (const chunk of done.chunks()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const digestOf = (bytes: Buffer): Promise<ContentDigest> => contentDigest(heldMessage([bytes]).chunks())

test('whatever the bytes, looking at a message and repairing it ends well, and no repair that wraps lines leaves a long one', async () => {
  await fc.assert(
    fc.asyncProperty(damaged, async (bytes) => {
      const began = performance.now()
      const inspection = inspect([bytes], { longLineBytes: LONG_LINE_BYTES })
      readHeader(inspection.header)
      fingerprint(inspection.header, inspection.bodySample)
      await digestOf(bytes)
      const needed = neededRepairs(inspection, { lineBreaksSessionBytes: LONG_LINE_BYTES, disarmReceipts: true, seen: false })
      for (const names of [needed, ...repairsAfterRefusal(inspection, needed)]) {
        const after = await repaired(bytes, names)
        const wraps = names.includes('long-lines') || names.includes('wrapped')
        if (wraps) assert.equal(inspect([after], { longLineBytes: LONG_LINE_BYTES }).hasLongLine, false, names.join())
        assert.ok(after.length < 3 * bytes.length + 20_000, `${names.join()} makes ${after.length} bytes of ${bytes.length}`)
      }
      assert.ok(performance.now() - began < 5000, 'it takes too long')
    }),
    parameters(150),
  )
})

test('a message that Exchange rebuilt is known by its fingerprint and says the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(100_000), async (index) => {
      const bytes = seeded(index)
      const copy = renderMessage(messageOf(bytes))
      assert.deepEqual(fingerprint(headerOf(copy)).strict, fingerprint(headerOf(bytes)).strict)
      assert.deepEqual(compareContent(await digestOf(bytes), await digestOf(copy)), [])
    }),
    parameters(150),
  )
})

test('a message without Message-ID or Date that Exchange completed is known by its loose fingerprint', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.constantFrom('Message-ID', 'Date'), (index, lacks) => {
      const bytes = Buffer.from(
        seeded(index)
          .toString('latin1')
          .replace(new RegExp(`^${lacks}:.*\\r\\n`, 'm'), ''),
        'latin1',
      )
      const { loose, thin } = fingerprint(headerOf(bytes))
      const variants = fingerprint(headerOf(renderMessage(messageOf(bytes)))).variants.map(String)
      assert.equal(thin, false)
      assert.ok(variants.includes(String(loose)))
    }),
    parameters(100),
  )
})

function headerOf(bytes: Buffer): Buffer {
  return inspect([bytes], { longLineBytes: null }).header
}

function messageOf(bytes: Buffer): Message {
  return { uid: 1, internalDate: DATE, content: heldContent(bytes), flags: [], modseq: 1, gone: false, flaggedOnlyByAppend: false }
}
