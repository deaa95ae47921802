import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { contentDigest } from './digest.ts'
import { inspect } from './inspect.ts'
import { heldMessage } from './message-bytes.ts'
import { repair } from './repair.ts'
import { collect, HOLD_BYTES, Spool } from './spool.ts'

async function scratch(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cutover-test-'))
  t.after(() => rm(directory, { recursive: true }))
  return directory
}

async function read(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const big = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.alloc(HOLD_BYTES + 100_000, 'some words and \r\n')])

test('a spool gives back the bytes as often as wanted, knows them, and has no name on disk', async (t) => {
  const directory = await scratch(t)
  const chunks = [big.subarray(0, 100_000), big.subarray(100_000)]
  await using spool = await Spool.write(heldMessage(chunks).chunks(), { directory, longLineBytes: 10_240 })
  assert.deepEqual(await readdir(directory), [])
  assert.deepEqual(spool.inspection, inspect([big], { longLineBytes: 10_240 }))
  assert.ok((await read(spool.chunks())).equals(big))
  const [one, two] = await Promise.all([read(spool.chunks()), read(spool.chunks())])
  assert.ok(one.equals(two))
})

test('an error of the stream passes unchanged, a directory that cannot be used is a failure in plain words', async (t) => {
  const directory = await scratch(t)
  const broken = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('x')
    throw new RangeError('gone')
  }
  await assert.rejects(Spool.write(broken(), { directory, longLineBytes: null }), RangeError)
  assert.deepEqual(await readdir(directory), [])
  const missing = join(directory, 'missing')
  await assert.rejects(Spool.write(heldMessage([big]).chunks(), { directory: missing, longLineBytes: null }), { code: 'bad-input' })
})

test('short messages stay in memory, long ones go to disk', async (t) => {
  const directory = await scratch(t)
  await using short = await collect(heldMessage([Buffer.from('x')]).chunks(), directory)
  await using long = await collect(heldMessage([big.subarray(0, 10), big.subarray(10)]).chunks(), directory)
  assert.deepEqual([short.held?.length, long.held], [1, null])
  assert.ok((await read(long.chunks())).equals(big))
})

test('a large message is repaired on disk, in several steps, and says the same after', async (t) => {
  const directory = await scratch(t)
  const message = heldMessage([Buffer.from('Disposition-Notification-To: a@example.org\r\n'), big, Buffer.alloc(300_000, 'y')])
  await using done = await repair(message, ['long-lines', 'receipt-request'], { uid: 1, internalDate: '', directory })
  assert.deepEqual([done.applied, done.held], [['receipt-request', 'long-lines'], null])
  const bytes = await read(done.chunks())
  assert.equal(bytes.length, done.bytes)
  assert.equal(inspect([bytes], { longLineBytes: 998 }).hasLongLine, false)
  assert.deepEqual(await contentDigest(done.chunks()), await contentDigest(message.chunks()))
})
