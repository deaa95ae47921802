import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QuickClock } from '../lib/quick-clock.fixture.ts'
import { silentLog } from '../lib/log.ts'
import type { Context } from '../lib/context.ts'
import { startSmtpHost, Rejection, type SmtpHostOptions } from '../mail-simulator/smtp-host.ts'
import { deliver } from './deliver.ts'
import { greet } from './greet.ts'
import { sweepRecipients } from './sweep.ts'
import type { SmtpTarget } from './smtp-wire.ts'
import { unmet } from './tls-state.ts'

const KNOWN = ['anna@example.test', 'ben@example.test', 'sales@example.test']

function scene(): Context & { readonly clock: QuickClock } {
  return { clock: new QuickClock(), log: silentLog, signal: new AbortController().signal }
}

async function host(options: Partial<SmtpHostOptions> = {}) {
  const asked: string[] = []
  const smtp = await startSmtpHost({
    name: 'mx.new.test',
    addressOf: () => '198.51.100.7',
    recipient: (address) => {
      asked.push(address)
      if (!KNOWN.includes(address)) throw new Rejection('550 5.4.1 Recipient address rejected: Access denied.')
    },
    message: () => '2.6.0 Queued mail for delivery',
    ...options,
  })
  const target: SmtpTarget = { host: 'mx.new.test', address: '127.0.0.1', port: smtp.port, ca: null }
  return Object.assign(smtp, { target, asked })
}

const letter = (recipient: string) => ({
  sender: 'probe@elsewhere.test',
  recipient,
  messageId: '<1@elsewhere.test>',
  bytes: Buffer.from('Subject: probe\r\n\r\n.a line that begins with a dot\r\n'),
})

test('T39 a recipient that is missing is told with the words of the host, and all others are accepted', async () => {
  await using mx = await host()
  const sweep = await sweepRecipients(mx.target, [...KNOWN, 'Missing@example.test'], scene())
  assert.equal(sweep.mode, 'by-recipient')
  assert.deepEqual(
    sweep.answers.map(({ address, verdict }) => [address, verdict]),
    [...KNOWN.map((address) => [address, 'accepted']), ['missing@example.test', 'refused']],
  )
  assert.match(sweep.answers[3]?.text ?? '', /^550 5\.4\.1 Recipient address rejected/)
  assert.equal(sweep.says, 'mx.new.test takes mail for 3 of 4; 1 refused')
  assert.equal(sweep.tls.used, true)
  assert.match(sweep.tls.doubt ?? '', /certificate/)
})

test('T39 a host that takes every address proves nothing of anybody: the tenant has to be asked', async () => {
  await using mx = await host({ recipient: () => {} })
  const sweep = await sweepRecipients(mx.target, KNOWN, scene())
  assert.equal(sweep.mode, 'takes-all')
  assert.deepEqual(new Set(sweep.answers.map(({ verdict }) => verdict)), new Set(['unknown']))
  assert.match(sweep.says, /ask the tenant who is there/)
})

test('twenty addresses go on one connection, two connections at a time, with pauses', async () => {
  await using mx = await host()
  const ctx = scene()
  const many = Array.from({ length: 70 }, (_, at) => `user${at}@example.test`)
  const sweep = await sweepRecipients(mx.target, many, ctx)
  assert.equal(sweep.answers.filter(({ verdict }) => verdict === 'refused').length, 70)
  assert.equal(sweep.connections, 4)
  assert.ok(ctx.clock.slept.includes(1000))
  assert.equal(mx.asked.length, 71)
})

test('T46 greylisting is waited out: no recipient is missed, and no alarm is raised', async () => {
  const seen = new Set<string>()
  const greylist = (address: string): void => {
    if (seen.has(address)) return
    seen.add(address)
    throw new Rejection('451 4.7.1 Greylisting in action, please come back later')
  }
  await using mx = await host({ recipient: greylist })
  const ctx = scene()
  const delivery = await deliver(mx.target, letter('anna@example.test'), ctx)
  assert.deepEqual([delivery.status, delivery.tries, ctx.clock.slept], ['accepted', 2, [60_000]])
  await using other = await host({
    recipient: (address) => {
      greylist(address)
      if (!KNOWN.includes(address)) throw new Rejection('550 5.4.1 Recipient address rejected: Access denied.')
    },
  })
  const sweep = await sweepRecipients(other.target, KNOWN, ctx)
  assert.deepEqual(new Set(sweep.answers.map(({ verdict }) => verdict)), new Set(['accepted']))
})

test('a host that is busy for longer than the window is put off, not refused', async () => {
  await using mx = await host({
    recipient: () => {
      throw new Rejection('451 4.7.500 Server busy')
    },
  })
  const ctx = scene()
  const sweep = await sweepRecipients(mx.target, KNOWN, ctx, { windowMs: 180_000 })
  assert.deepEqual(new Set(sweep.answers.map(({ verdict }) => verdict)), new Set(['temporary']))
  const delivery = await deliver(mx.target, letter('anna@example.test'), ctx, { windowMs: 180_000 })
  assert.deepEqual([delivery.status, delivery.step, delivery.tries], ['temporary', 'recipient', 4])
})

test('where nobody is reached, or this machine is on a list, nothing is said of the recipients', async () => {
  const ctx = scene()
  const gone = await host()
  await gone[Symbol.asyncDispose]()
  const sweep = await sweepRecipients(gone.target, KNOWN, ctx)
  assert.equal(sweep.mode, 'not-run')
  assert.deepEqual(new Set(sweep.answers.map(({ verdict }) => verdict)), new Set(['unknown']))
  assert.match(sweep.says, /^Not run from here: Nobody answers at mx\.new\.test/)
  assert.equal((await greet(gone.target, ctx)).status, 'not-run')
  await using listed = await host({
    recipient: () => {
      throw new Rejection('550 5.7.1 Service unavailable, Client host [198.51.100.7] blocked using Spamhaus')
    },
  })
  assert.equal((await sweepRecipients(listed.target, KNOWN, ctx)).mode, 'not-run')
  assert.equal((await deliver(listed.target, letter('anna@example.test'), ctx)).status, 'not-run')
})

test('a host that closes to everybody is a failure of the host', async () => {
  await using mx = await host({ greets: () => '554 5.3.2 This host takes no mail any more' })
  const greeted = await greet(mx.target, scene())
  assert.equal(greeted.status, 'failed')
  assert.match(greeted.says, /554 5\.3\.2 This host takes no mail/)
})

test('dots at the beginning of lines come through, and the evidence holds every word but no body and no secret', async () => {
  let bytes: Buffer = Buffer.alloc(0)
  await using mx = await host({
    message: (incoming) => {
      bytes = incoming.bytes
      return 'ok'
    },
  })
  const delivery = await deliver(mx.target, letter('anna@example.test'), scene())
  assert.equal(bytes.toString(), 'Subject: probe\r\n\r\n.a line that begins with a dot\r\n')
  assert.ok(delivery.dialogue.includes('> RCPT TO:<anna@example.test>'))
  assert.ok(!delivery.dialogue.join('\n').includes('a line that'))
})

test('MTA-STS and DANE bind where the domain says so: an untrusted certificate is then no delivery', async () => {
  await using mx = await host()
  const ctx = scene()
  const { tls, status } = await greet(mx.target, ctx)
  assert.equal(status, 'ok')
  const demand = { kind: 'mta-sts', mx: ['*.new.test'] } as const
  assert.equal((await deliver(mx.target, letter('anna@example.test'), ctx, { demand })).status, 'failed')
  assert.match(unmet({ kind: 'mta-sts', mx: ['mx.other.test'] }, 'mx.new.test', tls) ?? '', /does not name/)
  assert.equal(unmet({ kind: 'mta-sts', mx: ['*.new.test'] }, 'mx.new.test', { ...tls, trusted: true }), null)
  assert.match(unmet({ kind: 'mta-sts', mx: ['*.test'] }, 'mx.new.test', { ...tls, trusted: true }) ?? '', /does not name/)
  assert.equal(unmet({ kind: 'dane', tlsa: [`3 1 1 ${tls.certificate?.chain[0]?.keySha256 ?? ''}`] }, 'mx.new.test', tls), null)
  assert.match(unmet({ kind: 'dane', tlsa: ['3 1 1 00'] }, 'mx.new.test', tls) ?? '', /no TLSA record/)
  await using plain = await host({ startTls: false })
  const bare = await greet(plain.target, ctx, { demand: { kind: 'dane', tlsa: ['3 1 1 00'] } })
  assert.deepEqual([bare.status, bare.tls.offered], ['failed', false])
})
