import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VIRUS_MARKER } from './faults.ts'
import { openExchange, openSource } from './raw-client.fixture.ts'
import { startSimulator, type Simulator } from './simulator.ts'

const BODY = 'Subject: x\r\n\r\nhello\r\n'

function append(body = BODY): string {
  return `APPEND INBOX {${body.length}+}\r\n${body}`
}

function stored(simulator: Simulator, address: string): number {
  return simulator.exchangeStore(address).folder('INBOX')?.messages.length ?? -1
}

test('throttled@: every seventh APPEND is put off, as NO and as BAD in turn, and not stored', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  await using client = await openExchange(simulator, 'throttled@example.test')
  const replies: string[] = []
  for (let i = 0; i < 14; i++) replies.push(await client.ask(append()))
  assert.equal(replies[6], 'A NO Request is throttled. Suggested Backoff Time: 30 milliseconds\r\n')
  assert.equal(replies[13], 'A BAD Request is throttled. Suggested Backoff Time: 30 milliseconds\r\n')
  assert.equal(stored(simulator, 'throttled@example.test'), 12)
})

test('badpassword@ is refused by the old server', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  await using source = await openSource(simulator, 'badpassword@old.example.test')
  assert.match(await source.ask('NAMESPACE'), /^A BAD /)
})

test('drops-at-N@ cuts the connection in the middle of the message after the N-th', async () => {
  await using simulator = await startSimulator({ mailboxes: 0, messages: 60 })
  await using client = await openSource(simulator, 'drops-at-5@old.example.test')
  await client.ask('EXAMINE INBOX')
  client.send('A UID FETCH 1:* (BODY.PEEK[])\r\n')
  const seen = await client.rest()
  assert.equal(seen.match(/^\* \d+ FETCH/gm)?.length, 6)
  assert.doesNotMatch(seen, /^A OK/m)
})

test('drops-after-literal@ stores the 25th message and never says so', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  await using client = await openExchange(simulator, 'drops-after-literal@example.test')
  for (let i = 0; i < 24; i++) assert.match(await client.ask(append()), /^A OK/)
  client.send(`A ${append()}\r\n`)
  assert.equal(await client.rest(), '')
  assert.equal(stored(simulator, 'drops-after-literal@example.test'), 25)
})

test('what is pipelined behind a dropped APPEND is not stored', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  await using client = await openExchange(simulator, 'drops-at-50@example.test')
  client.send(`A ${append()}\r\n`.repeat(80))
  assert.equal((await client.rest()).match(/^A OK/gm)?.length, 50)
  assert.equal(stored(simulator, 'drops-at-50@example.test'), 50)
})

test('drops-mid-literal@ cuts inside the 25th message and stores nothing of it', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  await using client = await openExchange(simulator, 'drops-mid-literal@example.test')
  for (let i = 0; i < 24; i++) assert.match(await client.ask(append()), /^A OK/)
  client.send(`A ${append()}\r\n`)
  assert.equal(await client.rest(), '')
  assert.equal(stored(simulator, 'drops-mid-literal@example.test'), 24)
})

test('uidvalidity-moves@ has another UIDVALIDITY on each connection', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const values = new Set<string>()
  for (let i = 0; i < 3; i++) {
    await using client = await openSource(simulator, 'uidvalidity-moves@old.example.test')
    values.add(/UIDVALIDITY (\d+)/.exec(await client.ask('EXAMINE INBOX'))?.[1] ?? '')
  }
  assert.equal(values.size, 3)
})

test('late-permission@ is connected from the fourth login on, denied@ never', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const replies: string[] = []
  for (let i = 0; i < 4; i++) {
    await using client = await openExchange(simulator, 'late-permission@example.test')
    replies.push(await client.ask('SELECT INBOX'))
  }
  assert.deepEqual(
    replies.map((reply) => reply.startsWith('A BAD User is authenticated but not connected.')),
    [true, true, true, false],
  )
  await using client = await openExchange(simulator, 'denied@example.test')
  assert.match(await client.ask('SELECT INBOX'), /not connected/)
})

test('full@, tiny-limit@, virus@ and no-appenduid@ answer as their names say', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  const ask = async (local: string, body: string): Promise<string> => {
    await using client = await openExchange(simulator, `${local}@example.test`)
    return await client.ask(append(body))
  }
  assert.equal(await ask('full', BODY), 'A NO Server Unavailable. 15\r\n')
  assert.match(await ask('tiny-limit', 'x\r\n'.repeat(7000)), /^A NO Maximum size/)
  assert.match(await ask('tiny-limit', BODY), /^A OK/)
  assert.match(await ask('virus', `${BODY}${VIRUS_MARKER}\r\n`), /^A NO /)
  assert.match(await ask('virus', BODY), /^A OK/)
  assert.equal(await ask('no-appenduid', BODY), 'A OK APPEND completed.\r\n')
})

test('expires@ loses its token after forty commands', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  await using client = await openExchange(simulator, 'expires@example.test')
  for (let i = 0; i < 40; i++) assert.match(await client.ask('NOOP'), /^A OK/)
  client.send('A NOOP\r\n')
  assert.equal(await client.rest(), '* BYE Session invalidated - AccessTokenExpired\r\n')
})

test('a test may cut a connection after any byte, in either direction, once', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  simulator.faults.set('anna@example.test', { cutAfterBytesOut: 10, once: true })
  await using first = await openExchange(simulator, 'anna@example.test')
  first.send('A NOOP\r\n')
  // Counted from the first byte of the reply to the sign-in.
  assert.equal(await first.rest(), 'A OK AUTHE')
  await using second = await openExchange(simulator, 'anna@example.test')
  assert.match(await second.ask('NOOP'), /^A OK/)
  simulator.faults.set('anna@example.test', { cutAfterBytesIn: 100, once: true })
  await using third = await openExchange(simulator, 'anna@example.test')
  third.send(`A ${append('x'.repeat(500))}\r\n`)
  assert.equal(await third.rest(), '')
  assert.equal(stored(simulator, 'anna@example.test'), 0)
})

test('the k-th APPEND loses its reply when a test says so', async () => {
  await using simulator = await startSimulator({ mailboxes: 1 })
  simulator.faults.set('anna@example.test', { dropsAfterCommitAt: 2 })
  await using client = await openExchange(simulator, 'anna@example.test')
  assert.match(await client.ask(append()), /^A OK/)
  client.send(`A ${append()}\r\n`)
  assert.equal(await client.rest(), '')
  await using again = await openExchange(simulator, 'anna@example.test')
  assert.match(await again.ask(append()), /^A OK \[APPENDUID 13 3\]/)
})

test('unavailable@: a line with neither tag nor star, then the end', async () => {
  await using simulator = await startSimulator({ mailboxes: 0 })
  await using client = await openExchange(simulator, 'unavailable@example.test')
  for (let i = 0; i < 29; i++) assert.match(await client.ask('NOOP'), /^A OK/)
  client.send('A NOOP\r\n')
  assert.equal(await client.rest(), 'Server Unavailable. 15\r\n')
})

test('a budget that is used up puts APPENDs off until half of the burst is there again, and ten such answers end the session', async () => {
  const clock = { ms: 1_000_000 }
  await using simulator = await startSimulator({ mailboxes: 1, now: () => clock.ms })
  const target = simulator.accounts[0]?.target ?? ''
  simulator.faults.set(target, { budget: { bytesPerSecond: 10, burstBytes: BODY.length * 2 } })
  await using client = await openExchange(simulator, target)
  for (let i = 0; i < 2; i++) assert.match(await client.ask(append()), /^A OK/)
  const waitMs = (BODY.length / 10) * 1000
  assert.equal(await client.ask(append()), `A NO Request is throttled. Suggested Backoff Time: ${waitMs} milliseconds\r\n`)
  clock.ms += waitMs
  assert.match(await client.ask(append()), /^A OK/)
  for (let i = 0; i < 8; i++) assert.match(await client.ask(append()), /^A NO Request is throttled/)
  assert.match(await client.ask(append()), /^A NO Request is throttled/)
  assert.match(await client.rest(), /\* BYE Connection closed\. 14/)
  assert.equal(stored(simulator, target), 3)
})
