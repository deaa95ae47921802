import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { deliver } from '../../src/mailflow/deliver.ts'
import { greet } from '../../src/mailflow/greet.ts'
import { probeOldHost } from '../../src/mailflow/probe-old-host.ts'
import { sweepRecipients } from '../../src/mailflow/sweep.ts'
import { needs } from '../servers/available.ts'
import { startPostfix } from '../servers/postfix.ts'

test(
  'a real Postfix is greeted, asked for its recipients though it hangs up after some refusals, and given mail',
  { skip: needs('postfix') },
  async () => {
    await using postfix = await startPostfix({
      hostname: 'mx.real.test',
      domain: 'example.test',
      maildirs: { 'anna@example.test': 'anna/', 'ben@example.test': 'ben/' },
      errorLimit: 5,
    })
    const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
    const target = { host: 'localhost', address: postfix.host, port: postfix.port, ca: postfix.ca }
    const greeted = await greet(target, ctx)
    assert.deepEqual([greeted.status, greeted.tls.used, greeted.tls.trusted, greeted.tls.doubt], ['ok', true, true, null])
    assert.equal((await greet({ ...target, ca: null }, ctx)).tls.trusted, false)

    const unknown = Array.from({ length: 12 }, (_, at) => `nobody${at}@example.test`)
    const sweep = await sweepRecipients(target, ['anna@example.test', ...unknown, 'ben@example.test'], ctx, { pauseMs: 1 })
    assert.equal(sweep.mode, 'by-recipient')
    assert.deepEqual(
      sweep.answers.filter(({ verdict }) => verdict === 'accepted').map(({ address }) => address),
      ['anna@example.test', 'ben@example.test'],
    )
    assert.equal(sweep.answers.filter(({ verdict }) => verdict === 'refused').length, 12)

    const bytes = Buffer.from('Subject: probe\r\nMessage-ID: <1@elsewhere.test>\r\n\r\n.dot\r\n..two dots\r\nGr\u00fc\u00dfe\r\n')
    const letter = { sender: 'probe@elsewhere.test', recipient: 'anna@example.test', messageId: '<1@elsewhere.test>', bytes }
    const delivery = await deliver(target, letter, ctx)
    assert.equal(delivery.status, 'accepted', delivery.dialogue.join('\n'))
    while ((await postfix.queued()) > 0) await systemClock.sleep(10)
    const [file = ''] = globSync('anna/new/*', { cwd: postfix.base })
    const message = await readFile(join(postfix.base, file), 'latin1')
    assert.match(Buffer.from(message, 'latin1').toString(), /\r?\n\.dot\r?\n\.\.two dots\r?\nGrüße\r?\n$/, await postfix.output())
    assert.equal((await deliver(target, { ...letter, recipient: 'x@elsewhere.test' }, ctx)).status, 'refused')
    assert.equal((await probeOldHost(target, 'ben@example.test', ctx)).answers, 'accepts')
    assert.equal((await probeOldHost(target, 'nobody@example.test', ctx)).answers, 'refuses')
  },
)
